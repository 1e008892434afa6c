import type { StagePlan } from './definition.ts';
import type { ChannelDocument } from './document.ts';

/** A stage as far as its fields are concerned. */
interface FieldUser {
  readonly plan: Pick<StagePlan, 'outputs' | 'reads'>;
  readonly inputs: ReadonlyMap<string, ChannelDocument>;
  readonly outputs: ReadonlyMap<string, ChannelDocument>;
}

/** By channel, the fields that a stage behind it reads; `stages` come behind those that feed them. */
export function findReadFields(stages: readonly FieldUser[]): ReadonlyMap<ChannelDocument, ReadonlySet<string>> {
  const names = new Map<ChannelDocument, readonly string[]>();
  for (const { plan, outputs } of stages) {
    for (const [port, channel] of outputs) names.set(channel, plan.outputs.get(port)?.names() ?? []);
  }
  const read = new Map<ChannelDocument, ReadonlySet<string>>();
  for (const { plan, inputs, outputs } of [...stages].reverse()) {
    const needed = plan.reads?.(uniteFields(outputs, read));
    for (const channel of inputs.values()) {
      const arriving = names.get(channel) ?? [];
      read.set(channel, new Set(needed === undefined ? arriving : arriving.filter((name) => needed.has(name))));
    }
  }
  return read;
}

/** The fields that are read behind any of these outputs. */
export function uniteFields(
  outputs: ReadonlyMap<string, ChannelDocument>,
  read: ReadonlyMap<ChannelDocument, ReadonlySet<string>>,
): ReadonlySet<string> {
  return new Set([...outputs.values()].flatMap((channel) => [...(read.get(channel) ?? [])]));
}
