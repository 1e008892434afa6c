import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ServiceDefinition } from '../../services/index.ts';
import type { ExposedServices } from '../exposed-services.ts';
import { publicOrigin } from '../rest/public-url.ts';
import type { Route } from '../route.ts';
import { assetNames, ExplorerAssets } from './assets.ts';
import { createOpenApiDocument } from './document.ts';
import { explorerPage, explorerPolicy, explorerScript, explorerStyle } from './page.ts';

export interface OpenApiProps {
  readonly services: readonly ServiceDefinition[];
  /** Those that come and go with the configuration; none when absent. */
  readonly exposed?: ExposedServices | undefined;
  readonly version: string;
  /** Folder with the files of the explorer component. */
  readonly explorerFolder: string;
}

/** The description of all services and the page on which to try them; both without credentials. */
export function openApiRoutes({ services, exposed, version, explorerFolder }: OpenApiProps): readonly Route[] {
  const assets = new ExplorerAssets(explorerFolder);
  return [
    {
      method: 'GET',
      path: '/openapi.json',
      handler: async ({ raw }, reply) => {
        const known = [...services, ...((await exposed?.list()) ?? [])];
        const described = known.filter(({ interfaces }) => interfaces?.includes('rest') !== false);
        return sendJson(reply, createOpenApiDocument(described, publicOrigin(raw), version));
      },
    },
    { method: 'GET', path: '/explorer', handler: page('text/html', explorerPage) },
    { method: 'GET', path: '/explorer/explorer.js', handler: page('text/javascript', explorerScript) },
    { method: 'GET', path: '/explorer/explorer.css', handler: page('text/css', explorerStyle) },
    ...assetNames.map(
      (name): Route => ({ method: 'GET', path: `/explorer/${name}`, handler: sendAsset(assets, name) }),
    ),
  ];
}

function sendJson(reply: FastifyReply, value: unknown): FastifyReply {
  return reply.type('application/json;charset=utf-8').send(`${JSON.stringify(value, undefined, 2)}\n`);
}

function page(type: string, text: string) {
  return (_request: FastifyRequest, reply: FastifyReply) =>
    reply.type(`${type};charset=utf-8`).header('content-security-policy', explorerPolicy).send(text);
}

function sendAsset(assets: ExplorerAssets, name: string) {
  return async (_request: FastifyRequest, reply: FastifyReply) => {
    const { contentType, compressed } = await assets.find(name);
    return reply
      .type(contentType)
      .header('content-encoding', 'gzip')
      .header('cache-control', 'public, max-age=86400')
      .send(compressed);
  };
}
