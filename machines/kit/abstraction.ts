/** What of a chart's context counts as state: the shape of such a declaration, for any chart. */
import type { CauseRow } from './causes.js';

/** A chart as a finite graph: where it begins, what tells two states apart, which events can come. */
export interface Abstraction<Snapshot, Input, Event> {
  /** Named beginnings; their graphs stand side by side. The first has no prefix in the keys. */
  readonly roots: Readonly<Record<string, Input>>;
  /** Two snapshots of one key behave alike: same events handled, same successors, same effects. */
  key(snapshot: Snapshot): string;
  /**
   * Every kind of event, one or more concrete ones each, addressed to the questions now open; timers count if armed.
   * Two snapshots of one key have the same kinds in the same order.
   */
  alphabet(snapshot: Snapshot): readonly Event[];
  /** A short name for an event, the same for all that are treated alike. */
  label(event: Event): string;
  /** Where all is well: round trips leave from here and come back. */
  isHome?(snapshot: Snapshot): boolean;
  /** Coarser views, each small enough for all its simple paths to be listed. */
  readonly projections?: Readonly<Record<string, Projection<Snapshot, Event>>>;
  /** The rows that the effect `report` names in `cause.name`. */
  readonly causes?: Readonly<Record<string, CauseRow>>;
}

/** A part of a chart: the events that play a part in it, and what tells two of its states apart. */
export interface Projection<Snapshot, Event> {
  key(snapshot: Snapshot): string;
  includes(event: Event): boolean;
}
