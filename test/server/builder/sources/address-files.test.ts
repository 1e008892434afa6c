import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { AddressFact } from '../../../../server/builder/address-fact.ts';
import { openAddressFile } from '../../../../server/builder/sources/address-files.ts';
import { AddressStandard } from '../../../../server/builder/sources/address-standard.ts';
import { parseColumnMap } from '../../../../server/builder/sources/column-map.ts';
import { geonamesFile, isGeonamesFile } from '../../../../server/builder/sources/geonames-postal.ts';
import { readPiece } from '../../../../server/builder/work/piece.ts';
import { packShapefile, packZip, packZip64 } from '../../../support/archives.ts';
import { makeTemporaryFolder } from '../../../support/vintage-folder.ts';

let root: string;
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ path: root, remove } = await makeTemporaryFolder());
});
afterAll(() => remove());

const notes = {
  map: undefined,
  fallback: { city: '', state: '' },
  version: '1',
  licence: 'not stated',
  attribution: '',
};

async function put(name: string, content: string | Buffer): Promise<string> {
  const path = join(root, name);
  await writeFile(path, content);
  return path;
}

async function readFacts(path: string, given: Partial<Parameters<typeof openAddressFile>[1]> = {}) {
  const source = await openAddressFile(path, { ...notes, ...given });
  const facts: AddressFact[] = [];
  let lines = source.linesBefore;
  for await (const { work } of source.pieces()) {
    const before = lines;
    const standard = new AddressStandard(work.fallback);
    lines += await readPiece(work, standard, (fact) => facts.push({ ...fact, line: before + fact.line }));
  }
  return { facts, manifest: source.manifest };
}

/** Line, kind and what is needed to know an address again. */
function summarize(fact: AddressFact): string {
  const parts = (key: string) => key.split('\u001f').join('|');
  if (fact.kind === 'reject') return `${fact.line} reject ${fact.reason}`;
  if (fact.kind === 'range') {
    const { low, high, parity, side } = fact.range;
    return `${fact.line} range ${fact.postalCode} ${low}-${high} ${parity}${side} ${parts(fact.streetKey)}`;
  }
  if (fact.kind === 'alias') {
    return `${fact.line} alias ${fact.postalCode} ${fact.type} ${parts(fact.aliasKey)} of ${parts(fact.streetKey)}`;
  }
  const { houseNumber, unitDesignator, unitNumber, addOn, firmName } = fact.point;
  const firm = firmName === undefined ? '' : ` at ${firmName}`;
  return `${fact.line} point ${fact.postalCode}-${addOn} ${houseNumber} ${parts(fact.streetKey)} ${unitDesignator} ${unitNumber} ${fact.stateProvince}${firm}`;
}

// The columns of the National Address Database, release 13, in their order.
const nadColumns =
  'OID_,AddNum_Pre,Add_Number,AddNum_Suf,AddNo_Full,St_PreMod,St_PreDir,St_PreTyp,St_PreSep,St_Name,St_PosTyp,St_PosDir,St_PosMod,StNam_Full,Building,Floor,Unit,Room,Seat,Addtl_Loc,SubAddress,LandmkName,County,Inc_Muni,Post_City,Census_Plc,Uninc_Comm,Nbrhd_Comm,NatAmArea,NatAmSub,Urbnztn_PR,PlaceOther,PlaceNmTyp,State,Zip_Code,Plus_4,UUID,AddAuth,AddrRefSys,Longitude,Latitude,NatGrid,Elevation,Placement,AddrPoint,Related_ID,RelateType,ParcelSrc,Parcel_ID,AddrClass,Lifecycle,Effective,Expire,DateUpdate,AnomStatus,LocatnDesc,Addr_Type,DeliverTyp,NAD_Source,DataSet_ID'.split(
    ',',
  );

