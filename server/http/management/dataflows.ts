import { managementPaths } from '../../../contract/management.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import { ServiceRunner } from '../rest/service-runner.ts';
import type { Route } from '../route.ts';
import { type Handle, type ManagementCall, ManagementDesk } from './desk.ts';
import { assertExposable, findDocument, refuseVersion, rightToExpose, type StoredDataflow } from './exposure.ts';
import { getObject } from './objects.ts';
import { preview, type ServicesProps } from './services.ts';

/** URLs of what is done with a dataflow, besides reading and saving it. */
export function dataflowRoutes(props: ServicesProps): readonly Route[] {
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
function sample({ exposed, surroundings }: ServicesProps, desk: ManagementDesk): Handle {
  return async (call) => {
    const { name, query } = call;
    desk.assertPermitted(call, { entityType: 'Dataflows', permission: 'execute', entity: name });
    const stored = getObject(desk.snapshot(), 'dataflow', name).value as StoredDataflow;
    const given = query.get('version');
    const document = given === null ? (stored.latest ?? null) : chooseVersion(name, stored, Number(given)).document;
    const service = await exposed?.create(name, document);
    if (service === undefined) throw new SpectrumError('INVALID_REQUEST', 'This node runs no dataflows', {});
    await preview(new ServiceRunner(service, surroundings), desk)(call);
  };
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
  await assertExposable(desk, call, { name, value: changed, services, exposed });
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
