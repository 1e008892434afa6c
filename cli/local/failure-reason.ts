/** The sentence in which a child said why it ended, from its last output: its last error record, else its last line. */
export function findFailureReason(tail: string): string | undefined {
  const lines = tail
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const records = lines.map(parseRecord).filter((record) => record !== undefined);
  const severe = records.findLast(({ level }) => level >= errorLevel);
  const plain = lines.filter((line) => parseRecord(line) === undefined && !isStackFrame(line) && !isRuntimeLine(line));
  const thrown = plain.findLast((line) => /^\w*Error\b.*: /.test(line));
  return severe?.sentence ?? thrown ?? plain.at(-1);
}

/** True when the output says that the disk is full, in the words of Node.js, of libuv or of LevelDB. */
export function saysDiskFull(tail: string): boolean {
  return /ENOSPC|EDQUOT|no space left on device|disk quota exceeded/i.test(tail);
}

/** Levels of the log records of a node: 50 is error, 60 is fatal. */
const errorLevel = 50;

interface LogRecord {
  readonly level: number;
  readonly sentence: string;
}

function parseRecord(line: string): LogRecord | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const record = JSON.parse(line) as { level?: unknown; msg?: unknown; err?: { message?: unknown } };
    const sentence = record.err?.message ?? record.msg;
    return { level: Number(record.level ?? 0), sentence: String(sentence) };
  } catch {
    return undefined;
  }
}

function isStackFrame(line: string): boolean {
  return /^at /.test(line) || /^[\^}\]]/.test(line) || /^\S+\.c?js:\d+$/.test(line);
}

function isRuntimeLine(line: string): boolean {
  return /^Node\.js v\d/.test(line) || /^\(Use `node /.test(line) || /^\(node:\d+\)/.test(line);
}
