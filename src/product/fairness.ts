/**
 * Whether an undisturbed run may go round for ever. It may where it does every timer justice (weak fairness): one that
 * stays armed all the way round would have fired.
 */

/** A state that is part of a way round. */
export interface TimedState {
  readonly state: number;
  /** The timers that are armed, of either chart. */
  readonly armed: ReadonlySet<string>;
  /** The steps that go on round, with the timers that each starts, anew or for the first time. */
  readonly steps: readonly { readonly to: number; readonly starts: readonly string[] }[];
}

/** Where a way round does a timer justice: a state where it is not armed, or a step that starts it anew. */
export type Stop = readonly [state: number] | readonly [from: number, to: number];

/** Where the way round does each timer justice; undefined if there is one that it never does. */
export function justStops(round: readonly TimedState[]): readonly Stop[] | undefined {
  const stops: Stop[] = [];
  const [first] = round;
  if (first === undefined) return undefined;
  // A timer that is not armed there has its justice already.
  for (const timer of first.armed) {
    const stop = stopFor(timer, round);
    if (stop === undefined) return undefined;
    stops.push(stop);
  }
  return stops;
}

function stopFor(timer: string, round: readonly TimedState[]): Stop | undefined {
  for (const { state, armed, steps } of round) {
    if (!armed.has(timer)) return [state];
    const step = steps.find(({ starts }) => starts.includes(timer));
    if (step !== undefined) return [state, step.to];
  }
  return undefined;
}
