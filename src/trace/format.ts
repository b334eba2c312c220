/**
 * A trace: what a chart was told and what came of it, as JSON lines. Every event, random draw and clock reading is in
 * it, so that the same chart run again on it takes the same steps; of what crossed the wire it holds names and sizes.
 *
 * A file begins with a header and a checkpoint for each actor, so that each file can be replayed without those before.
 * Secrets are placeholders, `<session 1>` the first session id and always the same one (redact.ts). docs/traces.md
 * explains the lines, trace.schema.json says the same to programs.
 */
import type { Instruction } from '../../machines/client.js';

/** The number of the format; a change that old readers cannot read adds one. In format 1 the fingerprint counted tags and descriptions. */
export const TRACE_FORMAT = 2;

/** One line of a trace. */
export type TraceLine = HeaderLine | CheckpointLine | StepLine | FrameLine | WarningLine | EndLine;

/** What every line has. */
interface Line {
  /** When, in ms since `began` of the header, to a thousandth. */
  readonly at: number;
  /** Whose line it is, where a trace is of more than one actor; left out by the first. */
  readonly actor?: string;
}

/** What an actor is and what it was made of. The first line of a file, and of each actor in it. */
export interface HeaderLine extends Line {
  readonly type: 'header';
  readonly format: 1 | typeof TRACE_FORMAT;
  /** The version of this package. */
  readonly gatechart: string;
  /** The id of the chart: `shard` or `gateway`. */
  readonly chart: string;
  /** A fingerprint of the chart's definition: charts that differ in it may differ in what they do. */
  readonly definition: string;
  /** When the recording began, in ms since 1970; the same in all files of one recording. */
  readonly began: number;
  /** 1 for the first file of a recording. */
  readonly file: number;
  /** So many lines before this file could not be written: it begins anew. */
  readonly lost?: number;
  /** What the chart was started with, its policy for one. */
  readonly input: Readonly<Record<string, unknown>>;
  /** Of a shard: `[id, count]`, and the bits of its intents. */
  readonly shard?: readonly [id: number, count: number];
  readonly intents?: number;
}

/** Where an actor stands: the lines after it go on from here. */
export interface CheckpointLine extends Line {
  readonly type: 'checkpoint';
  /** The state, as by `stateName`. */
  readonly state: string;
  /** The chart's snapshot as XState persists it. */
  readonly snapshot: {
    readonly value: unknown;
    readonly context: Readonly<Record<string, unknown>>;
    readonly [key: string]: unknown;
  };
  /** The timers that run, and when each is due, on the clock of `at`. */
  readonly timers: Readonly<Record<string, number>>;
}

/** One event given to the chart, and what came of it. `timer.hello` and the like: a timer ran out. */
export interface StepLine extends Line {
  readonly type: 'step';
  readonly event: TraceEvent;
  /** The state before. */
  readonly from: string;
  /** The state after; left out if it is the same. */
  readonly to?: string;
  /** Why, in the order things happened: rows of the chart's causes by name. Left out if there is none. */
  readonly causes?: readonly TraceCause[];
  /** What was to be done, in order: effects, and timers to arm and disarm. Left out if there is nothing. */
  readonly do?: readonly TraceInstruction[];
  /** The dispatches that an event `dispatched` or `dispatch` told the chart of. */
  readonly dispatches?: TraceDispatches;
}

/** An event of the chart, its secrets replaced. */
export interface TraceEvent {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** Why a step was taken: the name of a row in the chart's causes, and what the event told. */
export interface TraceCause {
  readonly name: string;
  readonly [key: string]: unknown;
}

/** Something to be done. A timer's delay may have been drawn: `draws` are the numbers in [0, 1) that it was drawn with. */
export type TraceInstruction = Instruction & { readonly draws?: readonly number[] };

/** A burst of dispatches. */
export interface TraceDispatches {
  readonly first: number;
  readonly last: number;
  readonly count: number;
  /** As they came, compressed or not. */
  readonly bytes: number;
  /** How many of each name. */
  readonly names: Readonly<Record<string, number>>;
  /** What they held, if asked for: the payloads, secrets replaced. */
  readonly payloads?: readonly unknown[];
}

/** A message on the wire. Dispatches that the chart was told of together are not among them. */
export interface FrameLine extends Line {
  readonly type: 'frame';
  /** As the client sees it. */
  readonly direction: 'in' | 'out';
  /** The number of the connection. */
  readonly connection: number;
  /** The opcode; null if the message could not be understood. */
  readonly op: number | null;
  /** The name of a dispatch. */
  readonly name?: string;
  /** The sequence of a dispatch. */
  readonly sequence?: number;
  /** As it was on the wire, compressed or not. */
  readonly bytes: number;
  /** What it held, if asked for: secrets replaced. */
  readonly payload?: unknown;
}

/** Something outside of the chart that a person should know, such as a port that threw. */
export interface WarningLine extends Line {
  readonly type: 'warning';
  readonly problem: string;
  /** What the error said. */
  readonly error?: string;
}

/** Nothing is open or pending any more. A shard that starts again goes on after it. */
export interface EndLine extends Line {
  readonly type: 'end';
  readonly state: string;
  /** By order, for good, because its actor was stopped in the middle, or because it broke. */
  readonly because: 'stopped' | 'failed' | 'dropped' | 'broken';
  /** What it broke of. */
  readonly error?: string;
}
