import type { App } from './app.ts';

/**
 * A parent that speaks for several processes asks each for its metrics. One that hears nothing goes on without: trouble
 * with them, or a parent that is gone meanwhile, ends no process under its requests.
 */
export function answerParent(
  parent: Pick<NodeJS.Process, 'on' | 'send'>,
  app: Pick<App, 'metrics'>,
  onTrouble: (error: unknown) => void,
): void {
  const answer = async (question: number) => {
    const { text } = await app.metrics();
    parent.send?.({ metricsOf: question, text }, undefined, undefined, () => undefined);
  };
  parent.on('message', ({ askMetrics }: { readonly askMetrics?: number }) => {
    if (askMetrics !== undefined) answer(askMetrics).catch(onTrouble);
  });
}
