/** All cases, by profile. */
import { fitsPattern } from '../../../machines/kit/patterns.js';
import type { Case } from '../case.js';
import { CURATED, storm } from './curated.js';
import { GENERATED } from './generated.js';
import { ORDERED } from './ordered.js';

/** For a client that behaves, `quick` takes less than a minute and `full` some ten. */
export type Profile = 'quick' | 'full';

/** Every case, the easy ones first. */
export const CASES: readonly Case[] = [...CURATED, storm(3), ...ORDERED, ...GENERATED];

/**
 * The cases of a profile whose ids fit one of the patterns, which commas part and in which `*` stands for anything. Those that
 * are named need not be of the profile.
 */
export function casesFor(profile: Profile, patterns = '*'): readonly Case[] {
  const isNamed = patterns !== '*';
  const fits = (id: string) => patterns.split(',').some((pattern) => fitsPattern(pattern, id));
  return CASES.filter(({ id, quick = false }) => fits(id) && (profile === 'full' || quick || isNamed));
}
