/** Numbers that the node's other rooms keep; read when somebody asks. */
export interface NodeGauges {
  configurationRevision(): number;
  configurationAgeMs(): number;
  /** One entry for each open vintage. */
  databases(): readonly OpenDatabase[];
  databaseReads(): readonly DatabaseReads[];
}

/** How often a database resource has been read since its vintage was opened. */
interface DatabaseReads {
  readonly name: string;
  /** Answered from the block cache. */
  readonly cached: number;
  /** Answered after blocks were read. */
  readonly loaded: number;
}

interface OpenDatabase {
  readonly name: string;
  readonly database: string;
  readonly vintage: string;
}

/** Text in the exposition format of Prometheus. */
export interface MetricsPage {
  readonly contentType: string;
  readonly text: string;
}
