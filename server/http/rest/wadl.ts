import type { ServiceDefinition } from '../../services/index.ts';
import { createSchemaWriter } from '../xml/schema.ts';
import { fitsQuery } from './call.ts';
import { escapeXml, serviceNamespace } from './xml-answer.ts';

/**
 * The WADL of one service: unprefixed elements, every parameter typed, grammars inline, paths that concatenate
 * (rest-soap-conventions section 7).
 */
export function formatWadl(definition: ServiceDefinition, origin: string): string {
  const { name, description, input, options } = definition;
  const namespace = serviceNamespace(name);
  const parameters = [
    ...input.fields.map((field) => formatParameter(`Data.${field.name}`, field.description)),
    ...Object.entries(options).map(([option, { description: purpose, allowed, defaultText }]) =>
      formatParameter(`Option.${option}`, `${purpose} Allowed: ${allowed}. Default: ${defaultText || 'empty'}.`),
    ),
  ].join('\n');
  const resources = (['json', 'xml'] as const).map((format) =>
    formatResource(name, format, fitsQuery(definition) ? parameters : undefined),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<application xmlns="http://wadl.dev.java.net/2009/02" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:prefix1="${namespace}">
<doc>${escapeXml(description)}</doc>
${formatGrammars(definition, namespace)}
<resources base="${escapeXml(`${origin}/rest/${name}`)}">
${resources.join('\n')}
</resources>
</application>
`;
}

function formatParameter(name: string, description: string): string {
  return `<param name="${escapeXml(name)}" style="query" type="xs:string"><doc>${escapeXml(description)}</doc></param>`;
}

/** A service without `parameters` takes no GET. */
function formatResource(service: string, format: 'json' | 'xml', parameters: string | undefined): string {
  const answer = `<representation mediaType="application/${format}" element="prefix1:${format}.${service}Response"/>`;
  const get = `<method name="GET">
<request>
${parameters}
</request>
<response>${answer}</response>
</method>
`;
  return `<resource path="/results.${format}">
${parameters === undefined ? '' : get}<method name="POST">
<request>
<representation mediaType="application/json"/>
<representation mediaType="application/xml" element="prefix1:${service}Request"/>
</request>
<response>${answer}</response>
</method>
</resource>`;
}

function formatGrammars(definition: ServiceDefinition, namespace: string): string {
  const { name } = definition;
  const schema = createSchemaWriter(definition, 'prefix1');
  const answers = ['json', 'xml'].map(
    (format) =>
      `${schema.answer(`${format}.${name}Response`, `${format}.Response`)}\n${schema.answerRows(`${format}.Response`)}`,
  );
  return `<grammars>
<xs:schema targetNamespace="${namespace}" attributeFormDefault="unqualified" elementFormDefault="unqualified">
${schema.request()}
${answers.join('\n')}
${schema.shared()}
</xs:schema>
</grammars>`;
}
