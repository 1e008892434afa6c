export { readDataflowFile } from './read.ts';
export { writeDataflowFile } from './write.ts';