function nadRow(values: Readonly<Record<string, string>>): string {
  return nadColumns
    .map((column) => (/[",]/.test(values[column] ?? '') ? `"${values[column]}"` : (values[column] ?? '')))
    .join(',');
}

test('National Address Database: number and street in parts, units, places that are not stated', async () => {
  const place = { State: 'UT', Zip_Code: '84321', Longitude: '-111.83', Latitude: '41.73' };
  const rows = [
    {
      ...place,
      Add_Number: '55',
      St_PreDir: 'North',
      St_Name: 'Main',
      St_PosTyp: 'Street',
      Post_City: 'Logan',
      Plus_4: '4512',
    },
    {
      ...place,
      Add_Number: '820',
      AddNum_Suf: '1/2',
      St_PreTyp: 'Highway',
      St_Name: '89',
      Post_City: 'Not stated',
      Inc_Muni: 'Unincorporated',
    },
    {
      ...place,
      Add_Number: '7',
      St_Name: 'Oak',
      St_PosTyp: 'Lane',
      St_PosDir: 'SW',
      Unit: 'APT 3',
      Inc_Muni: 'Logan',
    },
    { ...place, Add_Number: '9', St_Name: 'Oak', St_PosTyp: 'Lane', Longitude: '', Latitude: '' },
  ];
  const path = await put('NAD_r13.txt', `\uFEFF${nadColumns.join(',')}\r\n${rows.map(nadRow).join('\r\n')}\r\n`);
  const { facts } = await readFacts(path);
  expect(facts.map(summarize)).toEqual([
    '2 point 84321-4512 55 MAIN|ST|N||LOGAN   UT',
    '3 point 84321- 820 1/2 HIGHWAY 89||||   UT',
    '4 point 84321- 7 OAK|LN||SW|LOGAN APT 3 UT',
    '5 reject no coordinates',
  ]);
});

test('National Address Database: urbanizations of Puerto Rico, and of nowhere else', async () => {
  const place = { State: 'PR', Zip_Code: '00926', Longitude: '-66.05', Latitude: '18.35', Add_Number: '1' };
  const rows = ['Urbanización Alamar', 'URB. ALAMAR', 'Ext. Alamar', 'Not stated', ''].map((Urbnztn_PR) => ({
    ...place,
    St_Name: 'Calle A',
    Urbnztn_PR,
  }));
  rows.push({ ...place, State: 'UT', Zip_Code: '84321', St_Name: 'Calle A', Urbnztn_PR: 'Alamar' });
  const path = await put('NAD_pr.txt', `${nadColumns.join(',')}\n${rows.map(nadRow).join('\n')}\n`);
  const { facts } = await readFacts(path);
  expect(facts.map((fact) => (fact.kind === 'point' ? fact.streetKey.split('\u001f').slice(4).join('|') : ''))).toEqual(
    ['|URB ALAMAR', '|URB ALAMAR', '|EXT. ALAMAR', '', '', ''],
  );
});

test('firms and further names of streets by mapped columns', async () => {
  const text = [
    'NUM,ADDR1,COMPANY,OLDNAME,KIND,ZIP,X,Y',
    '12,Oak Ave, Acme  Tools Inc ,Elm Street,Changed,20190,-77,38.9',
    '14,Oak Ave,,,,20190,-77,38.9',
    '16,Oak Ave,,Oak Ave,,20190,-77,38.9',
    '18,Oak Ave,Not stated,Ash Road,,2019,-77,38.9',
    '',
  ].join('\n');
  const map = parseColumnMap(
    'number=NUM,street=ADDR1,firm=COMPANY,alias=OLDNAME,aliasType=KIND,postalCode=ZIP,longitude=X,latitude=Y',
  );
  const { facts } = await readFacts(await put('firms.csv', text), { map });
  expect(facts.map(summarize)).toEqual([
    '2 point 20190- 12 OAK|AVE|||    at ACME TOOLS INC',
    '2 alias 20190 C ELM|ST||| of OAK|AVE|||',
    '3 point 20190- 14 OAK|AVE|||   ',
    '4 point 20190- 16 OAK|AVE|||   ',
    '4 reject no alias of the street',
    '5 reject the ZIP Code is not five digits',
    '5 reject the ZIP Code of an alias is not five digits',
  ]);
});

test('a list of aliases needs no addresses, and is known beside a file that is mapped', async () => {
  const text = 'ALIAS,TYPE,STREET,ZIP\nWisconsin Avenue,O,Rockville Pike,20852\nOld Georgetown Rd,,MD-187,20852\n';
  const path = await put('aliases.csv', text);
  const map = parseColumnMap('number=NUM,street=ADDR1,postalCode=POSTAL,longitude=X,latitude=Y');
  for (const given of [undefined, map]) {
    const { facts } = await readFacts(path, { map: given });
    expect(facts.map(summarize)).toEqual([
      '2 alias 20852 O WISCONSIN|AVE||| of ROCKVILLE|PIKE|||',
      expect.stringMatching(/^3 alias 20852 O OLD GEORGETOWN\|RD\|\|\| of /),
    ]);
  }
  const own = parseColumnMap('alias=NEW,aliasType=T,street=OLD,postalCode=Z');
  const mapped = await readFacts(await put('own-aliases.csv', 'NEW,T,OLD,Z\nElm St,P,Oak St,20190\n'), { map: own });
  expect(mapped.facts.map(summarize)).toEqual(['2 alias 20190 P ELM|ST||| of OAK|ST|||']);
});

test('OpenAddresses in a large archive with 64-bit sizes', async () => {
  const csv =
    'LON,LAT,NUMBER,STREET,UNIT,CITY,DISTRICT,REGION,POSTCODE,ID,HASH\n-77,38.9,12,Oak Ave,,Reston,,VA,20190,,a\n';
  const path = await put('large.zip', packZip64('us/va/fairfax.csv', Buffer.from(csv)));
  const { facts } = await readFacts(path);
  expect(facts.map(summarize)).toEqual(['2 point 20190- 12 OAK|AVE|||RESTON   VA']);
});

const line = [
  [-87.9, 42.5],
  [-87.8, 42.5],
];

test('Census EDGES with FACES and PLACE beside it, as a loose set and as archives', async () => {
  const edge = { TFIDL: '11', TFIDR: '12', ZIPL: '53140', ZIPR: '53140', ROADFLG: 'Y' };
  const edges = packShapefile([
    {
      attributes: { ...edge, FULLNAME: '7th Ave', LFROMADD: '5799', LTOADD: '5701', RFROMADD: '5700', RTOADD: '5798' },
      line,
    },
    {
      attributes: { ...edge, FULLNAME: 'Pike River', LFROMADD: '', LTOADD: '', RFROMADD: '', RTOADD: '', ROADFLG: 'N' },
      line,
    },
    { attributes: { ...edge, FULLNAME: '8th Ave', LFROMADD: 'A1', LTOADD: 'A9', RFROMADD: '', RTOADD: '' }, line },
  ]);
  const faces = packShapefile([
    { attributes: { TFID: '11', STATEFP: '55', PLACEFP: '39225' }, line },
    { attributes: { TFID: '12', STATEFP: '55', PLACEFP: '' }, line },
  ]);
  const place = packShapefile([{ attributes: { STATEFP: '55', PLACEFP: '39225', NAME: 'Kenosha' }, line }]);
  const wanted = [
    '1 range 53140 5701-5799 OR 7TH|AVE|||KENOSHA',
    '1 range 53140 5700-5798 ER 7TH|AVE|||',
    '3 reject a range is not numeric',
  ];
  const loose = await put('tl_2025_55059_edges.shp', edges.shapes);
  await put('tl_2025_55059_edges.dbf', edges.table);
  await put('tl_2025_55059_faces.zip', packZip({ 'f.shp': faces.shapes, 'f.dbf': faces.table }));
  await put('tl_2025_55_place.zip', packZip({ 'p.shp': place.shapes, 'p.dbf': place.table }));
  const { facts, manifest } = await readFacts(loose);
  expect(facts.map(summarize)).toEqual(wanted);
  expect(manifest.licence).toBe('Public domain (United States government work)');
  const zipped = await put('tl_2025_55061_edges.zip', packZip({ 'e.shp': edges.shapes, 'e.dbf': edges.table }));
  const alone = await readFacts(zipped);
  expect(alone.facts.map(summarize)).toEqual(wanted.map((text) => text.replace('KENOSHA', '')));
});

test('GeoNames postal codes, tab-separated without header', async () => {
  const path = await put('US.txt', 'US\t99553\tAkutan\tAlaska\tAK\tAleutians East\t013\t\t\t54.143\t-165.7854\t1\n');
  expect(await isGeonamesFile(path)).toBe(true);
  const { facts } = await geonamesFile(path, '2026-07').read();
  expect([...facts]).toMatchObject([
    {
      kind: 'postal-code',
      postalCode: { code: '99553', stateProvince: 'AK', countyFips: '02013', cities: [{ name: 'AKUTAN' }] },
    },
  ]);
});

test('a mapped file, columns joined and chosen', async () => {
  const text = 'NUM|DIR|ADDR1|APT|SUITE|ZIP|X|Y\n12|N|Oak Ave||200|20190|-77|38.9\n';
  const path = await put('mine.psv.gz', gzipSync(text));
  const map = parseColumnMap('number=NUM,street=DIR+ADDR1,unit=APT|SUITE,postalCode=ZIP,longitude=X,latitude=Y');
  const { facts } = await readFacts(path, { map, fallback: { city: 'Reston', state: 'va' } });
  expect(facts.map(summarize)).toEqual(['2 point 20190- 12 OAK|AVE|N||RESTON # 200 VA']);
});

test('each source has its own licence where a file beside it says so', async () => {
  const path = await put('own.csv', 'NUMBER,STREET,LON,LAT\n1,Oak Ave,-77,38.9\n');
  await put('own.csv.json', JSON.stringify({ name: 'City of Reston', licence: 'CC0 1.0' }));
  const { manifest } = await readFacts(path);
  expect(manifest).toEqual({ name: 'City of Reston', version: '1', licence: 'CC0 1.0', attribution: '' });
});

test.each([['[]'], ['{"licence": 1}'], ['{"colour": "red"}'], ['{']])('the notes %s are refused', async (text) => {
  const path = await put('wrong.csv', 'NUMBER,STREET,LON,LAT\n');
  await put('wrong.csv.json', text);
  await expect(readFacts(path)).rejects.toThrow(/wrong\.csv\.json: .* is not allowed; use an object with texts/);
});

test('a file without a column of house numbers is refused before its first row', async () => {
  const path = await put('renamed.csv', 'HOUSE_NUMBER,STREET,LON,LAT\n1,Oak Ave,-77,38.9\n');
  await expect(readFacts(path)).rejects.toThrow('its columns are HOUSE_NUMBER, STREET, LON, LAT; name those');
  const map = parseColumnMap('street=STREET,longitude=LON,latitude=LAT');
  await expect(readFacts(path, { map })).rejects.toThrow('name those of the address with --map');
});
