import { fork } from 'node:child_process';
import { exitCodes } from '../../contract/exit-codes.ts';

/**
 * Runs the builder with these words; `onLine` gets each line that it prints. What it complains of goes to the user under
 * the command's name. A Ctrl-C reaches it too; when this process is gone it ends. Resolves with its exit code.
 */
export function runBuilder(script: string, words: readonly string[], onLine: (line: string) => void): Promise<number> {
  const child = fork(script, [...words], { execArgv: [], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  eachLine(child.stdout, onLine);
  eachLine(child.stderr, (line) => process.stderr.write(`${line.replace(/^builder: /, 'spectrum: ')}\n`));
  return new Promise((resolve) => {
    child.once('close', (code) => resolve(code ?? exitCodes.internal.code));
  });
}

function eachLine(stream: NodeJS.ReadableStream | null, onLine: (line: string) => void): void {
  let rest = '';
  stream?.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString('utf8')).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
  stream?.on('end', () => {
    if (rest !== '') onLine(rest);
  });
}
