/** Asks a table server for its tables, which makes it open its store; throws when it does not answer. */
export async function probeTableServer(port: number): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${port}/`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'DynamoDB_20120810.ListTables',
      'x-amz-date': '20260101T000000Z',
      authorization: 'AWS4-HMAC-SHA256 Credential=local, SignedHeaders=host, Signature=none',
    },
    body: '{}',
  });
  if (!answer.ok) throw new Error(`The table server answered ${answer.status}: ${await answer.text()}`);
}

/** Whether an error of the store, or one below it, says that the disk is full. */
export function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return /ENOSPC|no space left/i.test(error.message) || isDiskFull(error.cause);
}
