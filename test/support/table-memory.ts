import { compareText } from '../../server/configuration/canonical.ts';
import type { Attributes, Condition, Item, Key, Table } from '../../server/configuration/table.ts';

/** Few, so that tests see several pages. */
const scannedAtATime = 20;

/** The table as plain data, at once and without faults: the reference that the real client is compared with. */
export class MemoryTable implements Table {
  readonly partitions = new Map<string, Map<string, Attributes>>();

  async get(key: Key): Promise<Item | undefined> {
    const attributes = this.partitions.get(key.partition)?.get(key.sort);
    return attributes && { key, attributes };
  }

  async query(range: Parameters<Table['query']>[0]): ReturnType<Table['query']> {
    const found = [...(this.partitions.get(range.partition) ?? [])]
      .filter(([sort]) => sort >= range.from && sort <= range.to)
      .sort(([a], [b]) => (range.order === 'ascending' ? compareText(a, b) : compareText(b, a)));
    const items = found
      .slice(0, range.limit)
      .map(([sort, attributes]) => ({ key: { partition: range.partition, sort }, attributes }));
    return { items, hasMore: found.length > range.limit, readUnits: 0.5 };
  }

  async put(key: Key, attributes: Attributes, condition: Condition): Promise<'written' | 'refused'> {
    if (!this.holds(key, condition)) return 'refused';
    const partition = this.partitions.get(key.partition) ?? new Map<string, Attributes>();
    this.partitions.set(key.partition, partition);
    partition.set(key.sort, { ...attributes });
    return 'written';
  }

  async delete(key: Key, condition: Condition): Promise<'written' | 'refused'> {
    if (!this.holds(key, condition)) return 'refused';
    this.partitions.get(key.partition)?.delete(key.sort);
    return 'written';
  }

  async scan({ partitionPrefix, attribute, after }: Parameters<Table['scan']>[0]): ReturnType<Table['scan']> {
    const places = [...this.partitions].flatMap(([partition, sorts]) =>
      [...sorts].map(([sort, attributes]) => ({ partition, sort, value: attributes[attribute] })),
    );
    const isAfter = ({ partition, sort }: Key) =>
      !after || partition > after.partition || (partition === after.partition && sort > after.sort);
    const page = places
      .sort((a, b) => compareText(a.partition, b.partition) || compareText(a.sort, b.sort))
      .filter(isAfter)
      .slice(0, scannedAtATime);
    const last = page.length < scannedAtATime ? undefined : page.at(-1);
    return {
      items: page
        .filter(({ partition }) => partition.startsWith(partitionPrefix))
        .map(({ partition, sort, value }) => ({
          key: { partition, sort },
          attributes: value === undefined ? {} : { [attribute]: value },
        })),
      next: last && { partition: last.partition, sort: last.sort },
    };
  }

  close(): void {}

  private holds(key: Key, condition: Condition): boolean {
    const current = this.partitions.get(key.partition)?.get(key.sort);
    if (condition === 'none') return true;
    if (condition === 'absent') return current === undefined;
    return current?.[condition.name] === condition.equals;
  }
}
