import {
  createTextFormatter,
  type Layout,
  type Problem,
  type Row,
  type StageContext,
  type StageType,
} from '../../dataflow/index.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import { parsePlaces } from '../databases.ts';
import { refuseField } from '../layouts.ts';
import { type ExecuteProgramSettings, executeProgramDefinition } from './definition.ts';

export const executeProgram: StageType<ExecuteProgramSettings> = {
  definition: executeProgramDefinition,
  plan: ({ settings, inputs }) => {
    const input = inputs.get('input_port') as Layout;
    const names = settings.arguments.flatMap((one) => parsePlaces(one).names);
    return {
      outputs: new Map(),
      problems: checkArguments(settings, names, input),
      flow: 'streaming',
      canResume: true,
      reads: () => new Set(names),
      open(context) {
        const write = settings.arguments.map((one) => createArgumentWriter(one, input));
        const run = (row: Row) =>
          runProgram(
            settings,
            write.map((argument) => argument(row)),
            context,
          );
        if (settings.runs === 'once') return { process: () => undefined, finish: () => run([]) };
        return {
          async process(rows) {
            for (const row of rows) await run(row);
          },
        };
      },
    };
  },
};

function checkArguments({ runs }: ExecuteProgramSettings, names: readonly string[], input: Layout): Problem[] {
  if (runs === 'per record')
    return names.filter((name) => input.positionOf(name) < 0).map((name) => refuseField('arguments', name, input));
  return names.map((name) => ({
    setting: 'arguments',
    field: name,
    sentence: `arguments: ${name} is a field, of which a program that runs once has none; leave it out`,
  }));
}

function createArgumentWriter(argument: string, input: Layout): (row: Row) => string {
  const { texts, names } = parsePlaces(argument);
  const values = names.map((name) => {
    const position = input.positionOf(name);
    const format = createTextFormatter(input.find(name)?.type ?? 'string');
    return (row: Row) => format(row[position] ?? null);
  });
  return (row) => texts.map((text, index) => text + (values[index]?.(row) ?? '')).join('');
}

async function runProgram(
  { program, timeoutSeconds, successCodes }: ExecuteProgramSettings,
  parameters: readonly string[],
  { resources, signal, stage }: StageContext,
): Promise<void> {
  if (resources.programs === undefined)
    throw new SpectrumError('NOT_PERMITTED', `stage ${stage}: programs are not run here; run it as a job`);
  const limits = { timeoutMs: timeoutSeconds * 1_000, signal };
  const { exitCode, said } = await resources.programs.run(program, parameters, limits);
  if (exitCode !== undefined && successCodes.includes(exitCode)) return;
  const how = exitCode === undefined ? `was killed, at the latest after ${timeoutSeconds} s` : `ended with ${exitCode}`;
  throw new SpectrumError('PROGRAM_FAILED', `stage ${stage}: program ${program} ${how}${said && `: ${said}`}`, {
    program,
    exitCode,
  });
}
