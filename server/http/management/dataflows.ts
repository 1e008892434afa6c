import { managementPaths } from '../../../contract/management.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import { checkBodyHeaders, readBody } from '../body.ts';
import { ServiceRunner } from '../rest/service-runner.ts';
import type { Route } from '../route.ts';
import { type Handle, type ManagementCall, ManagementDesk } from './desk.ts';
import {
  assertExposable,
  assertMayExpose,
  findDocument,
  refuseVersion,
  rightToExpose,
  type StoredDataflow,
} from './exposure.ts';
import { getObject } from './objects.ts';
import type { RunsProps } from './runs.ts';
import { preview, type ServicesProps } from './services.ts';

/** URLs of what is done with a dataflow, besides reading and saving it. */
export function dataflowRoutes(props: ServicesProps & RunsProps): readonly Route[] {
  const desk = new ManagementDesk(props);
  const one = `${managementPaths.dataflows}/:name`;
  const post = (path: string, handle: Handle): Route => ({
    method: 'POST',
    path: `${one}/${path}`,
    handler: desk.open(handle),
  });
  return [
    post('expose', expose(props, desk)),
    post('unexpose', unexpose(props, desk)),
    post('sample', sample(props, desk)),
    { method: 'GET', path: `${one}/export`, handler: desk.open(exportFile(props, desk)) },
    {
      method: 'GET',
      path: managementPaths.stages,
      handler: desk.guarded({ entityType: 'Stages', permission: 'view' }, async ({ reply }) => {
        const { exposed, jobs } = props;
        desk.send(reply, { items: (await (exposed?.stages() ?? jobs?.stages())) ?? [] });
      }),
    },
    {
      method: 'POST',
      path: managementPaths.dataflowCheck,
      handler: desk.guarded({ entityType: 'Dataflows', permission: 'view' }, check(props, desk)),
    },
    { method: 'POST', path: managementPaths.dataflowImport, handler: desk.open(importFile(props, desk)) },
  ];
}

function expose(props: ServicesProps, desk: ManagementDesk): Handle {
  return async (call) => {
    const { version } = await desk.readObject(call.request);
    const exposedVersion = await change(
      props,
      desk,
      call,
      (stored) => chooseVersion(call.name, stored, version).number,
    );
    desk.send(call.reply, { name: call.name, exposedVersion });
  };
}

function unexpose(props: ServicesProps, desk: ManagementDesk): Handle {
  return async (call) => {
    await change(props, desk, call, () => undefined);
    desk.send(call.reply, { name: call.name });
  };
}

/** Runs a few rows through a version that need not be exposed, the newest when none is named. */
function sample(props: ServicesProps, desk: ManagementDesk): Handle {
  return async (call) => {
    const { name, query } = call;
    desk.assertPermitted(call, { entityType: 'Dataflows', permission: 'execute', entity: name });
    const stored = getObject(desk.snapshot(), 'dataflow', name).value as StoredDataflow;
    const given = query.get('version');
    const document = given === null ? (stored.latest ?? null) : chooseVersion(name, stored, Number(given)).document;
    const service = await exposedOf(props).create(name, document);
    await preview(new ServiceRunner(service, props.surroundings), desk)(call);
  };
}

/** Everything wrong with a dataflow, sent as JSON or as a `.df` file. */
function check(props: ServicesProps & RunsProps, desk: ManagementDesk): Handle {
  return async ({ request, reply }) => {
    const { exposed, jobs } = props;
    if (checkBodyHeaders(request.raw.headers, longestFileBytes) === 'xml') {
      const { name, document, notUnderstood } = await exposedOf(props).readFile(await readFileText(request.raw));
      desk.send(reply, { problems: await exposedOf(props).check(name, document), notUnderstood });
      return;
    }
    const document = await desk.readObject(request);
    desk.send(reply, { problems: (await (exposed?.check('dataflow', document) ?? jobs?.check(document))) ?? [] });
  };
}

