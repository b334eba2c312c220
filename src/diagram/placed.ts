/** What stands in a picture, and where, as plain data. */

/** A rectangle, in pixels from the top left corner of the picture. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** A state of a picture. */
export interface PlacedState extends Area {
  /** The state's id in the chart, such as `shard.running.waiting`. */
  readonly id: string;
  /** The state drawn around it, by its id; `null` if there is none. */
  readonly parent: string | null;
  /** `region`: one of those side by side. `outside`: it lies elsewhere in the chart. */
  readonly kind: 'state' | 'composite' | 'region' | 'outside' | 'final';
  /** Its inside is left out. */
  readonly isFolded?: true;
  readonly title: string;
  /** How much further right than usual its words begin, in a box with states inside: an arrow comes in at the left. */
  readonly indent?: number;
  /** What it does on entry, and what it handles without being left. */
  readonly lines: readonly string[];
  /** Its rule, in a sentence or two. */
  readonly says?: string;
  /** The rows of the chart that it handles, or that its folded inside does, without an arrow. */
  readonly rows: readonly string[];
}

/** An arrow of a picture. */
export interface PlacedEdge {
  /** `from -> to`, or `-> to` for an initial arrow. */
  readonly id: string;
  /** The states at its ends, by their ids; an initial arrow comes from `null`. */
  readonly from: string | null;
  readonly to: string;
  /** The corners of its line, from its source to its tip. */
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly label?: Area & { readonly lines: readonly string[] };
  /** The rows of the chart that it stands for, as `rowId` names them. */
  readonly rows: readonly string[];
}

/** A view of a chart, laid out. */
export interface Layout {
  /** The chart's id. */
  readonly chart: string;
  readonly title: string;
  readonly width: number;
  readonly height: number;
  /** From the outside in. */
  readonly states: readonly PlacedState[];
  readonly edges: readonly PlacedEdge[];
}

/** Sizes in pixels; those of characters are of the widest among common fonts, so that text fits whatever is there. */
export const METRICS = {
  title: { size: 14, character: 8.9, line: 20 },
  text: { size: 12, character: 7.25, line: 16 },
  /** Between a border and what stands in it. */
  padding: 12,
  margin: 12,
} as const;
