import { flag, integer, list, preset, record, text } from '../server/foundation/fields.ts';
import type { RecordField } from '../server/foundation/schema.ts';
import { defaultPasswordPolicy, longestPassword, passwordPolicySetting } from './password-policy.ts';

/** Settings whose `value` has a form; others hold any JSON. */
export const knownSettings: Readonly<Record<string, RecordField>> = {
  authentication: record('Who must say who they are, and how', {
    rest: preset(flag('False lets anybody call the services over REST'), true),
    soap: preset(flag('False lets anybody call the services over SOAP'), true),
    basic: preset(flag('False takes only tokens for service calls'), true),
    tokenHostCheck: preset(flag('False accepts a session token from another computer'), true),
  }),
  cors: record('Which pages of other origins may call this server', {
    enabled: preset(flag('Whether any may'), false),
    allowedOrigins: preset(list('Origins; * stands for any characters', text('Origin'), 200), [
      'http://localhost:8080',
      'http://localhost:443',
    ]),
    allowedMethods: preset(list('Methods', text('Method', { maximum: 20 }), 20), ['GET', 'POST', 'HEAD']),
    allowedHeaders: preset(list('Request headers', text('Header', { maximum: 200 }), 100), [
      'X-PINGOTHER',
      'Origin',
      'X-Requested-With',
      'Content-Type',
      'Accept',
      'Authorization',
    ]),
    preflightMaxAgeSeconds: preset(integer('How long a browser may remember', 0, 86_400), 1_800),
    allowCredentials: preset(flag('Whether a page may send credentials'), true),
  }),
  [passwordPolicySetting]: record('What new passwords must be like', {
    minimumLength: preset(integer('Characters at least', 1, longestPassword), defaultPasswordPolicy.minimumLength),
    specialCharacter: preset(
      flag('Whether one of & * @ ^ $ " # % ! is needed'),
      defaultPasswordPolicy.specialCharacter,
    ),
  }),
};
