export { openBucket } from './bucket.ts';
export { formatLocation, type Location, locationIn, parseLocation, splitLocation } from './location.ts';
export { openObjectStore } from './open.ts';
export { readPieces, readText } from './reading.ts';
export type { ObjectStore } from './store.ts';
