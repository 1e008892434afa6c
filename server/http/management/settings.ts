import { SpectrumError } from '../../foundation/errors.ts';
import type { Route } from '../route.ts';
import { corsSetting, defaultCorsSettings } from '../security/cors.ts';
import { authenticationSetting, defaultInterfaceSettings } from '../security/interface-settings.ts';
import { type DeskProps, type ManagementCall, ManagementDesk } from './desk.ts';
import { entityTag, readPrecondition } from './preconditions.ts';
import type { Fields } from './resource.ts';

/** The settings of the whole cluster that the gateway obeys; each field has the type of its default. */
const settings: Readonly<Record<string, Fields>> = {
  [authenticationSetting]: { ...defaultInterfaceSettings },
  [corsSetting]: { ...defaultCorsSettings },
};

/** URLs of the gateway's settings. */
export function settingsRoutes(props: DeskProps): readonly Route[] {
  const desk = new ManagementDesk(props);
  return Object.entries(settings).flatMap(([name, defaults]): Route[] => {
    const path = `/api/settings/${name}`;
    return [
      {
        method: 'GET',
        path,
        handler: desk.guarded({ entityType: 'Platform', permission: 'view' }, read(name, defaults, desk)),
      },
      {
        method: 'PUT',
        path,
        handler: desk.guarded({ entityType: 'Platform', permission: 'modify' }, save(name, defaults, desk)),
      },
    ];
  });
}

function read(name: string, defaults: Fields, desk: ManagementDesk) {
  return ({ reply }: ManagementCall) => {
    const saved = desk.snapshot().find<{ readonly value: Fields }>('setting', name);
    if (saved !== undefined) reply.header('etag', entityTag(desk.snapshot(), saved.revision));
    desk.send(reply, { ...defaults, ...saved?.value.value });
  };
}

function save(name: string, defaults: Fields, desk: ManagementDesk) {
  return async (call: ManagementCall) => {
    const expected = readPrecondition(call.request.headers, desk.snapshot().find('setting', name));
    const value = { ...defaults, ...checkFields(name, defaults, await desk.readObject(call.request)) };
    await desk.write(call, { kind: 'setting', name, expected, value: { value } });
    call.reply.code(expected === 'absent' ? 201 : 200);
    desk.send(call.reply, value);
  };
}

/** Throws `INVALID_OBJECT` naming the field that is unknown or of another type than its default. */
function checkFields(name: string, defaults: Fields, given: Fields): Fields {
  for (const [field, value] of Object.entries(given)) {
    const expected = defaults[field];
    if (expected === undefined) {
      throw refuse(name, field, `is unknown; use ${Object.keys(defaults).join(', ')}`);
    }
    if (!isLike(expected, value)) {
      throw refuse(name, field, `${JSON.stringify(value)} is not allowed; send it like ${JSON.stringify(expected)}`);
    }
  }
  return given;
}

function isLike(expected: unknown, value: unknown): boolean {
  if (Array.isArray(expected)) return Array.isArray(value) && value.every((item) => typeof item === 'string');
  if (typeof expected === 'number') return Number.isInteger(value) && Number(value) >= 0;
  return typeof value === typeof expected;
}

function refuse(name: string, field: string, problem: string): SpectrumError {
  return new SpectrumError('INVALID_OBJECT', `${name}.${field}: ${problem}`, { field });
}
