import type { ErrorAnswer } from '../errors.ts';
import { escapeXml, xmlHeader } from '../rest/xml-answer.ts';
import { frameEnvelope } from './envelope.ts';
import { faultNamespace } from './namespaces.ts';
import type { SoapVersion } from './versions.ts';

/** Statuses that HTTP itself acts on; clients and balancers must see them although a fault is inside. */
const transportStatuses: ReadonlySet<number> = new Set([401, 403, 404, 405, 413, 415, 429, 503, 504]);

/** The status of a fault: 500 as SOAP 1.1 section 6.2 wants it, unless HTTP has something to say. */
export function faultStatus({ status }: ErrorAnswer): number {
  return transportStatuses.has(status) ? status : 500;
}

/** A fault whose detail is a `ServiceInvocationFault` (rest-soap-conventions sections 5 and 8). */
export function formatFault(answer: ErrorAnswer, version: SoapVersion): string {
  const { opening, closing } = frameEnvelope(version);
  const isCallers = answer.status < 500;
  const code = answer.facts.fault === 'MustUnderstand' ? 'MustUnderstand' : codes[version.name][Number(isCallers)];
  const message = escapeXml(answer.message);
  const detail = `<ns1:ServiceInvocationFault xmlns:ns1="${faultNamespace}"><message>${message}</message></ns1:ServiceInvocationFault>`;
  return `${xmlHeader}${opening}${layouts[version.name](`soap:${code}`, message, detail)}${closing}`;
}

/** Fault codes for an error of the node and for one of the caller. */
const codes = { '1.1': ['Server', 'Client'], '1.2': ['Receiver', 'Sender'] } as const;

type Layout = (code: string, message: string, detail: string) => string;

const layouts: Readonly<Record<SoapVersion['name'], Layout>> = {
  '1.1': (code, message, detail) =>
    `<soap:Fault><faultcode>${code}</faultcode><faultstring>${message}</faultstring><detail>${detail}</detail></soap:Fault>`,
  '1.2': (code, message, detail) =>
    `<soap:Fault><soap:Code><soap:Value>${code}</soap:Value></soap:Code><soap:Reason><soap:Text xml:lang="en">${message}</soap:Text></soap:Reason><soap:Detail>${detail}</soap:Detail></soap:Fault>`,
};
