import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { assertDegrees } from '../../../../server/builder/reading/coordinate-system.ts';
import { packZip } from '../../../support/archives.ts';
import { makeTemporaryFolder } from '../../../support/vintage-folder.ts';

let root: string;
let remove: () => Promise<void>;
beforeAll(async () => {
  ({ path: root, remove } = await makeTemporaryFolder());
});
afterAll(() => remove());

const degrees = 'PRIMEM["Greenwich",0],UNIT["Degree",0.017453292519943295]]';
const geographic = (name: string, datum: string) =>
  `GEOGCS["${name}",DATUM["${datum}",SPHEROID["x",6378206.4,294.98]],${degrees}`;

async function putSets(name: string, projection: string): Promise<readonly string[]> {
  await writeFile(join(root, `${name}.shp`), '');
  await writeFile(join(root, `${name}.prj`), projection);
  await writeFile(join(root, `${name}.zip`), packZip({ 'a.shp': Buffer.of(1), 'a.prj': Buffer.from(projection) }));
  return [join(root, `${name}.shp`), join(root, `${name}.zip`)];
}

test.each([
  ['GCS_North_American_1983', 'D_North_American_1983'],
  ['GCS_North_American_1983_HARN', 'D_North_American_1983_HARN'],
  ['NAD83(2011)', 'NAD83_National_Spatial_Reference_System_2011'],
  ['GCS_WGS_1984', 'D_WGS_1984'],
  ['WGS 84', 'WGS_1984'],
])('%s is taken', async (name, datum) => {
  for (const path of await putSets('near', geographic(name, datum))) {
    await expect(assertDegrees(path)).resolves.toBeUndefined();
  }
});

test('a set without .prj is taken', async () => {
  await writeFile(join(root, 'bare.shp'), '');
  await expect(assertDegrees(join(root, 'bare.shp'))).resolves.toBeUndefined();
});

test.each([
  [geographic('GCS_North_American_1927', 'D_North_American_1927'), 'GCS_North_American_1927 (NAD 27)'],
  [geographic('NAD27', 'North_American_Datum_1927'), 'NAD27 (NAD 27)'],
  [geographic('GCS_Puerto_Rico', 'D_Puerto_Rico'), 'GCS_Puerto_Rico, on the datum D_Puerto_Rico'],
  [
    `PROJCS["NAD_1983_StatePlane_Oregon",${geographic('GCS_North_American_1983', 'D_North_American_1983')}]`,
    'NAD_1983_StatePlane_Oregon, a projection in meters or feet',
  ],
])('%s is refused with what to do', async (projection, system) => {
  for (const path of await putSets('far', projection)) {
    const refusal = expect(assertDegrees(path)).rejects;
    await refusal.toMatchObject({ code: 'INVALID_SETTING', message: expect.stringContaining(`${path}: its .prj`) });
    await expect(assertDegrees(path)).rejects.toThrow(system);
    await expect(assertDegrees(path)).rejects.toThrow('ogr2ogr -t_srs EPSG:4269');
  }
});
