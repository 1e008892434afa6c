/** What a call through the public address came to. */
export interface CanaryResult {
  readonly succeeded: boolean;
  readonly answerMs: number;
  /** Why it failed; empty when it did not. */
  readonly problem: string;
}

const timeoutMs = 10_000;
const query = new URLSearchParams({
  'Data.AddressLine1': '1600 Pennsylvania Ave NW',
  'Data.City': 'Washington',
  'Data.StateProvince': 'DC',
  'Data.PostalCode': '20500',
});

/** Validates one address as any client would; a row that is answered counts, whatever the address database holds. */
export async function callService(url: string, user: string, password: string): Promise<CanaryResult> {
  const startedMs = performance.now();
  const end = (problem: string) => ({ succeeded: problem === '', answerMs: performance.now() - startedMs, problem });
  try {
    const response = await fetch(`${url}/rest/ValidateAddress/results.json?${query}`, {
      headers: { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` },
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await response.text();
    if (response.status !== 200) return end(`status ${response.status}: ${text.slice(0, 200)}`);
    return end(hasOneRow(text) ? '' : `not a row of ValidateAddress: ${text.slice(0, 200)}`);
  } catch (error) {
    return end(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  }
}

function hasOneRow(text: string): boolean {
  try {
    const answer = JSON.parse(text) as { readonly output_port?: readonly unknown[] };
    return Array.isArray(answer.output_port) && answer.output_port.length === 1;
  } catch {
    return false;
  }
}
