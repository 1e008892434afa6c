import type { FieldDefinition } from '../definition.ts';

export const inputFields: readonly FieldDefinition[] = [
  { name: 'FirstLatitude', description: 'Degrees north of the first point, in the format of FirstLatLonFormat' },
  { name: 'FirstLongitude', description: 'Degrees east of the first point, in the format of FirstLatLonFormat' },
  { name: 'SecondLatitude', description: 'Degrees north of the second point, in the format of SecondLatLonFormat' },
  { name: 'SecondLongitude', description: 'Degrees east of the second point, in the format of SecondLatLonFormat' },
];

export const outputFields: readonly FieldDefinition[] = [
  { name: 'Distance', description: 'Straight-line distance in the unit of Units, at most nine characters' },
  { name: 'Confidence', description: '100, or 0 when nothing could be computed' },
  { name: 'Status', description: 'F when nothing could be computed' },
  { name: 'Status.Code', description: 'Failure' },
  { name: 'Status.Description', description: 'The reason in words' },
];
