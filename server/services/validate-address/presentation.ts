import type { OptionValues } from '../options.ts';
import type { options } from './options.ts';

/** What a call wants to see of each answer. */
export interface Presentation {
  readonly standard: boolean;
  readonly elements: boolean;
  readonly input: boolean;
  readonly postal: boolean;
  readonly results: boolean;
  readonly blocks: boolean;
  readonly separator: string;
  readonly casing: 'M' | 'U';
}

export function toPresentation(values: OptionValues<typeof options>): Presentation {
  const groups = values.OutputRecordType.toUpperCase();
  return {
    standard: groups.includes('A'),
    elements: groups.includes('E'),
    input: groups.includes('I'),
    postal: groups.includes('P'),
    results: values.OutputFieldLevelReturnCodes,
    blocks: values.OutputAddressBlocks,
    separator: values.OutputPostalCodeSeparator ? '-' : '',
    casing: values.OutputCasing,
  };
}
