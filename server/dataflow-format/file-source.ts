import { readFieldType } from './fields.ts';
import type { StageFormat } from './stage-format.ts';
import { childOf, childrenOf, textOf, unknownChildren, type XmlElement } from './xml.ts';

const rootMembers = ['firstRecordNumber', 'maxRows', 'dataSourceMetadata', 'trimColumns', 'sortColumns'];
const layoutMembers = [
  'encoding',
  'host',
  'path',
  'port',
  'protocol',
  'delimiter',
  'textQualifier',
  'skipFirstRow',
  'lineSeparator',
  'strictlyEnforceColumnCount',
  'fields',
];

/** Read from File, for delimited files of the server; what else there is stays as it is. */
export const fileSourceFormat: StageFormat = {
  stageName: 'source',
  type: 'ReadFromFile',
  read(root) {
    const layout = childOf(childOf(root, 'dataSourceMetadata'), 'CSVMetadata');
    if (layout === undefined) return { settings: {}, notUnderstood: ['only delimited files are understood'] };
    const trimmed = new Map(
      childrenOf(childOf(root, 'trimColumns'), 'trimColumn').map((column) => [
        textOf(column, 'name'),
        textOf(column, 'trim').toUpperCase(),
      ]),
    );
    const fields = childrenOf(childOf(layout, 'fields'), 'field').map((field) => ({
      name: textOf(field, 'name'),
      type: readFieldType(textOf(field, 'type')) ?? 'string',
      ...(trimmed.get(textOf(field, 'name')) === 'TRIM' && { trim: true }),
    }));
    const isStrict = textOf(layout, 'strictlyEnforceColumnCount') === 'true';
    const maximumRecords = Number(textOf(root, 'maxRows'));
    return {
      settings: {
        file: textOf(layout, 'path'),
        recordType: 'delimited',
        encoding: textOf(layout, 'encoding') || 'UTF-8',
        separator: toCharacter(textOf(layout, 'delimiter')) || ',',
        qualifier: toCharacter(textOf(layout, 'textQualifier')),
        hasHeader: textOf(layout, 'skipFirstRow') === 'true',
        fields,
        startingRecord: Math.max(1, Number(textOf(root, 'firstRecordNumber')) || 1),
        ...(maximumRecords > 0 && { maximumRecords }),
        ...(isStrict && { fewerFieldsAreMalformed: true, moreFieldsAreMalformed: true }),
      },
      notUnderstood: listUnknown(root, layout, trimmed),
    };
  },
  write: () => undefined,
};

function listUnknown(root: XmlElement | undefined, layout: XmlElement, trimmed: ReadonlyMap<string, string>): string[] {
  const unknown = [...unknownChildren(root, rootMembers), ...unknownChildren(layout, layoutMembers)];
  const types = childrenOf(childOf(layout, 'fields'), 'field')
    .map((field) => textOf(field, 'type'))
    .filter((type) => readFieldType(type) === undefined);
  const trims = [...trimmed.values()].filter((trim) => trim !== 'TRIM' && trim !== 'NONE' && trim !== '');
  return [
    ...unknown.map((name) => `${name} is not known`),
    ...[...new Set(types)].map((type) => `the field type ${type} is not known`),
    ...[...new Set(trims)].map((trim) => `the trim ${trim} is not known`),
    ...(textOf(layout, 'host') === '' ? [] : [`the file is on the file server ${textOf(layout, 'host')}`]),
    ...(textOf(layout, 'lineSeparator') === '' ? [] : ['lineSeparator is not known']),
    ...((childOf(root, 'sortColumns')?.children.length ?? 0) === 0 ? [] : ['sortColumns is not known; use a Sorter']),
  ];
}

/** Characters are written as four hexadecimal digits each. */
function toCharacter(digits: string): string {
  return (digits.match(/[\dA-Fa-f]{4}/g) ?? []).map((code) => String.fromCharCode(Number.parseInt(code, 16))).join('');
}
