/** Plays mutants against their judges and counts. */
import { EQUIVALENT } from './equivalent.js';

/** A mutant with its judge, who says what is wrong with it, or null. */
export interface Candidate {
  readonly name: string;
  readonly kind: string;
  judge(): string | null | Promise<string | null>;
}

/** How a mutant fared. */
export interface Outcome {
  readonly name: string;
  readonly kind: string;
  /** `impossible`: it is no chart or no program at all. */
  readonly fate: 'killed' | 'impossible' | 'equivalent' | 'survived' | 'wrongly listed';
  /** What told it from the original. */
  readonly by: string | null;
}

/** Plays mutants, one after the other, for at most so long. */
export async function play(
  candidates: readonly Candidate[],
  {
    ms = Number.POSITIVE_INFINITY,
    each = () => {},
  }: { ms?: number; each?: (outcome: Outcome, done: number) => void } = {},
): Promise<Outcome[]> {
  const end = performance.now() + ms;
  const outcomes: Outcome[] = [];
  for (const candidate of candidates) {
    if (performance.now() > end) break;
    const outcome = await fateOf(candidate);
    outcomes.push(outcome);
    each(outcome, outcomes.length);
  }
  return outcomes;
}

async function fateOf({ name, kind, judge }: Candidate): Promise<Outcome> {
  const isListed = Object.hasOwn(EQUIVALENT, name);
  try {
    const by = await judge();
    if (by === null) return { name, kind, fate: isListed ? 'equivalent' : 'survived', by };
    return { name, kind, fate: isListed ? 'wrongly listed' : 'killed', by };
  } catch (error) {
    return { name, kind, fate: 'impossible', by: String(error) };
  }
}

/** Whether all is as listed: what survived is equivalent, and what is listed survived. */
export function isClean(outcomes: readonly Outcome[]): boolean {
  return outcomes.every(({ fate }) => fate !== 'survived' && fate !== 'wrongly listed');
}

/** Every nth mutant, so that a sample holds something of everything. */
export function sample<T>(items: readonly T[], every: number): T[] {
  return items.filter((_, at) => at % every === 0);
}
