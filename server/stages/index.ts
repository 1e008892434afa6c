export { stageTypes } from './registry.ts';
