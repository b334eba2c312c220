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
  /** What told it from the original; of one that survived, why nothing did, where that is known. */
  readonly by: string | null;
}

/** Plays mutants, one after the other. */
export async function play(
  candidates: readonly Candidate[],
  { each = () => {} }: { each?: (outcome: Outcome) => void } = {},
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const candidate of candidates) {
    const outcome = await fateOf(candidate);
    outcomes.push(outcome);
    each(outcome);
  }
  return outcomes;
}

async function fateOf(candidate: Candidate): Promise<Outcome> {
  try {
    return outcomeOf(candidate, await candidate.judge());
  } catch (error) {
    return { name: candidate.name, kind: candidate.kind, fate: 'impossible', by: String(error) };
  }
}

/** The outcome for a mutant that was told apart by something, or by nothing (null), perhaps for a reason. */
export function outcomeOf(
  { name, kind }: Pick<Candidate, 'name' | 'kind'>,
  by: string | null,
  why: string | null = null,
): Outcome {
  const isListed = Object.hasOwn(EQUIVALENT, name);
  if (by === null) return { name, kind, fate: isListed ? 'equivalent' : 'survived', by: why };
  return { name, kind, fate: isListed ? 'wrongly listed' : 'killed', by };
}

/** Whether all is as listed: what survived is equivalent, and what is listed survived. */
export function isClean(outcomes: readonly Outcome[]): boolean {
  return outcomes.every(({ fate }) => fate !== 'survived' && fate !== 'wrongly listed');
}

/** Every nth mutant, so that a sample holds something of everything. */
export function sample<T>(items: readonly T[], every: number): T[] {
  return items.filter((_, at) => at % every === 0);
}
