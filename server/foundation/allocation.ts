import { setFlagsFromString } from 'node:v8';

/**
 * Has V8 make all objects in the young generation. It otherwise learns from the first batches, which outlive a young
 * generation that is still small, that rows are long-lived, and makes them in the old one for good: every collection
 * then costs a multiple. Best called before anything is compiled, as compiled code is only good for the flags it was
 * made under.
 */
export function allocateYoung(): void {
  setFlagsFromString('--no-allocation-site-pretenuring');
}
