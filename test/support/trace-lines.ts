/** Lines of a trace, written by hand: as short as the format allows, with what a test wants in them. */
import type {
  CheckpointLine,
  EndLine,
  FrameLine,
  HeaderLine,
  StepLine,
  TraceLine,
  WarningLine,
} from '../../src/trace/format.js';

type Given<L extends TraceLine> = Partial<Omit<L, 'type'>>;

export const headerLine = (given: Given<HeaderLine> = {}): HeaderLine => ({
  type: 'header',
  at: 0,
  format: 1,
  gatechart: '0.1.0',
  chart: 'shard',
  definition: '00000000000000',
  began: 1_000,
  file: 1,
  input: {},
  ...given,
});

export const checkpointLine = (given: Given<CheckpointLine> = {}): CheckpointLine => ({
  type: 'checkpoint',
  at: 0,
  state: 'stopped',
  snapshot: { value: 'stopped', context: {} },
  timers: {},
  ...given,
});

export const stepLine = (given: Given<StepLine> = {}): StepLine => ({
  type: 'step',
  at: 1,
  event: { type: 'start' },
  from: 'stopped',
  ...given,
});

export const frameLine = (given: Given<FrameLine> = {}): FrameLine => ({
  type: 'frame',
  at: 2,
  direction: 'in',
  connection: 1,
  op: 10,
  bytes: 50,
  ...given,
});

export const warningLine = (given: Given<WarningLine> = {}): WarningLine => ({
  type: 'warning',
  at: 3,
  problem: 'a listener threw',
  ...given,
});

export const endLine = (given: Given<EndLine> = {}): EndLine => ({
  type: 'end',
  at: 4,
  state: 'stopped',
  because: 'stopped',
  ...given,
});

/** Lines as the text of a file. */
export const textOf = (lines: readonly object[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join('');
