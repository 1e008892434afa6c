import { existsSync } from 'node:fs';
import type { AddressDatabase } from '../../server/reference-data/index.ts';
import { type OutputRow, parseOptions, serviceRegistry } from '../../server/services/index.ts';
import { readCsv } from './csv-rows.ts';
import { dataFolder } from './geocoding-brute-force.ts';
import { toStreetWords, toWords } from './parsing-words.ts';
import { buildPoolDatabase } from './pool-database.ts';
import type { AccuracyReport } from './report.ts';
import {
  type AskedRow,
  type DamagedRow,
  numberOf,
  type PlacedRow,
  type PlacedRows,
  poolFile,
  selectDamagedRows,
  selectPlacedRows,
  streetWordsOf,
} from './validation-rows.ts';

const rowsPerBatch = 500;
/** In a smaller class one wrong row is already too large a share to be judged by it. */
const judgedClass = 400;

type Verdict = 'recovered' | 'wrong' | 'unanswered';

/** Damaged rows against the pool they come from, and the ZIP Codes and counties of rows given without ZIP Code. */
export async function measureValidation(): Promise<AccuracyReport> {
  if (!existsSync(dataFolder)) {
    process.stderr.write('SKIPPED: accuracy validation needs ../shared/data, which is not here\n');
    return { suite: 'validation', measures: [], notes: ['skipped: ../shared/data is not here'], failures: [] };
  }
  const pool = readCsv(poolFile);
  const { database, close } = await buildPoolDatabase(pool);
  const degraded = await measureDegraded(pool, database);
  const placed = [];
  for (const [name, rows] of Object.entries(selectPlacedRows(pool)))
    placed.push(await measurePlaces(name, rows, database));
  await close();
  return {
    suite: 'validation',
    measures: [...degraded.measures, ...placed.flatMap(({ measures }) => measures)],
    notes: [
      'degraded: recovered when ZIP Code, house number and street are those of the undamaged row, and any unit is in it',
      'zip-right, county-right: addresses given without ZIP Code, of all with a house number',
    ],
    failures: [...degraded.failures, ...placed.flatMap(({ failures }) => failures)],
  };
}

async function measureDegraded(pool: readonly Readonly<Record<string, string>>[], database: AddressDatabase) {
  const { rows, counts } = selectDamagedRows(pool);
  const answers = await validate(
    rows.map(({ asked }) => asked),
    database,
  );
  const undamaged = await validate(
    rows.map(({ truth }) => truth),
    database,
  );
  const verdicts = rows.map((row, at) => judge(row, answers[at] ?? {}, undamaged[at] ?? {}));
  const shareOf = (defect: string, verdict: Verdict): number => {
    const ofClass = verdicts.filter((_, at) => defect === '' || rows[at]?.defect === defect);
    return (100 * ofClass.filter((one) => one === verdict).length) / ofClass.length;
  };
  const classes = [...new Set(rows.map(({ defect }) => defect))].sort();
  const sizeOf = (defect: string): number => rows.filter((row) => row.defect === defect).length;
  const judged = classes.filter((defect) => sizeOf(defect) >= judgedClass);
  const small = classes.filter((defect) => !judged.includes(defect));
  const wrongIn = (defect: string): number => Math.round((shareOf(defect, 'wrong') * sizeOf(defect)) / 100);
  const measures = [
    { measure: 'degraded-recovered', value: shareOf('', 'recovered'), unit: '%' },
    { measure: 'degraded-wrong', value: shareOf('', 'wrong'), unit: '%' },
    {
      measure: 'degraded-wrong-worst-class',
      value: Math.max(...judged.map((defect) => shareOf(defect, 'wrong'))),
      unit: '%',
    },
    {
      measure: 'degraded-wrong-rows-worst-small-class',
      value: Math.max(0, ...small.map(wrongIn)),
      unit: 'rows',
    },
    ...classes.flatMap((defect) => [
      { measure: `degraded-rows-${defect}`, value: sizeOf(defect), unit: 'rows' },
      { measure: `degraded-recovered-${defect}`, value: shareOf(defect, 'recovered'), unit: '%' },
      { measure: `degraded-wrong-${defect}`, value: shareOf(defect, 'wrong'), unit: '%' },
    ]),
    ...Object.entries(counts).map(([name, value]) => ({ measure: `degraded-${name}`, value, unit: 'rows' })),
  ];
  const failures = rows.flatMap((row, at) =>
    verdicts[at] === 'recovered'
      ? []
      : [
          `${verdicts[at]}: ${row.defect}: ${describe(row.asked, answers[at] ?? {})}; true: ${Object.values(row.truth).join(' | ')}`,
        ],
  );
  return { measures, failures };
}

