/** Earliest times: when a step can be taken at the earliest, and when each timer that runs can run out then. */
import type { Class, Move } from './classes.js';

/** A moment on a run that is as early as its path allows. Times in ms, from whenever counting began. */
export interface Moment {
  readonly at: number;
  /** For each timer of the class, when it has run out at the earliest. */
  readonly ready: readonly number[];
}

/** The earliest moment after a move, not before `earliest`. */
export function after({ at, ready }: Moment, { timer, keeps, delays }: Move, earliest = 0): Moment {
  const now = Math.max(at, earliest, timer < 0 ? 0 : (ready[timer] as number));
  return {
    at: now,
    ready: keeps.map((place, i) => (place < 0 ? now + (delays[i] as number) : (ready[place] as number))),
  };
}

/** The moment after a move whose past took as long as anybody likes: what ran before has run out. */
export function afterAnyTime({ keeps, delays }: Move): Moment {
  return { at: 0, ready: keeps.map((place, i) => (place < 0 ? (delays[i] as number) : 0)) };
}

/** A moment at which everything has run out. */
export const timeless = ({ timers }: Class): Moment => ({ at: 0, ready: timers.map(() => 0) });

/** Whether whatever can follow one moment can follow another as early: each of its times is as early. */
export function isAsEarly(a: Moment, b: Moment): boolean {
  return a.at <= b.at && a.ready.every((time, i) => time <= Math.max(b.ready[i] as number, b.at));
}

/** What was reached of each state, without what is no earlier in anything than something else. */
export class Frontier<L extends Moment> {
  readonly #labels = new Map<string, L[]>();
  size = 0;

  /** Whether it was worth keeping. */
  add(state: string, label: L): boolean {
    const known = this.#labels.get(state) ?? [];
    if (known.some((each) => isAsEarly(each, label))) return false;
    const kept = known.filter((each) => !isAsEarly(label, each));
    this.size += 1 + kept.length - known.length;
    this.#labels.set(state, [...kept, label]);
    return true;
  }

  has(state: string, label: L): boolean {
    return this.#labels.get(state)?.includes(label) ?? false;
  }
}
