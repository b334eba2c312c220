/** Reads traces: text to lines, each with its place, and what is wrong with them in words that help. */
import { demandGiven, isPlainObject, isText, listOf } from '../../machines/kit/shape.js';
import { asText } from '../telling/printable.js';
import { parseShallow } from '../telling/shallow.js';
import { own } from '../telling/tables.js';
import { TRACE_FORMAT, type TraceLine } from './format.js';

/** A line and where it stands. */
export interface PlacedLine {
  readonly line: TraceLine;
  /** From 1 on. */
  readonly number: number;
  /** The name of the file, as it was given. */
  readonly file: string;
}

/** A text that is no trace, or a damaged one; the message says where and what to do. */
export class TraceError extends Error {
  override readonly name = 'TraceError';
  readonly code = 'ERR_TRACE';
  constructor(
    readonly file: string,
    readonly line: number,
    readonly problem: string,
  ) {
    super(`${file}, line ${line}: ${problem}`);
  }
}

/** What was read. */
export interface ReadTrace {
  readonly lines: readonly PlacedLine[];
  /** What a person should know and what is no error: a last line that was cut off, for one. */
  readonly notes: readonly string[];
}

type Check = (value: unknown) => boolean;

const optional = (check: Check) => (value: unknown) => value === undefined || check(value);
const list = (check: Check) => (value: unknown) => Array.isArray(value) && value.every(check);
const withText = (field: string) => (value: unknown) => isObject(value) && isString(value[field]);
const isInstruction = (value: unknown) => withText('type')(value) && isObject((value as { params?: unknown }).params);
const isBurst = (value: unknown) =>
  isObject(value) &&
  ['first', 'last', 'count', 'bytes'].every((field) => isNumber(value[field])) &&
  isObject(value.names) &&
  Object.values(value.names).every(isNumber);

/** What each type of line has to have beside `at`, and what that must be. */
const FIELDS: Readonly<Record<string, Readonly<Record<string, Check>>>> = {
  header: {
    ...{ format: isNumber, chart: isString, definition: isString, began: isNumber, file: isNumber },
    ...{ gatechart: optional(isString), shard: optional(list(isNumber)) },
  },
  checkpoint: { state: isString, snapshot: isObject, timers: isObject },
  step: {
    ...{ event: withText('type'), from: isString, to: optional(isString), causes: optional(list(withText('name'))) },
    ...{ do: optional(list(isInstruction)), dispatches: optional(isBurst) },
  },
  frame: {
    ...{ direction: isString, connection: isNumber, bytes: isNumber, name: optional(isString) },
    ...{ op: (value) => value === undefined || value === null || isNumber(value), sequence: optional(isNumber) },
  },
  warning: { problem: isString, error: optional((value) => typeof value === 'string') },
  end: { state: isString, because: isString },
};

const TEXT = { says: "the text of a file, as by readFileSync(name, 'utf8')", holds: isText.holds };
const FILES = { says: 'a list of what readTrace returns', holds: listOf(isPlainObject).holds };

/** Reads a file of a trace. Throws a `TraceError` for what cannot be read. */
export function readTrace(text: string, file = 'the trace'): ReadTrace {
  demandGiven('the trace', text, TEXT);
  const texts = text.split('\n');
  const isCut = texts.at(-1) !== '';
  if (!isCut) texts.pop();
  if (texts.length === 0) throw new TraceError(file, 1, 'the file is empty: nothing was recorded');
  const lines: PlacedLine[] = [];
  const notes: string[] = [];
  const strange = new Map<string, number>();
  texts.forEach((each, i) => {
    const number = i + 1;
    const isLast = number === texts.length;
    const parsed = parse(each);
    if (parsed === undefined && isLast && isCut && number > 1) {
      notes.push(`${file} ends in the middle of line ${number}, as after a crash: what was cut off is left out`);
      return;
    }
    if (parsed === undefined) throw damaged(file, number, 'it is not JSON');
    if (number === 1) demandHeader(parsed, file);
    const fields = isString(parsed.type) ? own(FIELDS, parsed.type) : undefined;
    if (fields === undefined) {
      strange.set(asText(parsed.type), number);
      return;
    }
    const missing = Object.entries({ at: isNumber, actor: optional(isString), ...fields }).find(
      ([name, holds]) => !holds(parsed[name]),
    );
    if (missing) throw damaged(file, number, `a ${parsed.type} has to have ${missing[0]}`);
    lines.push({ line: parsed as unknown as TraceLine, number, file });
  });
  for (const [type, number] of strange) {
    notes.push(`${file}, line ${number}: lines of type ${JSON.stringify(type)} are not known and are left out`);
  }
  return { lines, notes };
}

/** Puts the files of one recording in order, whatever order they are given in, and says what is missing between them. */
export function inOrder(files: readonly ReadTrace[]): ReadTrace {
  demandGiven('files', files, FILES);
  const headed = files.map((read) => ({ read, header: headerOf(read) }));
  headed.sort((a, b) => a.header.began - b.header.began || a.header.file - b.header.file);
  const notes = files.flatMap((read) => read.notes);
  const [first] = headed;
  if (first && first.header.file > 1) {
    notes.push(`${first.header.name} begins in the middle: files 1 to ${first.header.file - 1} of this trace are gone`);
  }
  headed.forEach(({ header }, i) => {
    const before = headed[i - 1]?.header;
    if (before === undefined || before.began !== header.began || header.file === before.file + 1) return;
    notes.push(`between ${before.name} and ${header.name} files are missing: the replay goes on at the checkpoint`);
  });
  return { lines: headed.flatMap(({ read }) => read.lines), notes };
}

function headerOf({ lines: [first] }: ReadTrace): {
  readonly began: number;
  readonly file: number;
  readonly name: string;
} {
  if (first?.line.type !== 'header') return { began: 0, file: 1, name: first?.file ?? '' };
  return { began: first.line.began, file: first.line.file, name: first.file };
}

function demandHeader({ type, format }: Readonly<Record<string, unknown>>, file: string): void {
  if (type !== 'header') {
    throw new TraceError(
      file,
      1,
      'this is no header: a trace begins with one. Is it a file that `record` has written?',
    );
  }
  if (isNumber(format) && format > TRACE_FORMAT) {
    throw new TraceError(
      file,
      1,
      `the trace has format ${format}, and this version reads format ${TRACE_FORMAT}: use the version that wrote it, or a newer one`,
    );
  }
}

function damaged(file: string, number: number, problem: string): TraceError {
  if (number === 1) {
    const says = `${problem}: it is no trace, or not the beginning of one; the option record of a shard writes traces`;
    return new TraceError(file, 1, says);
  }
  return new TraceError(
    file,
    number,
    `${problem}: the file is damaged. What comes before can be replayed by itself: head -n ${number - 1} ${file}`,
  );
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = parseShallow(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isString(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
