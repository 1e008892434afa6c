import type { Layout, Output, Row, Stage, StageType } from '../../dataflow/index.ts';
import { uniteLayouts } from '../layouts.ts';
import { streamCombinerDefinition } from './definition.ts';

export const streamCombiner: StageType = {
  definition: streamCombinerDefinition,
  plan: ({ inputs, inputsAreAligned }) => {
    const { layout, problems } = uniteLayouts(inputs);
    return {
      outputs: new Map([['output_port', layout]]),
      problems,
      flow: 'streaming',
      canResume: true,
      ...(inputsAreAligned ? {} : { order: 'none' as const }),
      open: ({ outputs }) => combine(inputs, layout, outputs.get('output_port'), inputsAreAligned),
    };
  },
};

/**
 * Streams that were parted from one source and answer batch by batch are joined by one batch from each in turn, in the
 * same order in every run. Of others one may wait for the end of another, so they are taken as they come.
 */
function combine(
  inputs: ReadonlyMap<string, Layout>,
  layout: Layout,
  output: Output | undefined,
  isAligned: boolean,
): Stage {
  const adapters = new Map([...inputs].map(([port, input]) => [port, createAdapter(input, layout)]));
  const write = (rows: Row[], port: string) => {
    const adapt = adapters.get(port);
    return output?.write(adapt === undefined ? rows : rows.map(adapt));
  };
  if (!isAligned) return { process: write };
  const turns = new Turns([...inputs.keys()]);
  return {
    async process(rows, port) {
      await turns.wait(port);
      await write(rows, port);
      turns.pass();
    },
    endOfInput: (port) => turns.leave(port),
  };
}

/** Lets the ports have a turn each, in order. */
class Turns {
  readonly #ports: string[];
  readonly #waiting = new Map<string, () => void>();

  constructor(ports: readonly string[]) {
    this.#ports = [...ports];
  }

  async wait(port: string): Promise<void> {
    if (this.#ports[0] === port) return;
    await new Promise<void>((resolve) => this.#waiting.set(port, resolve));
  }

  pass(): void {
    this.#ports.push(...this.#ports.splice(0, 1));
    this.#wake();
  }

  leave(port: string): void {
    this.#ports.splice(this.#ports.indexOf(port), 1);
    this.#wake();
  }

  #wake(): void {
    const [next = ''] = this.#ports;
    const resolve = this.#waiting.get(next);
    this.#waiting.delete(next);
    resolve?.();
  }
}

/** Undefined when the rows fit as they are. */
function createAdapter(input: Layout, layout: Layout): ((row: Row) => Row) | undefined {
  if (input.equals(layout)) return undefined;
  const positions = layout.names().map((name) => input.positionOf(name));
  return (row) => positions.map((position) => row[position] ?? null);
}
