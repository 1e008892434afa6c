const idempotentMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Services are pure functions of their input, so a POST to them may run twice; management calls may not. */
const pureCalls = /^\/(rest|soap)(\/|\?|$)/;

/** True when the request may be sent to another node although the first may have begun to work on it. */
export function isRepeatable(method: string, path: string): boolean {
  return idempotentMethods.has(method) || (method === 'POST' && pureCalls.test(path));
}
