import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyReply } from 'fastify';
import { defaultSetting, type SettingValue } from '../../../contract/known-settings.ts';
import type { ConfigurationSnapshot } from '../../configuration/index.ts';
import { type ConfigurationState, isSameState } from './configuration-state.ts';

/** Which pages of other origins may call this server; the setting `cors` (rest-soap-conventions section 6). */
type CorsSettings = SettingValue<'cors'>;

const defaultCorsSettings = defaultSetting('cors');

/** Answers what browsers ask before and with requests from pages of other origins. */
export class CrossOrigin {
  readonly #snapshot: () => ConfigurationSnapshot;
  #known: (ConfigurationState & { readonly settings: CorsSettings; readonly origins: readonly RegExp[] }) | undefined;

  constructor(snapshot: () => ConfigurationSnapshot) {
    this.#snapshot = snapshot;
  }

  /** Puts the permission on `reply` where the origin has one; true when this was a preflight, answered by it. */
  permit(method: string, headers: IncomingHttpHeaders, reply: FastifyReply): boolean {
    const { origin } = headers;
    if (origin === undefined) return false;
    const { settings, origins } = this.#current();
    if (!settings.enabled) return false;
    // Caches must not hand one origin's answer to another, whether or not it is permitted.
    reply.header('vary', 'Origin');
    if (!origins.some((pattern) => pattern.test(origin))) return false;
    reply.header('access-control-allow-origin', origin);
    if (settings.allowCredentials) reply.header('access-control-allow-credentials', 'true');
    if (method !== 'OPTIONS' || headers['access-control-request-method'] === undefined) {
      reply.header('access-control-expose-headers', 'ETag, Spectrum-Revision, X-Request-Id');
      return false;
    }
    reply
      .header('access-control-allow-methods', settings.allowedMethods.join(', '))
      .header('access-control-allow-headers', settings.allowedHeaders.join(', '))
      .header('access-control-max-age', String(settings.preflightMaxAgeSeconds));
    return true;
  }

  #current() {
    const snapshot = this.#snapshot();
    if (this.#known !== undefined && isSameState(this.#known, snapshot)) return this.#known;
    const saved = snapshot.find<{ readonly value: Partial<CorsSettings> }>('setting', 'cors')?.value.value;
    const settings = { ...defaultCorsSettings, ...saved };
    const { epoch, revision } = snapshot;
    this.#known = { epoch, revision, settings, origins: settings.allowedOrigins.map(toPattern) };
    return this.#known;
  }
}

function toPattern(origin: string): RegExp {
  return new RegExp(`^${origin.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`, 'i');
}
