declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** The part of dynalite's options that is used here; times are milliseconds. */
  interface DynaliteOptions {
    /** Folder of the store; in memory when undefined. */
    readonly path?: string | undefined;
    readonly createTableMs?: number;
    readonly deleteTableMs?: number;
    readonly updateTableMs?: number;
  }

  function dynalite(options?: DynaliteOptions): Server;
  // biome-ignore lint/style/noDefaultExport: the package exports by module.exports
  export default dynalite;
}
