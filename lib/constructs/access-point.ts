import { AccessPoint, type IFileSystem } from 'aws-cdk-lib/aws-efs';
import type { Construct } from 'constructs';
import { containerUsers } from '../../contract/container.ts';

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
