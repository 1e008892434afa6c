/**
 * How a command ends, `spectrum` or a role of the image, for scripts and state machines; `docs/operations-local.md`
 * shows the same table.
 */
export const exitCodes = {
  success: { code: 0, meaning: 'done, or stopped in order by Ctrl-C or SIGTERM' },
  internal: { code: 1, meaning: 'a fault of the program itself' },
  usage: { code: 2, meaning: 'unknown command, unknown flag or a value that is not allowed' },
  nodeTooOld: { code: 20, meaning: 'this Node.js is older than the program needs' },
  dependenciesMissing: { code: 21, meaning: 'the packages are not installed' },
  sourcesBroken: { code: 22, meaning: 'the sources cannot be bundled' },
  portInUse: { code: 30, meaning: 'another program listens on the port, or the address cannot be used' },
  folderUnwritable: { code: 31, meaning: 'the data folder cannot be created or written' },
  diskFull: { code: 32, meaning: 'no room left on the disk of the data folder' },
  folderInUse: { code: 33, meaning: 'another start owns the data folder' },
  folderNewer: { code: 34, meaning: 'a newer version wrote the data folder' },
  folderDamaged: { code: 35, meaning: 'a file of the data folder is damaged' },
  childFailed: { code: 36, meaning: 'a process of the cluster does not start' },
  starterFailed: { code: 37, meaning: 'the starter database cannot be built' },
  dataRefused: {
    code: 38,
    meaning: 'a database cannot be built, verified, published or retired; the sentence says why',
  },
  inputRefused: { code: 40, meaning: 'the input is not what it must be, or other content is there already' },
  userUnchanged: { code: 39, meaning: 'a user could not be unlocked or given a password' },
  configurationRefused: { code: 41, meaning: 'the configuration cannot be read or changed so; the sentence says why' },
  jobRefused: { code: 42, meaning: 'a job or dataflow cannot be run, saved or found; the sentence says why' },
  runFailed: { code: 43, meaning: 'the run that was waited for has failed or was cancelled' },
  secretRefused: { code: 44, meaning: 'a secret could not be kept or read' },
  forced: { code: 130, meaning: 'a second Ctrl-C ended everything at once' },
  terminated: { code: 143, meaning: 'a load or job ended by SIGTERM; its work is as if never started' },
} as const satisfies Record<string, { readonly code: number; readonly meaning: string }>;

export type ExitName = keyof typeof exitCodes;
