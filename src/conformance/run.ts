/** Runs cases, several at once, and tells of each when it is over. */
import type { Case } from './case.js';
import type { Order } from './control.js';
import { DEFAULTS } from './defaults.js';
import { play, type StageOptions } from './stage.js';
import { type CaseResult, isBad, judge, untested } from './verdict.js';

/** How cases are run. */
export interface RunOptions extends StageOptions {
  /** How many at once. Default: 6. */
  readonly atOnce?: number;
  /** What the client can be ordered to do. Default: nothing. */
  readonly can?: readonly Order[];
  /** Called when a case is over. */
  readonly onResult?: (result: CaseResult, done: number, of: number) => void;
  /** Which of the cases that are not good are played once more when all are over, four at once. Default: none. */
  readonly confirms?: (result: CaseResult) => boolean;
  /** Called when a case was played once more. */
  readonly onRepeat?: (result: CaseResult, done: number, of: number) => void;
}

/** Cases that measure time disturb each other. */
const TIMED_AT_ONCE = 2;

/** So many at once are played again, two of those that measure time: their neighbours have to be no reason. */
const AGAIN_AT_ONCE = 4;

/**
 * Plays all cases and judges them; the results are in the order of the cases. Of one that is played once more, the second
 * verdict counts. Rejects if the command cannot be run.
 */
export async function runCases(
  cases: readonly Case[],
  options: RunOptions,
  playCase = play,
): Promise<readonly CaseResult[]> {
  const first = await playAll(cases, options, playCase);
  const { atOnce = DEFAULTS.jobs, confirms = () => false, onRepeat } = options;
  const bad = new Map(first.filter((each) => isBad(each.verdict) && confirms(each)).map((each) => [each.id, each]));
  const again = await playAll(
    cases.filter(({ id }) => bad.has(id)),
    {
      ...options,
      atOnce: Math.min(AGAIN_AT_ONCE, atOnce),
      onResult: (result, done, of) => onRepeat?.(comparedTo(bad.get(result.id), result), done, of),
    },
    playCase,
  );
  return first.map((result) => comparedTo(result, again.find(({ id }) => id === result.id) ?? result));
}

/** A second result, with what the first one was where that was something else. */
function comparedTo(first: CaseResult | undefined, second: CaseResult): CaseResult {
  if (first === undefined || (first.verdict === second.verdict && first.grade === second.grade)) return second;
  return { ...second, varies: { verdict: first.verdict, grade: first.grade } };
}

/** Plays cases, so many at once. */
async function playAll(
  cases: readonly Case[],
  options: RunOptions,
  playCase: typeof play,
): Promise<readonly CaseResult[]> {
  const { atOnce = DEFAULTS.jobs, can = [], onResult, signal } = options;
  const results: (CaseResult | undefined)[] = cases.map(() => undefined);
  const waiting = cases.map((each, at) => ({ each, at }));
  let [timed, done] = [0, 0];
  let problem: unknown = null;

  /** The next case that may begin now: one that measures time, if it may, since few of them may run side by side. */
  const next = () => {
    const isTimed = (wanted: boolean) => waiting.findIndex(({ each }) => (each.timed === true) === wanted);
    const first = timed < Math.min(TIMED_AT_ONCE, atOnce) ? isTimed(true) : -1;
    const at = first === -1 ? isTimed(false) : first;
    return at === -1 ? undefined : waiting.splice(at, 1)[0];
  };
  const work = async (): Promise<void> => {
    for (let job = next(); job !== undefined && problem === null; job = next()) {
      const { each, at } = job;
      if (each.timed === true) timed += 1;
      try {
        signal?.throwIfAborted();
        const missing = (each.needs ?? []).filter((order) => !can.includes(order));
        const { interval = DEFAULTS.interval } = options;
        const result =
          missing.length > 0 ? untested(each, missing, interval) : judge(each, await playCase(each, options));
        results[at] = result;
        done += 1;
        onResult?.(result, done, cases.length);
      } catch (error) {
        problem ??= error;
      } finally {
        if (each.timed === true) timed -= 1;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, cases.length) }, work));
  if (problem !== null) throw problem;
  return results.filter((result) => result !== undefined);
}
