/** What is known of an actor, and when. */

/** A timer that runs. Times are on the clock of the track, in ms. */
export interface RunningTimer {
  readonly name: string;
  readonly armed: number;
  readonly due: number;
}

/** Why something happened: the name of a cause, and what the event told. */
export interface Reason {
  readonly name: string;
  readonly [detail: string]: unknown;
}

/** How everything stood at a time, and what had just happened. */
export interface Moment {
  readonly index: number;
  readonly at: number;
  readonly kind: 'begin' | 'step' | 'warning' | 'end';
  /** The name of the state, as by `stateName`. */
  readonly state: string;
  /** The state before. */
  readonly from: string;
  /** What it was told; empty if nothing. */
  readonly event: string;
  readonly causes: readonly Reason[];
  /** What it did. */
  readonly effects: readonly Effect[];
  readonly rows: readonly string[];
  readonly timers: readonly RunningTimer[];
  readonly connection: number;
  readonly session: string | null;
  readonly sequence: number | null;
  /** Of a warning or an end. */
  readonly says?: string;
}

/** Something to be done, as a step tells it. */
export interface Effect {
  readonly type: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Something between client and Gateway. */
export interface Exchange {
  readonly at: number;
  readonly direction: 'out' | 'in' | 'none';
  readonly kind: 'frame' | 'dispatches' | 'open' | 'opened' | 'close' | 'drop' | 'note' | 'chapter';
  readonly connection: number;
  readonly label: string;
  readonly detail: string;
  /** The moment at which it is to be seen. */
  readonly moment: number;
  /** Of `dispatches`. */
  readonly burst?: Burst;
}

/** Dispatches that nothing came between. */
export interface Burst {
  readonly first: number;
  readonly last: number;
  readonly names: Readonly<Record<string, number>>;
}

/** A place in the story. */
export interface Chapter {
  readonly title: string;
  readonly says: string;
  readonly moment: number;
}

/** All that was seen of one actor. Grows at its end; what is there never changes. */
export interface Track {
  readonly key: string;
  readonly name: string;
  /** The id of its chart. */
  readonly chart: string;
  /** The definition of a chart that is not ours. */
  readonly definition: unknown;
  /** When its clock began, in ms since 1970. */
  readonly began: number;
  /** Whether it came as messages of an inspector: they tell of no effects, timers, causes or bytes. */
  readonly isInspected: boolean;
  readonly moments: readonly Moment[];
  readonly exchanges: readonly Exchange[];
  readonly chapters: readonly Chapter[];
  /** Where a replay first did something else. */
  readonly difference: { readonly moment: number; readonly says: readonly string[] } | null;
}

/** Everything that was seen. */
export interface Seen {
  readonly tracks: ReadonlyMap<string, Track>;
  /** Lines that made no sense. */
  readonly strange: number;
  /** Counts up with every line. */
  readonly version: number;
}
