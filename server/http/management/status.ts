import { type ClusterView, managementPaths, type NodeSummary, type NodeView } from '../../../contract/management.ts';
import { permissions, securedEntityTypes } from '../../../contract/permissions.ts';
import type { NodeRegistration } from '../../cluster/index.ts';
import { supportedFormat } from '../../configuration/index.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import { toJsonSchema } from '../../foundation/json-schema.ts';
import type { Route } from '../route.ts';
import type { Right } from '../security/permissions.ts';
import { type DeskProps, type Handle, ManagementDesk } from './desk.ts';
import { managedResources } from './resources.ts';

export interface StatusProps extends DeskProps {
  node(): NodeSummary;
  /** The nodes of the cluster that live, as the runtime table has them; throws `TableError` when it is away. */
  listNodes(): Promise<readonly NodeRegistration[]>;
}

const view: Right = { entityType: 'Platform', permission: 'view' };

/** URLs about the cluster and what it can hold. */
export function statusRoutes(props: StatusProps): readonly Route[] {
  const desk = new ManagementDesk(props);
  const get = (path: string, handle: Handle): Route => ({ method: 'GET', path, handler: desk.guarded(view, handle) });
  return [
    get(managementPaths.summary, ({ reply }) => desk.send(reply, summarize(props.node()))),
    get(managementPaths.node, ({ reply }) => desk.send(reply, props.node())),
    get(managementPaths.nodes, async ({ reply }) => desk.send(reply, { items: await listNodes(props) })),
    get(managementPaths.cluster, async ({ reply }) => desk.send(reply, await describeCluster(props))),
    get(managementPaths.kinds, ({ reply }) =>
      desk.send(reply, { items: managedResources.map(describeKind), permissions, securedEntityTypes }),
    ),
  ];
}

function summarize({ name, cluster, version }: NodeSummary) {
  const { summary: _, configurationImport: _write, ...others } = managementPaths;
  const collections = managedResources.map(({ path }) => path);
  return { cluster, node: name, version, paths: [...new Set([...Object.values(others), ...collections])].sort() };
}

async function listNodes({ configuration, listNodes: ask }: StatusProps): Promise<readonly NodeView[]> {
  const { epoch, revision } = configuration.snapshot();
  const nodes = await ask().catch((error: unknown) => {
    throw new SpectrumError(
      'CONFIGURATION_UNAVAILABLE',
      'The list of nodes cannot be read now; the runtime table does not answer',
      {},
      { cause: error },
    );
  });
  return nodes.map(({ format: _, ...node }) => {
    const [ownEpoch, ownRevision] = node.revision.split('.').map(Number);
    const lag = ownEpoch === epoch ? Math.max(0, revision - Number(ownRevision)) : revision;
    return { ...node, lag };
  });
}

async function describeCluster(props: StatusProps): Promise<ClusterView> {
  const { state, epoch, revision, ageMs, home, digest } = props.configuration.status();
  const nodes = await listNodes(props);
  const { cluster, name } = props.node();
  return {
    cluster,
    node: name,
    state,
    revision: `${epoch}.${revision}`,
    ageMs: Math.round(ageMs),
    ...(home !== undefined && { home }),
    digest,
    format: supportedFormat,
    nodes: nodes.length,
    largestLag: Math.max(0, ...nodes.map(({ lag }) => lag)),
    versions: [...new Set(nodes.map(({ version }) => version))].sort(),
  };
}

function describeKind({ kind, path, definition }: (typeof managedResources)[number]) {
  const { description, entityType, writtenBy, nameAllowed, schema } = definition;
  return { kind, path, description, entityType, writtenBy, nameAllowed, schema: toJsonSchema(schema) };
}
