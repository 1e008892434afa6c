export type { Checkpoint as RunCheckpoint } from './checkpoint.ts';
export { comparisonOperators } from './comparison-operators.ts';
export { checkDataflow, compileDataflow, type Plan, type StageTypes } from './compile.ts';
export type { Output, StageContext } from './context.ts';
export {
  createTextFormatter,
  createTextParser,
  defaultFormats,
  type TextFormats,
  type TextParser,
} from './conversion.ts';
export type { StageCounters } from './counters.ts';
export type {
  DatabaseAccess,
  DatabaseColumn,
  DatabaseQuery,
  DatabaseSession,
  QueriedRow,
  SqlTemplate,
  TableWrite,
  TableWriter,
} from './databases.ts';
export type { Source, SourceBatch, Stage, StageDefinition, StageType } from './definition.ts';
export { type DataflowDocument, parseDataflow } from './document.ts';
export {
  type Exchange,
  type ExchangedField,
  type ExchangeSettings,
  exchangeLayout,
  exchangeSettings,
  inputType,
  outputType,
  parseExchange,
} from './exchange.ts';
export { compileCondition, compileExpression, type ExpressionNode } from './expressions/compile.ts';
export { Layout, type LayoutField } from './layout.ts';
export { assertNoProblems, describeProblem, type Problem } from './problem.ts';
export type {
  FileAccess,
  FileServerAccess,
  OutputFile,
  OutsideResources,
  ProgramAccess,
  ProgramOutcome,
  RemoteFiles,
  SecretReader,
  ServiceAccess,
  ServiceCaller,
  ServiceRow,
  ServiceRows,
  ServiceUse,
  StageResources,
} from './resources.ts';
export { Run, type RunOutcome } from './run.ts';
export { expandSubflows, type FindSubflow, subflowSettings, subflowType } from './subflows.ts';
export { type FieldType, fieldTypes, type Row, type Value } from './values.ts';
