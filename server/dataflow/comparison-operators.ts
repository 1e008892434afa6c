/** How conditions compare a field, in the words of dataflow files (dataflow-format section 5.2). */
export const comparisonOperators = [
  'is equal to',
  'is not equal to',
  'is null',
  'is not null',
  'is less than',
  'is less than or equal to',
  'is greater than',
  'is greater than or equal to',
  'contains',
  'does not contain',
  'starts with',
  'does not start with',
  'ends with',
  'does not end with',
  'matches regular expression',
] as const;
