import type { ServiceDefinition } from '../../services/index.ts';
import { escapeXml, serviceNamespace } from '../rest/xml-answer.ts';
import { createSchemaWriter } from '../xml/schema.ts';
import { descriptionNamespace, faultNamespace } from './namespaces.ts';

/** The WSDL of a service, with the names and namespaces of published ones (rest-soap-conventions section 8). */
export function formatWsdl(definition: ServiceDefinition, origin: string): string {
  const { name, description } = definition;
  const operation = `<wsdl:operation name="${name}">
<soap:operation soapAction="" style="document"/>
<wsdl:input name="${name}"><soap:body use="literal"/></wsdl:input>
<wsdl:output name="${name}Response"><soap:body use="literal"/></wsdl:output>
<wsdl:fault name="ServiceInvocationFault"><soap:fault name="ServiceInvocationFault" use="literal"/></wsdl:fault>
</wsdl:operation>`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<wsdl:definitions name="${name}" targetNamespace="${descriptionNamespace}" xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:tns="${descriptionNamespace}" xmlns:ns1="${serviceNamespace(name)}" xmlns:ns2="${faultNamespace}">
<wsdl:documentation>${escapeXml(description)}</wsdl:documentation>
<wsdl:types>
${formatSchemas(definition)}
</wsdl:types>
${formatMessage(name, 'parameters', `ns1:${name}Request`)}
${formatMessage(`${name}Response`, 'parameters', `ns1:${name}Response`)}
${formatMessage('ServiceInvocationFault', 'ServiceInvocationFault', 'ns2:ServiceInvocationFault')}
<wsdl:portType name="${name}">
<wsdl:operation name="${name}">
<wsdl:input name="${name}" message="tns:${name}"/>
<wsdl:output name="${name}Response" message="tns:${name}Response"/>
<wsdl:fault name="ServiceInvocationFault" message="tns:ServiceInvocationFault"/>
</wsdl:operation>
</wsdl:portType>
<wsdl:binding name="${name}SoapBinding" type="tns:${name}">
<soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
${operation}
</wsdl:binding>
<wsdl:service name="${name}">
<wsdl:port name="${name}Port" binding="tns:${name}SoapBinding"><soap:address location="${escapeXml(`${origin}/soap/${name}`)}"/></wsdl:port>
</wsdl:service>
</wsdl:definitions>
`;
}

function formatSchemas(definition: ServiceDefinition): string {
  const { name, output } = definition;
  const schema = createSchemaWriter(definition, 'ns1');
  return `<xs:schema targetNamespace="${serviceNamespace(name)}" attributeFormDefault="unqualified" elementFormDefault="unqualified">
${schema.request()}
${schema.answer(`${name}Response`, output.port)}
${schema.answerRows(output.port)}
${schema.shared()}
</xs:schema>
<xs:schema targetNamespace="${descriptionNamespace}" attributeFormDefault="unqualified" elementFormDefault="unqualified">
<xs:complexType name="ServiceInvocationFault"><xs:sequence><xs:element name="message" type="xs:string" minOccurs="0"/></xs:sequence></xs:complexType>
</xs:schema>
<xs:schema targetNamespace="${faultNamespace}" attributeFormDefault="unqualified" elementFormDefault="unqualified">
<xs:import namespace="${descriptionNamespace}"/>
<xs:element name="ServiceInvocationFault" type="tns:ServiceInvocationFault" nillable="true"/>
</xs:schema>`;
}

function formatMessage(name: string, part: string, element: string): string {
  return `<wsdl:message name="${name}"><wsdl:part name="${part}" element="${element}"/></wsdl:message>`;
}
