/**
 * What comes in, from a file or over the relay: lines of a trace, marks of whoever tells a story, and messages of
 * Stately's inspectors. Nothing of it is trusted: what does not have the shape of a line is left out and counted.
 */
import type { StatelyMessage } from '../../inspect/index.js';
import { parseShallow } from '../../telling/shallow.js';
import type { TraceLine } from '../../trace/index.js';

/** A heading in a story. */
export interface ChapterLine {
  readonly type: 'chapter';
  /** On the clock of the trace; that of the line before unless told. */
  readonly at?: number;
  readonly title: string;
  readonly says: string;
}

/** What somebody did that no chart tells of, such as an order to the simulator. */
export interface NoteLine {
  readonly type: 'note';
  readonly at?: number;
  readonly says: string;
}

/** Where a replay first did something else than was recorded: in the line before, of the same actor. */
export interface DifferenceLine {
  readonly type: 'difference';
  readonly actor?: string;
  /** In lines: what happened, what was recorded, what is done now. */
  readonly says: readonly string[];
}

export type Line = TraceLine | ChapterLine | NoteLine | DifferenceLine | StatelyMessage;

type Check = (line: Readonly<Record<string, unknown>>) => boolean;

const text = (value: unknown): boolean => typeof value === 'string';
const number = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value);
const record = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);
const optional = (check: (value: unknown) => boolean) => (value: unknown) => value === undefined || check(value);
const event = (value: unknown): boolean => record(value) && text((value as { type?: unknown }).type);
const list = (check: (value: unknown) => boolean) => (value: unknown) => Array.isArray(value) && value.every(check);
const named = (value: unknown): boolean => record(value) && text((value as { name?: unknown }).name);
const instruction = (value: unknown): boolean => event(value) && record((value as { params?: unknown }).params);
const placed: Check = ({ at, actor }) => number(at) && optional(text)(actor);

const CHECKS: Readonly<Record<Line['type'], Check>> = {
  header: (line) => placed(line) && text(line.chart) && number(line.began) && number(line.format),
  checkpoint: (line) => placed(line) && text(line.state) && record(line.snapshot) && record(line.timers),
  step: (line) =>
    placed(line) &&
    event(line.event) &&
    text(line.from) &&
    optional(text)(line.to) &&
    optional(list(named))(line.causes) &&
    optional(list(instruction))(line.do) &&
    optional(record)(line.dispatches),
  frame: (line) =>
    placed(line) &&
    (line.direction === 'in' || line.direction === 'out') &&
    number(line.connection) &&
    (line.op === null || number(line.op)) &&
    optional(text)(line.name) &&
    number(line.bytes),
  warning: (line) => placed(line) && text(line.problem) && optional(text)(line.error),
  end: (line) => placed(line) && text(line.state) && text(line.because),
  chapter: (line) => optional(number)(line.at) && text(line.title) && text(line.says),
  note: (line) => optional(number)(line.at) && text(line.says),
  difference: (line) => optional(text)(line.actor) && list(text)(line.says),
  '@xstate.actor': (line) => text(line.sessionId) && text(line.name) && optional(text)(line.definition),
  '@xstate.event': (line) => text(line.sessionId) && event(line.event),
  '@xstate.snapshot': (line) => text(line.sessionId) && record(line.snapshot),
};

/** A value as a line; null if it is none. */
export function lineOf(value: unknown): Line | null {
  if (!record(value)) return null;
  const line = value as Readonly<Record<string, unknown>>;
  const { type } = line;
  if (typeof type !== 'string' || !Object.hasOwn(CHECKS, type)) return null;
  return CHECKS[type as Line['type']](line) ? (line as unknown as Line) : null;
}

/** The lines of a file, and how many of them make no sense. */
export function linesOf(file: string): { readonly lines: readonly Line[]; readonly strange: number } {
  const lines: Line[] = [];
  let strange = 0;
  for (const each of file.split('\n')) {
    if (each.trim() === '') continue;
    const line = parsed(each);
    if (line === null) strange += 1;
    else lines.push(line);
  }
  return { lines, strange };
}

function parsed(json: string): Line | null {
  try {
    return lineOf(parseShallow(json));
  } catch {
    return null; // the end of a file that is still being written, say
  }
}
