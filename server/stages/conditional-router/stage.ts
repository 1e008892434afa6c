import type { ExpressionNode, Layout, Output, Problem, Row, Stage, StageType } from '../../dataflow/index.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import { compileRouterCondition } from './conditions.ts';
import { type ConditionalRouterSettings, conditionalRouterDefinition } from './definition.ts';

interface Route {
  readonly port: string;
  readonly condition: ExpressionNode;
}

export const conditionalRouter: StageType<ConditionalRouterSettings> = {
  definition: conditionalRouterDefinition,
  plan: ({ settings, inputs, outputs }) => {
    const layout = inputs.get('input_port') as Layout;
    const conditionFields = new Set<string>();
    const { routes, problems } = planRoutes(settings, layout.noting(conditionFields));
    const named = [
      ...settings.conditions.map(({ port }) => port),
      ...(settings.default === undefined ? [] : [settings.default]),
    ];
    problems.push(...checkPorts(named, outputs));
    return {
      outputs: new Map(outputs.map((port) => [port, layout])),
      problems,
      flow: 'streaming',
      canResume: true,
      canShareRows: true,
      reads: (wanted) => new Set([...wanted, ...conditionFields]),
      open: (context) => createRouter(settings, routes, context.outputs),
    };
  },
};

function planRoutes({ conditions }: ConditionalRouterSettings, layout: Layout) {
  const routes: Route[] = [];
  const problems: Problem[] = [];
  for (const condition of conditions) {
    try {
      routes.push({ port: condition.port, condition: compileRouterCondition(condition, layout) });
    } catch (error) {
      if (!(error instanceof SpectrumError)) throw error;
      problems.push({ port: condition.port, setting: 'conditions', sentence: error.message });
    }
  }
  return { routes, problems };
}

function checkPorts(named: readonly string[], connected: readonly string[]): Problem[] {
  const lost = [...new Set(named)].filter((port) => !connected.includes(port));
  const idle = connected.filter((port) => !named.includes(port));
  return [
    ...lost.map((port) => ({
      port,
      sentence: 'a condition sends records here, but the port has no channel; connect it',
    })),
    ...idle.map((port) => ({
      port,
      sentence: 'no condition sends records here; add one, or make the port the default',
    })),
  ];
}

function createRouter(
  settings: ConditionalRouterSettings,
  routes: readonly Route[],
  outputs: ReadonlyMap<string, Output>,
): Stage {
  const copies = settings.copyToEach === 'each';
  return {
    async process(rows) {
      const sorted = new Map([...outputs.keys()].map((port) => [port, [] as Row[]]));
      for (const row of rows) {
        let isRouted = false;
        for (const { port, condition } of routes) {
          if (condition.evaluate(row) !== true) continue;
          // Whoever receives a row may change it.
          sorted.get(port)?.push(isRouted ? [...row] : row);
          isRouted = true;
          if (!copies) break;
        }
        if (!isRouted && settings.default !== undefined) sorted.get(settings.default)?.push(row);
      }
      for (const [port, chosen] of sorted) await outputs.get(port)?.write(chosen);
    },
  };
}
