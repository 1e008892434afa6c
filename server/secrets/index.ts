export { openFileSecrets } from './file-secrets.ts';
export { openSecrets } from './secrets.ts';
