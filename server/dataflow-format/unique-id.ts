import type { StageFormat } from './stage-format.ts';
import { childOf, childrenOf, type XmlElement } from './xml.ts';

/** Unique ID Generator, where it gives random UUIDs. */
export const uniqueIdFormat: StageFormat = {
  stageName: 'UniqueIDGenerator',
  type: 'UniqueIDGenerator',
  read(root) {
    const [rules, ...others] = childrenOf(root, 'Rules');
    const [rule, ...more] = childrenOf(rules, 'Rule').filter((one) => attributeOf(one, 'Active') !== 'N');
    const field = attributeOf(rules, 'HashGenerationField');
    const isRandom = rule !== undefined && more.length === 0 && attributeOf(rule, 'Algorithm') === 'UUID';
    const isUnderstood = isRandom && others.length === 0 && field !== '';
    return {
      settings: { method: 'uuid', ...(field !== '' && { field }) },
      notUnderstood: isUnderstood ? [] : ['only one random UUID is understood; set the method and the parts of the id'],
    };
  },
  write: () => undefined,
};

function attributeOf(element: XmlElement | undefined, name: string): string {
  return childOf(element, name)?.attributes.value ?? '';
}
