import { integer, oneOf, text } from '../options.ts';

/** Addressing reference section 5. */
export const options = {
  MaximumResults: integer(1, 100, 10, 'Most candidates to return'),
  OutputCasing: oneOf(['M', 'U'], 'M mixed, U upper case'),
  'Database.US': text('Database resource to search in'),
};
