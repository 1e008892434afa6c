export { Readiness } from './readiness.ts';
