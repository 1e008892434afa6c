import { escapeXml } from '../rest/xml-answer.ts';

/** The WADL of the security service. */
export function formatSecurityWadl(origin: string): string {
  const lifeTime = '<param name="ttlInMinutes" style="template" type="xs:int"/>';
  const resources = [
    formatResource('/token/access/session/{ttlInMinutes}', lifeTime),
    formatResource('/token/access/{ttlInMinutes}', lifeTime),
    formatResource('/token/logout', ''),
  ];
  return `<?xml version="1.0" encoding="UTF-8"?>
<application xmlns="http://wadl.dev.java.net/2009/02" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<grammars/>
<resources base="${escapeXml(`${origin}/security/rest`)}">
${resources.join('\n')}
</resources>
</application>
`;
}

function formatResource(path: string, parameters: string): string {
  return `<resource path="${path}">
${parameters}<method name="GET"><response><representation mediaType="application/json"/></response></method>
</resource>`;
}
