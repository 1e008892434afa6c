import type { RunReport } from '../../../contract/runs.ts';

const style = `body{font:14px/1.4 system-ui,sans-serif;margin:2rem;color:#111}h1{font-size:1.4rem}h2{font-size:1.1rem}
table{border-collapse:collapse;margin:.5rem 0}th,td{border:1px solid #bbb;padding:.25rem .5rem;text-align:left}
td.number{text-align:right;font-variant-numeric:tabular-nums}`;

/** What a browser that shows the page may load: nothing. */
export const reportPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'";

/** The report as a page of its own. */
export function formatRunReport(report: RunReport): string {
  const { run, options, files, databases } = report;
  const title = escapeHtml(`${run.dataflow}: ${run.state}`);
  const parts = [
    `<h1>${title}</h1>`,
    table(['', ''], facts(report)),
    '<h2>Stages</h2>',
    table(
      ['Stage', 'Type', 'Records read', 'Records written', 'Malformed records', 'Time at work (ms)'],
      run.stages.map(({ label, type, recordsRead, recordsWritten, malformedRecords, busyMs }) => {
        const written = Object.entries(recordsWritten).map(([port, count]) => `${port}: ${count}`);
        return [label, type, recordsRead, written.join(', '), malformedRecords, busyMs];
      }),
    ),
    ...section(
      'Files',
      ['Stage', 'Type', 'File'],
      files.map(({ label, type, file }) => [label, type, file]),
    ),
    ...section(
      'Options',
      ['Option', 'Value'],
      Object.entries(options).map(([name, value]) => [name, toText(value)]),
    ),
    ...section('Databases', ['Database resource', 'Database and vintage'], Object.entries(databases)),
  ];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${title}</title><style>${style}</style></head>
<body>
${parts.join('\n')}
</body></html>
`;
}

type Cell = string | number;

function facts({ run, durationMs, recordsRead, recordsWritten, malformedRecords }: RunReport): Cell[][] {
  return [
    ['Run', run.id],
    ['Dataflow', `${run.dataflow}, version ${run.version}`],
    ['State', run.state],
    ...(run.error === undefined ? [] : [['Error', run.error]]),
    ['Submitted', `${run.submittedAt} by ${run.submittedBy}`],
    ...(run.startedAt === undefined ? [] : [['Started', run.startedAt]]),
    ...(run.endedAt === undefined ? [] : [['Ended', run.endedAt]]),
    ...(durationMs === undefined ? [] : [['Duration (ms)', durationMs]]),
    ['Node', `${run.owner ?? 'none yet'}${run.epoch > 1 ? `, owner number ${run.epoch}` : ''}`],
    ['Records read', recordsRead],
    ['Records written', recordsWritten],
    ['Malformed records', malformedRecords],
  ];
}

function section(title: string, head: readonly string[], rows: readonly (readonly Cell[])[]): string[] {
  return rows.length === 0 ? [] : [`<h2>${escapeHtml(title)}</h2>`, table(head, rows)];
}

function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const isNamed = head.some((name) => name !== '');
  const titles = head.map((name) => `<th scope="col">${escapeHtml(name)}</th>`).join('');
  const lines = rows.map((cells) => `<tr>${cells.map(formatCell).join('')}</tr>`);
  return ['<table>', ...(isNamed ? [`<tr>${titles}</tr>`] : []), ...lines, '</table>'].join('\n');
}

function formatCell(cell: Cell): string {
  return typeof cell === 'number' ? `<td class="number">${cell}</td>` : `<td>${escapeHtml(cell)}</td>`;
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  // Control characters have no place in HTML, not even escaped; a record may bring some into an error.
  return text.replace(/[&<>"']/g, (sign) => entities[sign] ?? '').replace(/[^\P{Cc}\t\n\r]/gu, '\ufffd');
}
