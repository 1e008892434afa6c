export { ExposedDataflows } from './exposed.ts';
export type { StageLoan } from './service.ts';
