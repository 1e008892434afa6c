import type { FastifyRequest } from 'fastify';
import { findClosestName } from '../foundation/closest-name.ts';
import { SpectrumError } from '../foundation/errors.ts';
import { pathOf } from './refusal.ts';
import type { RouteIndex } from './route.ts';

/** Why a request has no route: a wrong method, an unknown service (naming the closest), or an unknown path. */
export function explainNotFound(
  request: FastifyRequest,
  routes: RouteIndex,
  services: readonly string[],
): SpectrumError {
  const path = pathOf(request.raw.url ?? '');
  const methods = routes.methodsOf(path);
  if (methods.length > 0 && !methods.includes(request.method)) {
    return new SpectrumError(
      'METHOD_NOT_ALLOWED',
      `${request.method} is not allowed here; use ${methods.join(' or ')}`,
      {
        method: request.method,
        allowed: methods,
      },
    );
  }
  const [, room, service] = /^\/(rest|soap)\/([^/]+)/.exec(path) ?? [];
  if (room !== undefined && service !== undefined) return explainServicePath(room, decodeLeniently(service), services);
  return new SpectrumError('UNKNOWN_PATH', `There is nothing at ${show(path)}; start at / or /rest`, {});
}

function explainServicePath(room: string, service: string, services: readonly string[]): SpectrumError {
  if (services.includes(service)) {
    const paths =
      room === 'soap' ? `/soap/${service}` : `/rest/${service}/results.json and /rest/${service}/results.xml`;
    return new SpectrumError('UNKNOWN_PATH', `${service} answers at ${paths} only`, { service });
  }
  const closest = findClosestName(service, services);
  const hint = closest === undefined ? `see /${room} for those there are` : `did you mean ${closest}?`;
  return new SpectrumError('UNKNOWN_SERVICE', `There is no service named ${show(service)}; ${hint}`, {
    service: service.slice(0, 100),
    ...(closest === undefined ? {} : { closest }),
  });
}

/** An encoded slash or a broken escape in the path is part of a wrong name, not a reason to fail. */
function decodeLeniently(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function show(text: string): string {
  return JSON.stringify(text.slice(0, 100));
}
