import { managementPaths } from '../../../contract/management.ts';
import { publicOrigin } from '../rest/public-url.ts';
import type { Route } from '../route.ts';

/** The URLs above the management API, which say where to go on; without credentials, as its description. */
export function apiIndexRoutes(): readonly Route[] {
  return ['/api', '/api/'].map((path) => ({
    method: 'GET',
    path,
    handler: ({ raw }, reply) =>
      reply
        .type('application/json;charset=utf-8')
        .send(`${JSON.stringify({ items: listPlaces(publicOrigin(raw)) }, undefined, 2)}\n`),
  }));
}

function listPlaces(origin: string) {
  const { summary, openApi } = managementPaths;
  return [
    { path: `${origin}${summary}`, description: 'The management API; it asks for a user and a password, or a token' },
    { path: `${origin}${openApi}`, description: 'Its description as OpenAPI' },
    { path: `${origin}/explorer?api=management`, description: 'Its description as a page' },
  ];
}
