/** A step of a path: a member or element, perhaps the nth of its name, or an attribute. */
export interface PathStep {
  readonly name: string;
  /** Counted from 0. */
  readonly index: number | undefined;
  readonly isAttribute: boolean;
}

/** Parses `address.lines[1]` (JSON, `.` between steps) or `Street/Line[1]/@n` (XML, `/`); `.` alone has no steps. */
export function parsePath(text: string, separator: '.' | '/'): readonly PathStep[] {
  if (text === '.') return [];
  return text.split(separator).map((part, place, parts) => {
    const [, at, name = '', index] = /^(@?)([^@[\]]+)(?:\[(\d{1,6})\])?$/.exec(part) ?? [];
    const isAttribute = at === '@';
    if (name === '' || index === '0' || (isAttribute && (separator === '.' || place < parts.length - 1 || index))) {
      throw new RangeError(`${JSON.stringify(part)} in ${text} is no step; write a name, or name[1] for the first one`);
    }
    return { name, index: index === undefined ? undefined : Number(index) - 1, isAttribute };
  });
}
