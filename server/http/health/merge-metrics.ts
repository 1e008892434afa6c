/**
 * One page out of those of several processes: each sample gets the label `worker`, and the samples of a metric stay
 * together behind its one description, as the exposition format of Prometheus wants it.
 */
export function mergeMetrics(pages: ReadonlyMap<number, string>): string {
  const families = new Map<string, { readonly head: Set<string>; readonly samples: string[] }>();
  for (const [worker, page] of pages) {
    let family = familyOf(families, '');
    for (const line of page.split('\n')) {
      if (line === '') continue;
      const described = /^# (?:HELP|TYPE) (\S+)/.exec(line)?.[1];
      if (described === undefined) family.samples.push(addLabel(line, worker));
      else {
        family = familyOf(families, described);
        family.head.add(line);
      }
    }
  }
  const lines = [...families.values()].flatMap(({ head, samples }) => [...head, ...samples]);
  return `${lines.join('\n')}\n`;
}

function familyOf(families: Map<string, { readonly head: Set<string>; readonly samples: string[] }>, name: string) {
  const family = families.get(name) ?? { head: new Set<string>(), samples: [] };
  families.set(name, family);
  return family;
}

function addLabel(sample: string, worker: number): string {
  const label = `worker="${worker}"`;
  if (/^[^\s{]+\{/.test(sample)) return sample.replace('{', `{${label},`);
  return sample.replace(/^\S+/, (name) => `${name}{${label}}`);
}
