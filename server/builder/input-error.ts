/** The input cannot be used, and another try with it ends the same way. */
export class InputError extends Error {
  override readonly name = 'InputError';
}
