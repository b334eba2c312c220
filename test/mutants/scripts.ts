/** What judges are made of: scripts for a bench, each with the lines that it ought to write, and values to be found. */

/** A bench writes down what happens on it. */
interface LineBench {
  readonly lines: readonly string[];
}

/** What is done on a bench, and the lines that it ought to write. */
export interface Script<Bench extends LineBench, Options> {
  readonly says: string;
  readonly with?: Options;
  readonly run: (bench: Bench) => void | Promise<void>;
  readonly lines: readonly string[];
}

/** Says which script writes another line than it ought to, or null. */
export async function judgeScripts<Bench extends LineBench, Options extends object>(
  scripts: readonly Script<Bench, Options>[],
  make: (options: Options) => Bench,
): Promise<string | null> {
  for (const { says, with: options = {} as Options, run, lines } of scripts) {
    const bench = make(options);
    await run(bench);
    const at = lines.findIndex((line, i) => line !== bench.lines[i]);
    if (at !== -1) return `${says}: "${bench.lines[at]}" instead of "${lines[at]}"`;
    if (bench.lines.length > lines.length) return `${says}: and then "${bench.lines[lines.length]}"`;
  }
  return null;
}

/** Something that is found out, and what it ought to be. */
export type Check = readonly [says: string, find: () => unknown, expected: unknown];

/** Says which check finds something else than it ought to, or null. */
export async function judgeChecks(checks: readonly Check[]): Promise<string | null> {
  for (const [says, find, expected] of checks) {
    const [is, should] = [JSON.stringify(await find()), JSON.stringify(expected)];
    if (is !== should) return `${says}: ${is} instead of ${should}`;
  }
  return null;
}

/** What something throws, as text; null if it does not. */
export function failureOf(run: () => unknown): string | null {
  try {
    run();
    return null;
  } catch (error) {
    return String(error);
  }
}
