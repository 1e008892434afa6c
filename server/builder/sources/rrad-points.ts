import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseStreetLine, parseUnit } from '../../address/index.ts';
import type { Source, SourceFact } from '../source.ts';
import { toCityName } from './geonames-postal.ts';
import { findDataPackage, type ResolvePackage } from './packages.ts';

interface RradAddress {
  readonly address1: string;
  readonly address2: string;
  readonly city?: string;
  readonly state: string;
  readonly postalCode: string;
  readonly coordinates: { readonly lat: number; readonly lng: number };
}

const file = 'addresses-us-all.min.json';

/** Some three thousand real address points of sixteen states, for demonstration. */
export function rradPoints(resolve: ResolvePackage): Source {
  const { folder, version } = findDataPackage('rrad', resolve);
  return {
    step: 'points',
    manifest: {
      name: 'Real, Random Address Data (npm rrad)',
      version,
      licence: 'Public domain',
      attribution:
        'Demonstration address points: Real, Random Address Data, drawn from public-domain sources of OpenAddresses (openaddresses.io).',
    },
    async read() {
      const { addresses } = JSON.parse(await readFile(join(folder, file), 'utf8')) as { addresses: RradAddress[] };
      return { total: addresses.length, facts: addresses.map(toFact) };
    },
  };
}

function toFact(address: RradAddress, index: number): SourceFact {
  const place = `${file}:${index + 1}`;
  const line = parseStreetLine(address.address1);
  if (line.houseNumber === '') return { kind: 'reject', place, reason: 'no house number' };
  if (!address.city) return { kind: 'reject', place, reason: 'no city' };
  if (line.name === '') return { kind: 'reject', place, reason: 'no street name' };
  const own = { designator: line.unitDesignator, number: line.unitNumber };
  const unit = address.address2.trim() === '' ? own : parseUnit(address.address2);
  const { predirectional, name, suffix, postdirectional } = line;
  return {
    kind: 'point',
    street: {
      postalCode: address.postalCode,
      predirectional,
      name,
      suffix,
      postdirectional,
      city: toCityName(address.city),
    },
    stateProvince: address.state,
    point: {
      houseNumber: line.houseNumber,
      unitDesignator: unit.designator,
      unitNumber: unit.number,
      addOn: '',
      coordinates: { longitude: address.coordinates.lng, latitude: address.coordinates.lat },
    },
  };
}
