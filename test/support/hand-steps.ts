/** States and steps written by hand, for what judges a chart: observers and invariants. */
import type { EdgeView, Invariant, NodeView, Observer, Sight } from '../../machines/kit/invariants.js';
import type { Instruction } from '../../machines/kit/pure.js';

/** A state: what is left out is as in `bench.context`, and no timer runs. */
export interface HandPlace<Context, Event, Seen> {
  readonly seen?: Partial<Seen>;
  readonly context?: Partial<Context>;
  readonly value?: unknown;
  readonly tags?: readonly string[];
  readonly armed?: readonly string[];
  readonly edges?: readonly EdgeView<Context, Event>[];
  readonly key?: string;
}

/** A step: what is left out does not change. */
export interface HandStep<Context, Event, Seen> {
  /** What the observer knows before it. */
  readonly seen?: Partial<Seen>;
  readonly context?: Partial<Context>;
  readonly event: Event;
  readonly does?: readonly Instruction[];
  /** What it changes in the context. */
  readonly leaves?: Partial<Context>;
  /** The key of the state it leads to, if that is another one. */
  readonly to?: string;
}

/** Steps that keep an invariant, for which nothing is wrong, and steps that break it, with what is then said to be wrong. */
export type Cases<Step> = Readonly<
  Record<string, readonly (readonly [claim: string, step: Step, broken: string | null])[]>
>;

/** An effect or a timer, as a chart asks for it. */
export const does = (type: string, params: Readonly<Record<string, unknown>> = {}): Instruction => ({ type, params });
export const arms = (timer: string, delay = 0): Instruction => ({ type: 'arm', params: { timer, delay } });
export const disarms = (timer: string): Instruction => ({ type: 'disarm', params: { timer } });
/** The reasons that a step reports. */
export const reports = (...names: readonly string[]): Instruction[] =>
  names.map((name) => does('report', { cause: { name } }));

/** What reads hand-written steps as `check` reads those of an explored chart. */
export function handBench<Context extends object, Event, Seen extends object>(
  base: Context,
  observer: Observer<Context, Event, Seen>,
  invariants: readonly Invariant<Context, Event, Seen>[] = [],
) {
  const sight = (
    context: Context,
    { value = 'here', tags = [] }: Pick<HandPlace<Context, Event, Seen>, 'value' | 'tags'> = {},
  ): Sight<Context> => ({
    value,
    context,
    hasTag: (tag: string) => tags.includes(tag),
  });
  const place = (hand: HandPlace<Context, Event, Seen> = {}): NodeView<Context, Event> => ({
    key: hand.key ?? 'here',
    snapshot: sight({ ...base, ...hand.context }, hand),
    armed: new Set(hand.armed),
    edges: hand.edges ?? [],
  });
  const move = ({
    context,
    leaves,
    event,
    does = [],
    to = 'here',
  }: HandStep<Context, Event, Seen>): EdgeView<Context, Event> => {
    const after = { ...context, ...leaves };
    return {
      from: place({ ...(context && { context }) }),
      to: place({ context: after, key: to }),
      after: sight({ ...base, ...after }),
      event,
      label: (event as { type: string }).type,
      instructions: does,
    };
  };
  const known = (seen: Partial<Seen> = {}): Seen => ({ ...observer.begin, ...seen });
  const named = (says: string) => {
    const found = invariants.find((each) => each.says === says);
    if (found === undefined) throw new Error(`there is no invariant "${says}"`);
    return found;
  };
  return {
    place,
    move,
    known,
    /** What the observer knows after a step. */
    see: (step: HandStep<Context, Event, Seen>): Seen => observer.see(known(step.seen), move(step)),
    /** What an invariant says of a step, or null. */
    step(says: string, hand: HandStep<Context, Event, Seen>): string | null {
      const [before, made] = [known(hand.seen), move(hand)];
      return named(says).step?.(made, before, observer.see(before, made)) ?? null;
    },
    /** What an invariant says of a state, or null. */
    state: (says: string, hand: HandPlace<Context, Event, Seen>): string | null =>
      named(says).state?.(place(hand), known(hand.seen)) ?? null,
  };
}

/** The invariants for which there is no case that keeps them, or none that breaks them. */
export function notShown(
  invariants: readonly Pick<Invariant, 'says'>[],
  ...tables: readonly Cases<unknown>[]
): string[] {
  const cases = (says: string) => tables.flatMap((table) => table[says] ?? []);
  return invariants
    .map(({ says }) => says)
    .filter(
      (says) => !cases(says).some(([, , broken]) => broken === null) || !cases(says).some(([, , broken]) => broken),
    );
}
