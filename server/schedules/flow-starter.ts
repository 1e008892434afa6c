/** What a schedule asks of the room that runs its flow. */
export interface FlowRequest {
  readonly flow: string;
  readonly options: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, string>>;
}

export interface FlowStarter {
  /** The id of the run; the same one when asked again with the key. Throws `SpectrumError` for what cannot run. */
  start(request: FlowRequest, by: string, key: string): Promise<string>;
  /** Also when nothing is known of the run any more. */
  hasEnded(run: string): Promise<boolean>;
}

export type FlowStarters = Readonly<Record<'dataflow' | 'process-flow', FlowStarter>>;
