import { isAbsolute, relative, sep } from 'node:path';

/** Whether a path leads below a folder; links are the caller's to follow. */
export function isBelow(folder: string, path: string): boolean {
  const rest = relative(folder, path);
  return rest !== '' && rest !== '..' && !rest.startsWith(`..${sep}`) && !isAbsolute(rest);
}
