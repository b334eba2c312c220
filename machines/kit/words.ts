import type { SetupReturn } from 'xstate';

/** What a word of a chart means, as a sentence or, for a guard, as a clause behind `if`. Code is in backticks, values in asterisks. */
export interface Meaning {
  readonly says: string;
}

/** The words of a chart, a row each, by kind. */
export interface ChartWords {
  /** `short` names the event in a list. */
  readonly events: Readonly<Record<string, Meaning & { readonly short?: string }>>;
  /** What it means that the timer runs out, and what is awaited while it runs. */
  readonly timers: Readonly<Record<string, Meaning & { readonly awaits: string }>>;
  /** `does` goes on after the name of who does it. */
  readonly effects: Readonly<Record<string, Meaning & { readonly does: string }>>;
  /** What the chart remembers. */
  readonly memory: Readonly<Record<string, Meaning>>;
  /** `short` stands behind an event, such as `if there is a session`. */
  readonly guards: Readonly<Record<string, Meaning & { readonly short?: string }>>;
}

/** The names of a chart's words, from what it was set up with: a table of this type leaves none out and has no other. */
export interface WordsOf<Setup, Event extends string, Timer extends string, Effects> extends ChartWords {
  readonly events: Readonly<Record<Exclude<Event, `timer.${string}`>, ChartWords['events'][string]>>;
  readonly timers: Readonly<Record<Timer, ChartWords['timers'][string]>>;
  readonly effects: Readonly<Record<keyof Effects & string, ChartWords['effects'][string]>>;
  readonly memory: Readonly<Record<Exclude<NamesIn<Setup>['action'], keyof Effects | 'disarm'>, Meaning>>;
  readonly guards: Readonly<Record<NamesIn<Setup>['guard'], ChartWords['guards'][string]>>;
}

type NamesIn<Setup> =
  Setup extends SetupReturn<
    infer _Context,
    infer _Event,
    infer _Actors,
    infer _Children,
    infer Actions,
    infer Guards,
    infer _Delay,
    infer _Tag,
    infer _Input,
    infer _Output,
    infer _Emitted,
    infer _Meta,
    infer _TransitionMeta
  >
    ? { readonly action: keyof Actions & string; readonly guard: keyof Guards & string }
    : never;
