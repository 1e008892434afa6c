import type { FastifyReply, FastifyRequest } from 'fastify';
import { SpectrumError } from '../../foundation/errors.ts';
import { checkBodyHeaders, readBody } from '../body.ts';
import type { RequestLimits } from '../limits.ts';
import { publicOrigin } from '../rest/public-url.ts';
import { escapeXml, xmlHeader } from '../rest/xml-answer.ts';
import type { Route } from '../route.ts';
import { parseLifeMinutes, revokePresented, setSessionCookie, type TokenProps } from '../security/token-routes.ts';
import type { ElementListener, XmlElement } from '../xml/reader.ts';
import { frameEnvelope, readEnvelope } from './envelope.ts';
import { formatTokenWsdl, type TokenOperation, tokenNamespace } from './token-wsdl.ts';

export interface TokenServiceProps extends TokenProps {
  readonly limits: RequestLimits;
}

/**
 * The SOAP services for tokens and their operations (rest-soap-conventions section 6). The name of the last one is formed
 * after the others, as nobody published it; its other possible form is accepted too.
 */
const services: Readonly<Record<string, readonly TokenOperation[]>> = {
  TokenManagerService: [
    { name: 'getAccessToken', parameters: [], gives: 'session' },
    { name: 'getAccessExpiringToken', parameters: ['tokenLifeInMinutes'], gives: 'session' },
    { name: 'getAccessRemoteHostToken', parameters: [], gives: 'open' },
    { name: 'getAccessExpiringRemoteHostToken', parameters: ['tokenLifeInMinutes'], gives: 'open' },
    { name: 'getAccessRemoteHostExpiringToken', parameters: ['tokenLifeInMinutes'], gives: 'open', isUnlisted: true },
  ],
  TokenLogoutService: [{ name: 'logout', parameters: [], gives: undefined }],
};

/** Every URL of the token services. */
export function tokenServiceRoutes(props: TokenServiceProps): readonly Route[] {
  return Object.entries(services).flatMap(([name, operations]) =>
    [`/security/${name}`, `/security/${name}/`].flatMap((path): Route[] => [
      { method: 'GET', path, handler: describe(name, operations) },
      { method: 'POST', path, handler: call(props, operations) },
    ]),
  );
}

function describe(name: string, operations: readonly TokenOperation[]): Route['handler'] {
  return ({ raw }, reply) => {
    if (!/[?&]wsdl(?:[&=]|$)/i.test(raw.url ?? '')) {
      const path = `/security/${name}`;
      throw new SpectrumError('UNKNOWN_PATH', `${path} answers POST only; its description is at ${path}?wsdl`, {});
    }
    const listed = operations.filter(({ isUnlisted }) => isUnlisted !== true);
    return reply.type('text/xml;charset=utf-8').send(formatTokenWsdl(name, listed, publicOrigin(raw)));
  };
}

function call(props: TokenServiceProps, operations: readonly TokenOperation[]): Route['handler'] {
  return async (request, reply) => {
    // Who calls comes before what they want, so that a client that sends no password first is challenged.
    const { name: userName } = await props.gatekeeper.identify(request.raw);
    const { bodyBytes } = props.limits;
    const kind = checkBodyHeaders(request.raw.headers, bodyBytes);
    const { text } = await readBody(request.raw, kind, bodyBytes);
    const reader = new OperationReader(operations);
    const version = readEnvelope(text, reader);
    const operation = reader.operation();
    const content = await perform(props, { operation, reader, userName }, request, reply);
    const { opening, closing } = frameEnvelope(version);
    const element = `ns2:${operation.name}Response`;
    return reply
      .type(version.contentType)
      .header('cache-control', 'no-store')
      .send(`${xmlHeader}${opening}<${element} xmlns:ns2="${tokenNamespace}">${content}</${element}>${closing}`);
  };
}

interface Invocation {
  readonly operation: TokenOperation;
  readonly reader: OperationReader;
  readonly userName: string;
}

async function perform(
  props: TokenServiceProps,
  { operation, reader, userName }: Invocation,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<string> {
  const { gives: kind, parameters } = operation;
  if (kind === undefined) {
    await revokePresented(props, request, reply);
    return '';
  }
  const [parameter] = parameters;
  const lifeMinutes = parameter === undefined ? 0 : parseLifeMinutes(reader.value(parameter));
  const issued = await props.tokens.issue(userName, { kind, lifeMinutes }, request.raw);
  setSessionCookie(reply, request, issued);
  const session = issued.session === undefined ? '' : `<session>${issued.session}</session>`;
  return `<return>${session}<token>${issued.token}</token><username>${escapeXml(issued.userName)}</username></return>`;
}

/** Reads the one operation in a message and its parameters, whether or not they are qualified. */
class OperationReader implements ElementListener {
  readonly #operations: readonly TokenOperation[];
  readonly #values = new Map<string, string>();
  #operation: TokenOperation | undefined;
  #parameter = '';
  #depth = 0;

  constructor(operations: readonly TokenOperation[]) {
    this.#operations = operations;
  }

  operation(): TokenOperation {
    if (this.#operation !== undefined) return this.#operation;
    throw new SpectrumError('INVALID_REQUEST', `The message names no operation; use ${this.#names()}`, {});
  }

  value(parameter: string): string {
    return this.#values.get(parameter) ?? '';
  }

  open({ name }: XmlElement): void {
    this.#depth += 1;
    this.#parameter = name;
    if (this.#depth > 1) return;
    this.#operation = this.#operations.find((operation) => operation.name === name);
    if (this.#operation === undefined) {
      throw new SpectrumError('INVALID_REQUEST', `${name} is not an operation here; use ${this.#names()}`, {});
    }
  }

  text(text: string): void {
    if (this.#depth === 2) this.#values.set(this.#parameter, this.value(this.#parameter) + text);
  }

  close(): void {
    this.#depth -= 1;
  }

  #names(): string {
    return this.#operations.map(({ name }) => name).join(', ');
  }
}
