import { choice, flag, list, preset, record, required, text } from '../foundation/fields.ts';

const key = record('A field to sort by', {
  field: required(text('Field', { minimum: 1, maximum: 200 })),
  direction: preset(choice('Smallest or largest first', ['ascending', 'descending']), 'ascending'),
  compareAs: preset(
    choice('How texts are compared; other types by their value', ['character', 'numeric']),
    'character',
  ),
  trim: preset(flag('Compare texts without the spaces at both ends; the records keep them'), false),
  nulls: preset(choice('Where records without a value go', ['smallest', 'largest']), 'smallest'),
});

/** What records are sorted by, the first field counts most. */
export const sortKeys = list('Fields, the first one counts most', key, 100);
