export { type KnownTypes, type ReadDataflow, readDataflowFile } from './read.ts';
export { writeDataflowFile } from './write.ts';
