import { AccessPoint, type IFileSystem } from 'aws-cdk-lib/aws-efs';
import type { Construct } from 'constructs';
import { containerUsers } from '../../contract/container.ts';

/** A way into the job files of one cluster, as its nodes' user; the folder is theirs, and other clusters see none of it. */
export function createJobFilesAccessPoint(scope: Construct, fileSystem: IFileSystem, cluster: string): AccessPoint {
  const node = String(containerUsers.node);
  return new AccessPoint(scope, 'JobFiles', {
    fileSystem,
    path: `/${cluster}`,
    posixUser: { uid: node, gid: node },
    createAcl: { ownerUid: node, ownerGid: node, permissions: '0750' },
  });
}

/** A way into the reference data as one POSIX user; the folder belongs to the loader, whoever mounts it first. */
export function createAccessPoint(scope: Construct, fileSystem: IFileSystem, user: number): AccessPoint {
  const owner = String(containerUsers.loader);
  return new AccessPoint(scope, 'AccessPoint', {
    fileSystem,
    path: '/databases',
    posixUser: { uid: String(user), gid: String(user) },
    createAcl: { ownerUid: owner, ownerGid: owner, permissions: '0755' },
  });
}
