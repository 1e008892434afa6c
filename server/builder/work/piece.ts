import type { VisitFact } from '../address-fact.ts';
import type { AddressStandard } from '../sources/address-standard.ts';
import { readDelimitedPiece } from '../sources/delimited-points.ts';
import { readGeoJsonPiece } from '../sources/geojson-points.ts';
import { readTigerRanges } from '../sources/tiger-ranges.ts';
import type { PieceWork } from './piece-work.ts';

/** Tells every fact of a piece in its order, lines counted from 1; resolves with the number of its lines. */
export async function readPiece(work: PieceWork, standard: AddressStandard, visit: VisitFact): Promise<number> {
  switch (work.kind) {
    case 'delimited':
      return readDelimitedPiece(work.bytes, work.layout, standard, visit);
    case 'geojson':
      return readGeoJsonPiece(work.bytes, standard, visit);
    case 'ranges':
      return await readTigerRanges(work.path, standard, visit);
  }
}