/** Sends a version, the latest when none is named, as a `.df` file. */
function exportFile(props: ServicesProps, desk: ManagementDesk): Handle {
  return async (call) => {
    const { name, query, caller, reply } = call;
    desk.assertPermitted(call, { entityType: 'Dataflows', permission: 'view', entity: name });
    const stored = getObject(desk.snapshot(), 'dataflow', name).value as StoredDataflow;
    const given = query.get('version');
    const document = given === null ? stored.latest : chooseVersion(name, stored, Number(given)).document;
    const text = await exposedOf(props).writeFile(name, document, caller.name);
    reply
      .header('content-type', 'application/xml;charset=utf-8')
      .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name)}.df`)
      .send(text);
  };
}

/** Saves a `.df` file as a new version, exposed when it was where it comes from and nothing is wrong with it here. */
function importFile(props: ServicesProps, desk: ManagementDesk): Handle {
  return async (call) => {
    const { query, request, reply } = call;
    const exposed = exposedOf(props);
    const file = await exposed.readFile(await readFileText(request.raw));
    const name = query.get('name') ?? file.name;
    const found = desk.snapshot().find<StoredDataflow>('dataflow', name);
    const permission = found === undefined ? 'create' : 'modify';
    desk.assertPermitted(call, { entityType: 'Dataflows', permission, entity: name });
    const problems = await exposed.check(name, file.document);
    const mustExpose = query.get('expose') === 'true';
    const mayExpose = file.exposed && problems.length === 0 && call.caller.mayOnce(rightToExpose(name));
    const { versions = [], exposedVersion: earlier } = found?.value ?? {};
    const version = 1 + Math.max(0, ...versions.map(({ number }) => number));
    const entry = { number: version, comment: query.get('comment') ?? '', document: file.document };
    const exposedVersion = mustExpose || mayExpose ? version : earlier;
    const value = {
      latest: file.document,
      versions: [...versions, entry],
      ...(exposedVersion !== undefined && { exposedVersion }),
    };
    assertMayExpose(desk, call, { kind: 'dataflow', name, value });
    await assertExposable({ name, value, before: desk.snapshot(), services: props.services, exposed });
    await desk.write(call, { kind: 'dataflow', name, expected: found?.revision ?? 'absent', value });
    reply.code(found === undefined ? 201 : 200);
    desk.send(reply, { name, version, exposedVersion, problems, notUnderstood: file.notUnderstood });
  };
}

/** A little more than the largest object. */
const longestFileBytes = 9 * 2 ** 20;

async function readFileText(raw: ManagementCall['request']['raw']): Promise<string> {
  if (checkBodyHeaders(raw.headers, longestFileBytes) !== 'xml') {
    throw new SpectrumError('UNSUPPORTED_CONTENT_TYPE', 'A .df file is XML; send it as application/xml', {});
  }
  return (await readBody(raw, 'xml', longestFileBytes)).text;
}

function exposedOf({ exposed }: ServicesProps) {
  if (exposed !== undefined) return exposed;
  throw new SpectrumError('INVALID_REQUEST', 'This node runs no dataflows', {});
}

async function change(
  { services, exposed }: ServicesProps,
  desk: ManagementDesk,
  call: ManagementCall,
  choose: (stored: StoredDataflow) => number | undefined,
): Promise<number | undefined> {
  const { name } = call;
  desk.assertPermitted(call, rightToExpose(name));
  const { value, revision } = getObject(desk.snapshot(), 'dataflow', name);
  const { exposedVersion: _, ...rest } = value as StoredDataflow;
  const exposedVersion = choose(value as StoredDataflow);
  const changed = exposedVersion === undefined ? rest : { ...rest, exposedVersion };
  await assertExposable({ name, value: changed, before: desk.snapshot(), services, exposed });
  await desk.write(call, { kind: 'dataflow', name, expected: revision, value: changed });
  return exposedVersion;
}

function chooseVersion(name: string, stored: StoredDataflow, wanted: unknown) {
  const { versions = [] } = stored;
  const newest = versions.at(-1);
  if (wanted === undefined && newest !== undefined) return newest;
  const document = findDocument(stored, wanted as number);
  if (document === undefined) throw refuseVersion(name, wanted, versions);
  return { number: wanted as number, document };
}
