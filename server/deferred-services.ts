import type { Configuration } from './configuration/index.ts';
import type { ExposedServices } from './http/index.ts';
import type { NodeServicesProps } from './node-services.ts';

export interface DeferredServices extends ExposedServices {
  /** Makes ready what is exposed now and whenever that changes, so that no caller waits for it. */
  start(): Promise<void>;
  close(): void;
}

interface Exposable {
  readonly exposedVersion?: number;
}

/** The services made of dataflows, their program read when one is exposed and asked for, or when the node answers. */
export function deferServices(
  props: Omit<NodeServicesProps, 'configuration'> & { readonly configuration: Configuration },
): DeferredServices {
  const { configuration } = props;
  let loading: Promise<ExposedServices> | undefined;
  let loaded: ExposedServices | undefined;
  const load = () => {
    loading ??= import('./node-services.ts').then(({ createNodeServices }) => {
      loaded = createNodeServices(props);
      return loaded;
    });
    return loading;
  };
  const exposesAny = () =>
    configuration
      .snapshot()
      .list<Exposable>('dataflow')
      .some(({ value }) => value.exposedVersion !== undefined);
  const prepare = async () => {
    if (exposesAny()) await (await load()).list();
  };
  let stopWatching = () => {};
  return {
    find(name) {
      if (configuration.snapshot().find<Exposable>('dataflow', name)?.value.exposedVersion === undefined)
        return undefined;
      return loaded === undefined ? load().then((services) => services.find(name)) : loaded.find(name);
    },
    list() {
      if (!exposesAny()) return [];
      return loaded === undefined ? load().then((services) => services.list()) : loaded.list();
    },
    check: async (name, document, flows) => (await load()).check(name, document, flows),
    create: async (name, document) => (await load()).create(name, document),
    stages: async () => (await load()).stages(),
    readFile: async (text) => (await load()).readFile(text),
    writeFile: async (name, document, user) => (await load()).writeFile(name, document, user),
    async start() {
      stopWatching = configuration.onChange(() => setImmediate(() => void prepare()));
      await prepare();
    },
    close: () => stopWatching(),
  };
}
