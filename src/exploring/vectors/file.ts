/** What a file of vectors holds, and how it is written; vectors/vectors.schema.json says the same to programs. */
import type { CauseRow, Policy, Span } from '../../../machines/index.js';
import type { Stimulus } from '../stimuli.js';

/** The number of the format; a change that old runners cannot read adds one. */
export const VECTOR_FORMAT = 2;

/** Something that has to be done: an effect of the chart, or a timer to start, with its length in ms, or to stop. */
export type ExpectedEffect =
  | { readonly do: 'arm'; readonly timer: string; readonly ms: Span }
  | { readonly do: 'disarm'; readonly timer: string }
  | { readonly do: string; readonly [param: string]: unknown };

/** What has to come of a step. */
export interface ExpectedResponse {
  /** All of it has to be done. Of what `inOrder` names the order counts, and of a timer only what was said last. */
  readonly expect: readonly ExpectedEffect[];
  /** What may be done besides, or left out: it stops what is over anyway. */
  readonly may: readonly ExpectedEffect[];
  /** Names of clauses that demand it. */
  readonly because: readonly string[];
}

/** A step as it stands in a file: the step before it or null, and places in `stimuli`, `responses` and `states`. */
export type StepRow = readonly [after: number | null, on: number, response: number, to: number];

/** A file of vectors. */
export interface VectorFile {
  readonly format: number;
  readonly chart: string;
  /** SHA-256 of the chart's definition without its tags and descriptions, in hexadecimal. */
  readonly definition: string;
  /** Of a client: every number that the documentation leaves to it. */
  readonly policy?: Policy;
  /** Of a Gateway, or any other chart: what it was begun with. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly clauses: Readonly<Record<string, CauseRow>>;
  /** The effects whose order counts, among themselves. */
  readonly inOrder: readonly string[];
  /** What the steps are there for: by name the first step of a part, and the first behind it. */
  readonly parts: Readonly<Record<string, readonly [first: number, end: number]>>;
  /** Steps that can be passed without the rest, by the projections of the chart. */
  readonly subsets: Readonly<Record<string, readonly number[]>>;
  readonly states: readonly string[];
  readonly stimuli: readonly Stimulus[];
  readonly responses: readonly ExpectedResponse[];
  /** A step's place is its id. */
  readonly steps: readonly StepRow[];
}

/** One vector: what comes after the end of another one, or first. */
export interface VectorStep extends ExpectedResponse {
  readonly id: number;
  /** The step before this one; null at the beginning. */
  readonly after: number | null;
  readonly on: Stimulus;
  /** The place in `states` of the state that this leads to. */
  readonly to: number;
}

/** The steps of a file, each with what happens and what has to come of it. */
export function stepsOf({ steps, stimuli, responses }: VectorFile): readonly VectorStep[] {
  return steps.map(([after, on, response, to], id) => ({
    id,
    after,
    on: at(stimuli, on),
    ...at(responses, response),
    to,
  }));
}

function at<T>(items: readonly T[], place: number): T {
  const item = items[place];
  if (item === undefined) throw new RangeError(`a step names place ${place}, and there are ${items.length}`);
  return item;
}

/** Steps as rows, and the tables that they refer to: what happens and what comes of it is mostly the same. */
export function inTables(steps: readonly VectorStep[]): Pick<VectorFile, 'stimuli' | 'responses' | 'steps'> {
  const [stimuli, responses] = [new Table<Stimulus>(), new Table<ExpectedResponse>()];
  const rows = steps.map(({ after, on, expect, may, because, to }): StepRow => {
    return [after, stimuli.placeOf(on), responses.placeOf({ expect, may, because }), to];
  });
  return { stimuli: stimuli.items, responses: responses.items, steps: rows };
}

/** Different items in the order in which they were met. */
class Table<T> {
  readonly items: T[] = [];
  readonly #places = new Map<string, number>();

  placeOf(item: T): number {
    const text = JSON.stringify(item);
    const place = this.#places.get(text) ?? this.items.push(item) - 1;
    this.#places.set(text, place);
    return place;
  }
}

/** A file as text: one entry of a table on a line, so that differences can be read. */
export function printVectors({ states, stimuli, responses, steps, ...head }: VectorFile): string {
  const entries = Object.entries(head).map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)}`);
  const tables = Object.entries({ states, stimuli, responses, steps }).map(([name, items]) => {
    const lines = (items as readonly unknown[]).map((item) => JSON.stringify(item));
    return `  ${JSON.stringify(name)}: [\n${lines.join(',\n')}\n  ]`;
  });
  return `{\n${[...entries, ...tables].join(',\n')}\n}\n`;
}
