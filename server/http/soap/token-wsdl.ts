import { escapeXml } from '../rest/xml-answer.ts';
import type { TokenRequest } from '../security/tokens.ts';

/** Namespace of the token services' messages (rest-soap-conventions section 6). */
export const tokenNamespace = 'http://token.security.common.server.platform.spectrum.pb.com/';

/** An operation of a token service: its parameters by name, and what it does with them. */
export interface TokenOperation {
  readonly name: string;
  readonly parameters: readonly string[];
  /** The kind of token it gives; undefined for the end of a token. */
  readonly gives: TokenRequest['kind'] | undefined;
  /** Accepted without standing in the WSDL. */
  readonly isUnlisted?: boolean;
}

/** The WSDL of a token service, with the names that JAX-WS gives the service and its port. */
export function formatTokenWsdl(name: string, operations: readonly TokenOperation[], origin: string): string {
  const each = (format: (operation: TokenOperation) => string) => operations.map(format).join('\n');
  return `<?xml version="1.0" encoding="UTF-8"?>
<wsdl:definitions name="${name}ImplService" targetNamespace="${tokenNamespace}" xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:tns="${tokenNamespace}">
<wsdl:types>
<xs:schema targetNamespace="${tokenNamespace}" attributeFormDefault="unqualified" elementFormDefault="unqualified">
${each(formatTypes)}
<xs:complexType name="tokenInfo"><xs:sequence>${['session', 'token', 'username'].map(optionalText).join('')}</xs:sequence></xs:complexType>
</xs:schema>
</wsdl:types>
${each(formatMessages)}
<wsdl:portType name="${name}">
${each(formatOperation)}
</wsdl:portType>
<wsdl:binding name="${name}ImplServiceSoapBinding" type="tns:${name}">
<soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
${each(formatBinding)}
</wsdl:binding>
<wsdl:service name="${name}ImplService">
<wsdl:port name="${name}ImplPort" binding="tns:${name}ImplServiceSoapBinding"><soap:address location="${escapeXml(`${origin}/security/${name}`)}"/></wsdl:port>
</wsdl:service>
</wsdl:definitions>
`;
}

function formatTypes({ name, parameters, gives }: TokenOperation): string {
  const members = parameters.map((parameter) => `<xs:element name="${parameter}" type="xs:int"/>`).join('');
  const result = gives === undefined ? '' : '<xs:element name="return" type="tns:tokenInfo" minOccurs="0"/>';
  return [
    `<xs:element name="${name}" type="tns:${name}"/>`,
    `<xs:complexType name="${name}"><xs:sequence>${members}</xs:sequence></xs:complexType>`,
    `<xs:element name="${name}Response" type="tns:${name}Response"/>`,
    `<xs:complexType name="${name}Response"><xs:sequence>${result}</xs:sequence></xs:complexType>`,
  ].join('\n');
}

function formatMessages({ name }: TokenOperation): string {
  return [name, `${name}Response`]
    .map(
      (message) =>
        `<wsdl:message name="${message}"><wsdl:part name="parameters" element="tns:${message}"/></wsdl:message>`,
    )
    .join('\n');
}

function formatOperation({ name }: TokenOperation): string {
  return `<wsdl:operation name="${name}"><wsdl:input message="tns:${name}"/><wsdl:output message="tns:${name}Response"/></wsdl:operation>`;
}

function formatBinding({ name }: TokenOperation): string {
  return `<wsdl:operation name="${name}"><soap:operation soapAction="" style="document"/><wsdl:input><soap:body use="literal"/></wsdl:input><wsdl:output><soap:body use="literal"/></wsdl:output></wsdl:operation>`;
}

function optionalText(name: string): string {
  return `<xs:element name="${name}" type="xs:string" minOccurs="0"/>`;
}
