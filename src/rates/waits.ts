/**
 * The waits between tries, by somebody who watches: which wait is due follows from what went before, and no counter of the
 * chart is looked at. Two spans are measured: from READY or RESUMED on, whether the connection holds; and from the end
 * of a connection to the next try. Outside of these anybody may take as long as they like, so that all timers which ran
 * before have run out when a span begins.
 */
import { ASKED, GROWN, HELD_AFTER, leastWait } from './bounds.js';
import type { Class, Classes, Move } from './classes.js';
import type { Marks } from './marks.js';
import { after, afterAnyTime, Frontier, type Moment, timeless } from './times.js';

/** Bounds on a single wait. */
export type WaitBound = 'growth' | 'told' | 'invalidSession' | 'cooldown';

/** A wait that was too short: how long it has to be and how long it was, in ms, and what led there. */
export interface ShortWait {
  readonly bound: WaitBound;
  readonly least: number;
  readonly took: number;
  /** What ended the connection, or the look-up, before it. */
  readonly after: string;
  readonly steps: readonly WaitStep[];
}

/** A move, and whether time is measured from it on: all that ran before has run out by then. */
export interface WaitStep {
  readonly move: Move;
  readonly begins: boolean;
}

/** What came of all waits. */
export interface WaitReport {
  /** Classes with what the watcher knows and with times. */
  readonly situations: number;
  readonly steps: number;
  readonly broken: readonly ShortWait[];
  /** The shortest wait that was met, in ms, by the tries since a connection last held. */
  readonly shortest: readonly number[];
}

/** What a watcher sees of a shard: `long` is ready for long enough to hold with the next sign of life. */
type Phase = 'off' | 'waiting' | 'locating' | 'reaching' | 'open' | 'asking' | 'ready' | 'long' | 'held' | 'closing';

/** What a watcher knows. */
interface Seen {
  readonly phase: Phase;
  /** Tries since a connection last held. */
  readonly tries: number;
  /** Heartbeats that are out; three for more. */
  readonly beats: number;
  /** What the next wait has to be at least, beside the back-off. */
  readonly asked: Readonly<Partial<Record<Exclude<WaitBound, 'growth'>, number>>>;
}

interface Label extends Moment {
  readonly state: Class;
  readonly seen: Seen;
  readonly via: ({ readonly from: Label } & WaitStep) | null;
}

/** Follows all runs; yields from time to time how many situations there are. */
export function* followWaits({ root }: Classes): Generator<number, WaitReport> {
  const begin: Seen = { phase: 'off', tries: 0, beats: 0, asked: {} };
  const frontier = new Frontier<Label>();
  const queue: Label[] = [];
  const reach = (label: Label) => {
    if (frontier.add(nameOf(label), label)) queue.push(label);
  };
  const broken = new Map<string, ShortWait>();
  const shortest: number[] = [];
  let steps = 0;
  reach({ ...timeless(root), state: root, seen: begin, via: null });
  for (const label of queue) {
    if (!frontier.has(nameOf(label), label)) continue;
    for (const move of label.state.moves) {
      steps += 1;
      if (steps % 4096 === 0) yield frontier.size;
      const { seen } = label;
      const moment = isMeasured(seen) ? after(label, move) : afterAnyTime(move);
      const [heard, isTry] = [hear(seen, move.marks, moment.at), beginsTry(seen, move.marks)];
      if (isTry && seen.phase !== 'off') {
        const took = seen.phase === 'waiting' ? moment.at : 0;
        shortest[seen.tries] = Math.min(took, shortest[seen.tries] ?? Infinity);
        for (const [bound, least] of Object.entries({ growth: leastWait(heard.tries), ...heard.asked })) {
          if (took >= least) continue;
          const short = shortWait(bound as WaitBound, least, took, [...stepsTo(label), { move, begins: false }]);
          const name = `${bound} ${short.after}`;
          if (!broken.has(name)) broken.set(name, short);
        }
      }
      const next = isTry ? { ...heard, tries: Math.min(heard.tries + 1, GROWN), asked: {} } : heard;
      const goesOn = isMeasured(next) && next.phase === seen.phase;
      const begins = isMeasured(next) && !goesOn;
      const at = goesOn ? moment : begins ? afterAnyTime(move) : timeless(move.to);
      reach({ ...at, state: move.to, seen: next, via: { from: label, move, begins } });
    }
  }
  return { situations: frontier.size, steps, broken: [...broken.values()], shortest };
}

const nameOf = ({ state, seen: { phase, tries, beats, asked } }: Label): string =>
  `${state.id} ${phase} ${tries} ${beats} ${asked.told} ${asked.invalidSession} ${asked.cooldown}`;

const isMeasured = ({ phase }: Seen): boolean => phase === 'waiting' || phase === 'ready';

/** A connection after a look-up is the same try. */
const beginsTry = ({ phase }: Seen, { opens, locates }: Marks): boolean => (opens && phase !== 'locating') || locates;

/** What is known after a step; `at` is the time since the phase began, where that is measured. */
function hear(seen: Seen, marks: Marks, at: number): Seen {
  const isLong = seen.phase === 'long' || (seen.phase === 'ready' && at >= HELD_AFTER);
  const holds = isLong && seen.beats > 0 && marks.heard === 'ack';
  const phase = holds ? 'held' : isLong ? 'long' : seen.phase;
  return {
    phase: phaseAfter(phase, marks),
    tries: holds ? 0 : seen.tries,
    beats: beatsAfter(seen, marks),
    asked: { ...seen.asked, ...askedBy(seen, marks) },
  };
}

function beatsAfter({ beats }: Seen, { opens, beats: isBeat, heard }: Marks): number {
  if (opens) return 0;
  return isBeat ? Math.min(beats + 1, 3) : heard === 'ack' ? Math.max(beats - 1, 0) : beats;
}

function phaseAfter(phase: Phase, { opens, locates, ends, closes, identifies, resumes, heard }: Marks): Phase {
  if (opens) return 'reaching';
  if (locates) return 'locating';
  if (ends) return 'waiting';
  if (closes) return 'closing';
  if (identifies || resumes) return 'asking';
  if (heard === 'hello' && phase === 'reaching') return 'open';
  return heard === 'ready' && phase === 'asking' ? 'ready' : phase;
}

const HAS_HELLO: readonly Phase[] = ['open', 'asking', 'ready', 'long', 'held'];

/** Who was told how long to wait is asked for no cooldown. */
function askedBy({ phase, asked }: Seen, { heard, told }: Marks): Seen['asked'] {
  if (told !== null && (heard !== 'handshakeRefused' || phase === 'reaching')) return { told };
  if (heard === 'invalidSession' && HAS_HELLO.includes(phase)) return { invalidSession: ASKED.invalidSession };
  if (heard === '4008' && phase !== 'waiting' && asked.told === undefined) return { cooldown: ASKED.cooldown };
  return {};
}

function shortWait(bound: WaitBound, least: number, took: number, steps: readonly WaitStep[]): ShortWait {
  const ending = steps.findLastIndex(({ move: { marks } }, i) => i < steps.length - 1 && (marks.ends || marks.closes));
  const closing = steps[ending - 1]?.move;
  const ended = closing?.marks.closes === true ? closing : steps[ending]?.move;
  return { bound, least, took, after: ended?.label ?? '', steps };
}

function stepsTo(label: Label): WaitStep[] {
  const steps = [];
  for (let { via } = label; via !== null; { via } = via.from) steps.unshift({ move: via.move, begins: via.begins });
  return steps;
}
