import type { ServiceDefinition } from '../../services/index.ts';
import { escapeXml, serviceNamespace } from './xml-answer.ts';

/**
 * The WADL of one service, derived from its definition: unprefixed elements, `xs:string` parameters, Data before
 * Option (rest-soap-conventions section 7, points 3 to 7).
 */
export function formatWadl(definition: ServiceDefinition, origin: string): string {
  const { name, input, options } = definition;
  const namespace = serviceNamespace(name);
  const parameters = [
    ...input.fields.map((field) => formatParameter(`Data.${field.name}`, field.description)),
    ...Object.entries(options).map(([option, { description, allowed, defaultText }]) =>
      formatParameter(`Option.${option}`, `${description} Allowed: ${allowed}. Default: ${defaultText || 'empty'}.`),
    ),
  ].join('\n');
  const resources = (['json', 'xml'] as const).map((format) => formatResource(name, format, parameters));
  return `<?xml version="1.0" encoding="UTF-8"?>
<application xmlns="http://wadl.dev.java.net/2009/02" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:prefix1="${namespace}">
${formatGrammar(definition, namespace)}
<resources base="${escapeXml(`${origin}/rest/${name}`)}">
${resources.join('\n')}
</resources>
</application>
`;
}

function formatParameter(name: string, description: string): string {
  return `<param name="${escapeXml(name)}" style="query" type="xs:string"><doc>${escapeXml(description)}</doc></param>`;
}

function formatResource(service: string, format: 'json' | 'xml', parameters: string): string {
  const mediaType = `application/${format}`;
  const element = format === 'xml' ? ` element="prefix1:xml.${service}Response"` : '';
  return `<resource path="/results.${format}">
<method name="GET">
<request>
${parameters}
</request>
<response><representation mediaType="${mediaType}"${element}/></response>
</method>
<method name="POST">
<request>
<representation mediaType="application/json"/>
<representation mediaType="application/xml" element="prefix1:${service}Request"/>
</request>
<response><representation mediaType="${mediaType}"${element}/></response>
</method>
</resource>`;
}

function formatGrammar({ name, input, output, options }: ServiceDefinition, namespace: string): string {
  const element = (field: string, type = 'xs:string') =>
    `<xs:element name="${escapeXml(field)}" type="${type}" minOccurs="0" form="qualified"/>`;
  const rows = ({ port, row }: { port: string; row: string }, prefix: string) =>
    `<xs:complexType name="${prefix}.${row}List"><xs:sequence><xs:element name="${row}" type="prefix1:${prefix}.${row}" minOccurs="0" maxOccurs="unbounded" form="qualified"/></xs:sequence></xs:complexType>
<xs:complexType name="${prefix}.Message.${port}"><xs:sequence>${element(port, `prefix1:${prefix}.${row}List`)}</xs:sequence></xs:complexType>`;
  const rowType = (fields: readonly { readonly name: string }[], type: string) =>
    `<xs:complexType name="${type}"><xs:all>${fields.map((field) => element(field.name)).join('')}${element('user_fields', 'prefix1:user_fields')}</xs:all></xs:complexType>`;
  return `<grammars><xs:schema targetNamespace="${namespace}" attributeFormDefault="unqualified" elementFormDefault="unqualified">
<xs:element name="${name}Request" type="prefix1:${name}Request"/>
<xs:element name="xml.${name}Response" type="prefix1:Response.Message.${output.port}"/>
<xs:complexType name="${name}Request"><xs:sequence>${element('options', 'prefix1:options')}${element(input.port, `prefix1:Input.${input.row}List`)}</xs:sequence></xs:complexType>
<xs:complexType name="options"><xs:all>${Object.keys(options)
    .map((option) => element(option))
    .join('')}</xs:all></xs:complexType>
${rows(input, 'Input')}
${rowType(input.fields, `Input.${input.row}`)}
${rows(output, 'Response')}
${rowType(output.fields, `Response.${output.row}`)}
<xs:complexType name="user_fields"><xs:sequence><xs:element name="user_field" minOccurs="0" maxOccurs="unbounded" form="qualified"><xs:complexType><xs:sequence>${element('name')}${element('value')}</xs:sequence></xs:complexType></xs:element></xs:sequence></xs:complexType>
</xs:schema></grammars>`;
}
