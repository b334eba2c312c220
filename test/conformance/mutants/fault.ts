/** A fault as clients have them, in our own client: what the conformance kit has to find. */

/** Where a fault is. */
export type Part = 'chart' | 'host' | 'wire' | 'limits';

/** One fault, and the cases of which at least one has to fail with it. It replaces a piece of a source that is there exactly once. */
export interface Fault {
  readonly part: Part;
  /** What the client does wrong. */
  readonly says: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  readonly cases: readonly string[];
}

type Row = readonly [says: string, file: string, find: string, replace: string, ...cases: readonly string[]];

/** Faults of a part, whose files are in one folder. */
export const inPart = (part: Part, folder: string, rows: readonly Row[]): readonly Fault[] =>
  rows.map(([says, file, find, replace, ...cases]) => ({
    part,
    says,
    file: `${folder}/${file}`,
    find,
    replace,
    cases,
  }));
