import type { ServiceDefinition } from '../../services/index.ts';
import { escapeXml } from './xml-answer.ts';

/** What a listing of services says, and where the description of each is. */
export interface ListingContent {
  readonly title: string;
  readonly introduction: string;
  pathOf(service: string): string;
}

/** The page of `/rest`. */
export function formatListing(services: readonly ServiceDefinition[], origin: string): string {
  const offered = services.filter(({ interfaces }) => interfaces?.includes('rest') !== false);
  return formatDescriptions(offered, origin, {
    title: 'REST services',
    introduction:
      'Each service answers GET and POST at results.json and results.xml. Its description in WADL is behind the link.',
    pathOf: (name) => `/rest/${name}?_wadl`,
  });
}

/**
 * A page of services. Clients read it as XML: every service is an `<a>` whose text is the absolute URL of its
 * description (rest-soap-conventions section 7, points 1 and 2).
 */
export function formatDescriptions(
  services: readonly ServiceDefinition[],
  origin: string,
  { title, introduction, pathOf }: ListingContent,
): string {
  const modules = [...new Set(services.map(({ module }) => module))];
  const sections = modules.map((module) => {
    const rows = services
      .filter((service) => service.module === module)
      .map(({ name, description }) => formatService(name, description, `${origin}${pathOf(name)}`));
    return `<h2>${escapeXml(module)}</h2>\n<table>\n${rows.join('\n')}\n</table>`;
  });
  return formatPage(
    title,
    `<p>${escapeXml(introduction)}</p>\n${sections.join('\n')}\n<p><a href="/">Start page</a></p>`,
  );
}

/** The page of `/`. */
export function formatWelcome(nodeName: string, origin: string): string {
  const links = [
    ['/rest', 'REST services and their descriptions'],
    ['/soap', 'SOAP services and their descriptions'],
    ['/explorer', 'Try the services in the browser'],
    ['/api/v1', 'Management API (signed in)'],
    ['/health/ready', 'Readiness of this node'],
    ['/metrics', 'Metrics of this node'],
  ];
  const rows = links.map(([path, title]) => `<tr><td><a href="${path}">${path}</a></td><td>${title}</td></tr>`);
  const example = `curl -u admin "${origin}/rest/ValidateAddress/results.json?Data.AddressLine1=1745+T+Street+Southeast&Data.City=Washington&Data.StateProvince=DC"`;
  return formatPage(
    'Spectrum',
    `<p>This is node <b>${escapeXml(nodeName)}</b>.</p>\n<table>\n${rows.join('\n')}\n</table>\n` +
      `<p>A first request:</p>\n<pre>${escapeXml(example)}</pre>`,
  );
}

function formatService(name: string, description: string, url: string): string {
  const link = escapeXml(url);
  return `<tr><td><b>${escapeXml(name)}</b></td><td>${escapeXml(description)}</td><td><a href="${link}">${link}</a></td></tr>`;
}

function formatPage(title: string, content: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" lang="en">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${content}
</main>
</body>
</html>
`;
}

const style = `
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: #1d2733; background: #f4f6f8; }
main { max-width: 68rem; margin: 2.5rem auto; padding: 1.5rem 2.5rem; background: #fff; border-radius: 8px; box-shadow: 0 1px 4px #0002; }
h1 { margin: 0 0 .5rem; font-size: 1.7rem; }
h2 { margin: 1.8rem 0 .4rem; font-size: 1.1rem; text-transform: capitalize; color: #44546a; }
table { width: 100%; border-collapse: collapse; }
td { padding: .5rem .75rem .5rem 0; border-top: 1px solid #e3e8ee; vertical-align: top; }
a { color: #0b5cad; overflow-wrap: anywhere; }
pre { padding: .8rem 1rem; background: #f4f6f8; border-radius: 6px; white-space: pre-wrap; overflow-wrap: anywhere; }
`;