/**
 * Right with ZIP Code, number and street of the undamaged row, or with the answer to that row where the pool itself
 * spells it oddly. Spaces do not count: `4915 B` is `4915B`.
 */
function judge({ asked, truth }: DamagedRow, answer: OutputRow, undamaged: OutputRow): Verdict {
  if (answer.Status === 'F') return 'unanswered';
  const isPlace = answer['PostalCode.Base'] === truth.zip.slice(0, 5);
  const street = streetTextOf(answer);
  const isUndamaged =
    isPlace && undamaged['PostalCode.Base'] === truth.zip.slice(0, 5) && street === streetTextOf(undamaged);
  const isStreet = toStreetText(`${numberOf(truth.line1)} ${streetWordsOf(truth.line1).join(' ')}`) === street;
  return isPlace && (isStreet || isUndamaged) && isUnitOf([asked, truth], answer) ? 'recovered' : 'wrong';
}

function streetTextOf(answer: OutputRow): string {
  const {
    HouseNumber = '',
    LeadingDirectional = '',
    StreetName = '',
    StreetSuffix = '',
    TrailingDirectional = '',
  } = answer;
  return toStreetText([HouseNumber, LeadingDirectional, StreetName, StreetSuffix, TrailingDirectional].join(' '));
}

/** Abbreviated words without spaces, leading zeros dropped. */
function toStreetText(text: string): string {
  return toStreetWords(text)
    .join('')
    .replace(/^0+(?=\d)/, '');
}

/** No unit is a building, and one echoed as asked is not confirmed; any other unit is another address. */
function isUnitOf(rows: readonly AskedRow[], { ApartmentNumber = '' }: OutputRow): boolean {
  const unit = toWords(ApartmentNumber).join('');
  return rows.some(({ line1, line2 }) => toWords(`${line1} ${line2}`).join('').includes(unit));
}

async function measurePlaces(name: string, { rows, counts }: PlacedRows, database: AddressDatabase) {
  const answers = await validate(
    rows.map(({ asked }) => asked),
    database,
  );
  const isZip = rows.map(({ zip }, at) => answers[at]?.Status !== 'F' && answers[at]?.['PostalCode.Base'] === zip);
  const isCounty = rows.map((row, at) => isCountyOf(row, answers[at] ?? {}));
  const share = (hits: readonly boolean[]): number => (100 * hits.filter(Boolean).length) / rows.length;
  const wrong = answers.filter((answer, at) => answer.Status !== 'F' && !isZip[at]).length;
  return {
    measures: [
      { measure: `zip-right-${name}`, value: share(isZip), unit: '%' },
      { measure: `zip-wrong-${name}`, value: (100 * wrong) / rows.length, unit: '%' },
      { measure: `county-right-${name}`, value: share(isCounty), unit: '%' },
      ...Object.entries(counts).map(([reason, value]) => ({ measure: `${name}-${reason}`, value, unit: 'rows' })),
    ],
    failures: rows.flatMap((row, at) =>
      isZip[at] ? [] : [`${name}: ${describe(row.asked, answers[at] ?? {})}; true: ${row.zip}`],
    ),
  };
}

function isCountyOf({ asked, countyFips, countyName }: PlacedRow, answer: OutputRow): boolean {
  if (answer.Status === 'F') return false;
  if (countyFips !== '')
    return answer.USFIPSCountyNumber === countyFips.slice(2) && answer.StateProvince === asked.state;
  return (
    toWords(answer.USCountyName ?? '')
      .join(' ')
      .replace(/^saint /, 'st ') === countyName.replace(/^saint /, 'st ')
  );
}

async function validate(rows: readonly AskedRow[], database: AddressDatabase): Promise<readonly OutputRow[]> {
  const service = serviceRegistry.find(({ name }) => name === 'ValidateAddress');
  if (!service) throw new Error('the registry has no service ValidateAddress');
  const values = parseOptions(service.options, { OutputRecordType: 'A,E,P', OutputCasing: 'U' });
  const outputs: OutputRow[] = [];
  for (let from = 0; from < rows.length; from += rowsPerBatch) {
    const batch = rows.slice(from, from + rowsPerBatch).map(({ line1, line2, city, state, zip }) => ({
      AddressLine1: line1,
      AddressLine2: line2,
      City: city,
      StateProvince: state,
      PostalCode: zip,
    }));
    for (const answers of await service.run(batch, values, { database: () => database }))
      outputs.push(answers[0] ?? {});
  }
  return outputs;
}

function describe(asked: AskedRow, answer: OutputRow): string {
  const got =
    answer.Status === 'F' ? answer['Status.Description'] : [answer.AddressLine1, answer['PostalCode.Base']].join(' ');
  return `${Object.values(asked).join(' | ')}: ${got}`;
}
