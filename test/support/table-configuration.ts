import type { ConfigurationWrite } from '../../server/configuration/model.ts';

/** A write that every schema accepts: a setting with any value. */
export function settingWrite(
  name: string,
  value: unknown,
  change: Partial<ConfigurationWrite> = {},
): ConfigurationWrite {
  return { kind: 'setting', name, operation: 'put', value: { value }, by: 'tester', expected: 'absent', ...change };
}

export const passwordHash = 'scrypt$16384$8$5$c2FsdA$aGFzaA';

/** Polls a condition, in real time, with a bound. */
export async function eventually(check: () => boolean, boundMs = 5_000): Promise<void> {
  const endMs = performance.now() + boundMs;
  while (!check()) {
    if (performance.now() > endMs) throw new Error(`not so within ${boundMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
