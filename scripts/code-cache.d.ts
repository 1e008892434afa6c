export declare function writeCodeCache(
  folder: string,
  run?: (target: string, folder: string, work: string) => Promise<unknown>,
): Promise<void>;
