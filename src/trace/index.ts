/** Recorded runs: their format, and how secrets are kept out of them. */
export * from './format.js';
export { type Redactor, redactor, type SecretKind } from './redact.js';
export type { RecordOptions, TraceSink, TraceTarget } from './sink.js';
