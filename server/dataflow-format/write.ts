import { parseDataflow } from '../dataflow/index.ts';
import { type ExportAuthor, FileWriter } from './file-writer.ts';
import { type Outline, readOutline } from './outline.ts';
import { type FileDocument, type KnownTypes, readDataflowFile } from './read.ts';
import { canonical, isPlain } from './stage-format.ts';
import { escapeXml } from './xml.ts';

/**
 * Writes a dataflow as a `.df` file. One that was imported and has not changed comes back to the letter but for that
 * comment and its name; of one that has changed, the stages that have not. What the format cannot say of the others
 * stands in it as this server's JSON, and is read again by this server alone.
 */
export function writeDataflowFile(name: string, value: unknown, author: ExportAuthor, known: KnownTypes): string {
  const document = value as FileDocument;
  const { source } = document;
  const outline = isPlain(source) && typeof source.text === 'string' ? readOutline(source.text) : undefined;
  const comment = `<!--Exported ${formatDate(author.at)} by ${plain(author.user)} from ${plain(author.host)}-->`;
  const earlier = outline && readDataflowFile(outline.text, known).document;
  if (outline !== undefined && isSame(earlier, document)) return comment + renamed(outline, name);
  return comment + new FileWriter({ name, document, author, outline, earlier, known }).write();
}

/** Two hyphens would end the comment. */
function plain(text: string): string {
  return text.replace(/[^\w. @-]/g, '_').replace(/-{2,}/g, '-');
}

/** As Java writes a date: `Sun Sep 29 12:20:46 UTC 2019`. */
function formatDate(at: Date): string {
  const [, day = '', date = '', month = '', year = '', time = ''] =
    /^(\w+), (\d+) (\w+) (\d+) ([\d:]+)/.exec(at.toUTCString()) ?? [];
  return `${day} ${month} ${date} ${time} UTC ${year}`;
}

function renamed({ text, root, flow }: Outline, name: string): string {
  const body = text.slice(root.start);
  if (flow.attributes.id === name) return body;
  const from = flow.start - root.start;
  const tag = body.slice(from, body.indexOf('>', from));
  return (
    body.slice(0, from) + tag.replace(/\sid="[^"]*"/, () => ` id="${escapeXml(name)}"`) + body.slice(from + tag.length)
  );
}

/** Whether two documents say the same, defaults filled in, their files aside. */
function isSame(left: FileDocument | undefined, right: FileDocument): boolean {
  return left !== undefined && canonical(complete(left)) === canonical(complete(right));
}

function complete({ source: _, ...document }: FileDocument): unknown {
  return parseDataflow(document).document ?? document;
}
