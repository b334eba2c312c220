/** Recorded runs: their format, how they are written, read and replayed, and how secrets are kept out of them. */

export type { RecordOptions, TraceSink, TraceTarget } from '../ports/trace-sink.js';
export { type Redactor, redactor, type SecretKind } from '../redact/redact.js';
export { type EmitOptions, excerpt, testFile } from './emit.js';
export { causeInWords, differenceInWords, instructionInWords, isLap } from './explain.js';
export {
  type CheckpointLine,
  type EndLine,
  type FrameLine,
  type HeaderLine,
  type StepLine,
  TRACE_FORMAT,
  type TraceCause,
  type TraceDispatches,
  type TraceEvent,
  type TraceInstruction,
  type TraceLine,
  type WarningLine,
} from './format.js';
export { inOrder, type PlacedLine, type ReadTrace, readTrace, TraceError } from './read.js';
export { type RecordedOptions, recorded } from './recorded.js';
export {
  type Difference,
  firstDifference,
  isOtherChart,
  type Outcome,
  type Replayed,
  type ReplayOptions,
  replay,
} from './replay.js';
export { type SequenceOptions, sequenceDiagram } from './sequence.js';
