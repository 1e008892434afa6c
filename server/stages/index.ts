export { cachePath } from './caches.ts';
export { stageTypes } from './registry.ts';
