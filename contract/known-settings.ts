import {
  choice,
  flag,
  integer,
  list,
  optional,
  preset,
  record,
  text,
  type ValueOf,
} from '../server/foundation/fields.ts';
import { checkValue, type RecordField } from '../server/foundation/schema.ts';
import { defaultPasswordPolicy, longestPassword } from './password-policy.ts';
import { secretReference } from './secret-reference.ts';

const known = {
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
  'mail-server': record('The mail server that notifications go through; none are sent while its host is empty', {
    host: preset(text('Host name', { maximum: 255 }), ''),
    port: preset(integer('Port', 1, 65_535), 25),
    encryption: preset(
      choice('starttls encrypts after the greeting and refuses a server that cannot; tls at once', [
        'none',
        'starttls',
        'tls',
      ]),
      'starttls',
    ),
    user: preset(text('User name; empty for a server that asks for none', { maximum: 320 }), ''),
    secret: optional(secretReference('Where the password is kept')),
    from: preset(text('Address of the sender', { maximum: 320 }), 'spectrum@localhost'),
  }),
  'password-policy': record('What new passwords must be like', {
    minimumLength: preset(integer('Characters at least', 1, longestPassword), defaultPasswordPolicy.minimumLength),
    specialCharacter: preset(
      flag('Whether one of & * @ ^ $ " # % ! is needed'),
      defaultPasswordPolicy.specialCharacter,
    ),
  }),
};

/** Settings whose `value` has a form; others hold any JSON. */
export const knownSettings: Readonly<Record<string, RecordField>> = known;

type KnownSettings = typeof known;
export type KnownSetting = keyof KnownSettings;
export type SettingValue<Name extends KnownSetting> = ValueOf<KnownSettings[Name]>;

/** What holds for a known setting until somebody saves it. */
export function defaultSetting<Name extends KnownSetting>(name: Name): SettingValue<Name> {
  return checkValue(known[name], {}, undefined, '').value as SettingValue<Name>;
}

export function isKnownSetting(name: string): name is KnownSetting {
  return Object.hasOwn(known, name);
}
