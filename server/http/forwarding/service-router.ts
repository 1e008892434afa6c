import type { NodeRegistration } from '../../cluster/index.ts';
import type { Configuration, ConfigurationSnapshot, NodeGroup } from '../../configuration/index.ts';

export interface ServiceRouterProps {
  readonly configuration: Configuration;
  /** Group of this node; empty for nodes that run every service that no group runs. */
  readonly ownGroup: string;
  /** The nodes of the cluster as last read. */
  nodes(): readonly NodeRegistration[];
}

/** Which services other nodes run, by the node groups of the configuration. */
export class ServiceRouter {
  readonly #props: ServiceRouterProps;
  #groupOf: ReadonlyMap<string, string> = new Map();
  readonly #stopWatching: () => void;
  #turn = 0;

  constructor(props: ServiceRouterProps) {
    this.#props = props;
    this.#follow(props.configuration.snapshot());
    this.#stopWatching = props.configuration.onChange((snapshot) => this.#follow(snapshot));
  }

  /** The group that runs a service, `''` for the nodes without group; undefined when this node runs it itself. */
  groupElsewhere(service: string): string | undefined {
    const { ownGroup } = this.#props;
    if (this.#groupOf.size === 0 && ownGroup === '') return undefined;
    const group = this.#groupOf.get(service) ?? '';
    return group === ownGroup ? undefined : group;
  }

  /** Addresses of the nodes of a group, each call beginning with the next one. */
  addressesOf(group: string): readonly string[] {
    const nodes = this.#props.nodes().filter((node) => node.group === group);
    const first = nodes.length === 0 ? 0 : this.#turn++ % nodes.length;
    return [...nodes.slice(first), ...nodes.slice(0, first)].map(({ address }) => address);
  }

  close(): void {
    this.#stopWatching();
  }

  #follow(snapshot: ConfigurationSnapshot): void {
    const groupOf = new Map<string, string>();
    for (const { name, value } of snapshot.list<NodeGroup>('node-group')) {
      for (const service of value.services) if (!groupOf.has(service)) groupOf.set(service, name);
    }
    this.#groupOf = groupOf;
  }
}
