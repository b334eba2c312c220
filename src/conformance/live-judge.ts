/**
 * Holds the rules against whatever connects, while it is connected. Clients are told apart by the shard that they identify
 * as; a session is known by its id. What is long past is forgotten, so that this may go on for days.
 */
import { Opcode } from '../../machines/protocol/opcodes.js';
import type { LogEntry } from '../simulator/index.js';
import type { Grade } from './case.js';
import { gradeOf } from './checks.js';
import { fieldsOf } from './fields.js';
import { type Connection, RULES, type Rule, type Scene, SO_FAR } from './rules.js';
import { connectionOf, resumedIn, SLACK_MS, TOKEN } from './scene.js';

/** A rule that a client has broken. */
export interface Breach {
  readonly rule: Rule;
  /** The shard as it identifies; null for a client that never said. */
  readonly shard: string | null;
  /** What broke the rule, in words, with times by the clock of the log. */
  readonly what: string;
  readonly grade: Grade;
  /** Why it is tolerated, if it is. */
  readonly tolerated?: string;
}

/** What became of a rule: `not exercised` where nothing happened that it speaks of. */
export interface RuleRecord {
  readonly rule: Rule;
  readonly state: 'kept' | 'tolerated' | 'broken' | 'not exercised';
  /** How often it was broken, tolerated breaches included. */
  readonly breaches: number;
}

/** A breach is told when it has stood for so long: until then the client may still answer. In ms. */
export const STANDING_MS = 5_000;
/** A connection is looked back at for so long after its end, in ms. */
const PAST_MS = 60_000;
/** When a connection has so many entries, the older half of what does not make its history is forgotten. */
const MOST_ENTRIES = 4_000;
/** Connections of one client, of which none has begun a new session, before it is judged no longer. */
export const MOST_CONNECTIONS = 1_000;

/** A connection, as far as it is remembered. */
interface Seen {
  readonly open: LogEntry;
  entries: LogEntry[];
  /** Who it is: known once it has identified, or resumed a session that is known. */
  shard: string | null;
  hasReady: boolean;
  ended: number | null;
}

/** Takes what crosses the wire, entry by entry, and says which rules are broken. */
export class LiveJudge {
  readonly #mainUrl: string;
  readonly #seen = new Map<number, Seen>();
  /** The shard of each session. */
  readonly #sessions = new Map<string, string>();
  /** Since when each breach stands that is not told yet; those that are told. */
  #standing = new Map<string, number>();
  readonly #told = new Set<string>();
  readonly #breaches = new Map<Rule, number>();
  readonly #broken = new Set<Rule>();
  readonly #exercised = new Set<Rule>();
  readonly #givenUp = new Set<string | null>();
  #isNew = false;

  /** Takes the URL that clients are given. */
  constructor(mainUrl: string) {
    this.#mainUrl = mainUrl;
  }

  /** Connections that cannot be judged, since what they send is binary. */
  get unreadable(): number {
    return this.#unreadable;
  }
  #unreadable = 0;

  /** Clients that are judged no longer: so many connections and never a session. */
  get givenUp(): number {
    return this.#givenUp.size;
  }

  add(entry: LogEntry): void {
    if (entry.kind === 'open') {
      if (isBinary(entry)) this.#unreadable += 1;
      else this.#seen.set(entry.connection, { open: entry, entries: [], shard: null, hasReady: false, ended: null });
    }
    const seen = this.#seen.get(entry.connection);
    if (seen === undefined || entry.kind === 'open') return;
    this.#isNew = true;
    seen.entries.push(isMany(entry) ? withoutData(entry) : entry);
    if (entry.kind === 'close' || entry.kind === 'drop') seen.ended ??= entry.at;
    else this.#recognise(seen, entry);
    if (seen.entries.length >= MOST_ENTRIES) seen.entries = shortened(seen.entries);
  }

  /**
   * What was found since the last call; to be called every second or so, with the time of the log's clock. A breach is told
   * once, when it has stood for `STANDING_MS`.
   */
  judge(now: number): readonly Breach[] {
    const isOpen = [...this.#seen.values()].some(({ ended }) => ended === null);
    if (!this.#isNew && this.#standing.size === 0 && !isOpen) return [];
    this.#isNew = false;
    const found = [...this.#scenes(now)].flatMap(([shard, scene]) => this.#look(shard, scene));
    const standing = new Map<string, number>();
    const told: Breach[] = [];
    for (const breach of found) {
      const key = nameOf(breach);
      if (this.#told.has(key)) continue;
      const since = this.#standing.get(key) ?? now;
      if (now - since < STANDING_MS) standing.set(key, since);
      else {
        this.#told.add(key);
        this.#breaches.set(breach.rule, (this.#breaches.get(breach.rule) ?? 0) + 1);
        if (breach.tolerated === undefined) this.#broken.add(breach.rule);
        told.push(breach);
      }
    }
    this.#standing = standing;
    this.#forget(now);
    return told;
  }

  /** What became of each rule so far. */
  get records(): readonly RuleRecord[] {
    return RULES.map((rule) => {
      const breaches = this.#breaches.get(rule) ?? 0;
      const unbroken = this.#exercised.has(rule) ? 'kept' : 'not exercised';
      return { rule, state: this.#broken.has(rule) ? 'broken' : breaches > 0 ? 'tolerated' : unbroken, breaches };
    });
  }

  #recognise(seen: Seen, { direction, payload }: LogEntry): void {
    const { op, t, d } = fieldsOf(payload);
    const { shard, session_id: session } = fieldsOf(d);
    if (direction === 'client' && op === Opcode.Identify) seen.shard ??= JSON.stringify(shard ?? [0, 1]);
    if (direction === 'client' && op === Opcode.Resume) seen.shard ??= this.#sessions.get(String(session)) ?? null;
    if (direction !== 'gateway' || t !== 'READY' || seen.shard === null) return;
    seen.hasReady = true;
    this.#sessions.set(String(session), seen.shard);
  }

  /**
   * What each client did. A connection that does not say whose it is belongs to the only client that there is, if that has no
   * other open meanwhile; else it is judged by itself.
   */
  *#scenes(now: number): Iterable<readonly [string | null, Scene]> {
    const all = [...this.#seen.values()];
    const named = all.filter(({ shard }) => shard !== null);
    const shards = new Set(named.map(({ shard }) => shard));
    const belongs = (seen: Seen) => shards.size === 1 && !named.some((other) => overlap(seen, other));
    for (const shard of shards) {
      if (this.#givenUp.has(shard)) continue;
      yield [
        shard,
        this.#sceneOf(
          now,
          all.filter((seen) => seen.shard === shard || (seen.shard === null && belongs(seen))),
        ),
      ];
    }
    const nameless = all.filter((seen) => seen.shard === null && !belongs(seen));
    if (shards.size === 0) yield [null, this.#sceneOf(now, nameless)];
    else for (const seen of nameless) yield [null, this.#sceneOf(now, [seen])];
  }

  #sceneOf(now: number, seen: readonly Seen[]): Scene {
    const resumes = seen.flatMap(({ entries }) =>
      entries.filter(({ direction, payload }) => direction === 'client' && fieldsOf(payload)['op'] === Opcode.Resume),
    );
    const resumed = resumedIn(resumes);
    const connections = seen.map(
      ({ open, entries }): Connection => connectionOf(open, entries, this.#mainUrl, resumed),
    );
    return { connections, starts: [], renewals: [], token: TOKEN, mainUrl: this.#mainUrl, until: now, slack: SLACK_MS };
  }

  #look(shard: string | null, scene: Scene): readonly Breach[] {
    for (const rule of RULES) if (rule.exercised(scene)) this.#exercised.add(rule);
    return RULES.flatMap((rule) => rule.broken(scene).map((what) => ({ rule, shard, what, ...gradeOf(rule, what) })));
  }

  /** Connections before the one with the newest session are past, some time after their end. */
  #forget(now: number): void {
    const isPast = ({ ended }: Seen) => ended !== null && now - ended > PAST_MS;
    const everything = [...this.#seen.values()];
    for (const shard of new Set(everything.map((seen) => seen.shard))) {
      const all = everything.filter((seen) => seen.shard === shard);
      const newest = all.findLastIndex(({ hasReady }) => hasReady);
      const past = shard === null ? all.filter(isPast) : all.slice(0, Math.max(0, newest)).filter(isPast);
      for (const { open } of past) this.#seen.delete(open.connection);
      if (all.length - past.length <= MOST_CONNECTIONS) continue;
      this.#givenUp.add(shard);
      for (const { open } of all) this.#seen.delete(open.connection);
    }
  }
}

/** What tells a breach from others; one that was tolerated and goes on may become another. */
function nameOf({ shard, rule, what, tolerated }: Breach): string {
  return [shard, rule.says, what.split(SO_FAR)[0], tolerated].join(' ');
}

function overlap(a: Seen, b: Seen): boolean {
  const { POSITIVE_INFINITY: never } = Number;
  return a.open.at < (b.ended ?? never) && b.open.at < (a.ended ?? never);
}

const isBinary = ({ path = '' }: LogEntry) => /[?&]encoding=etf/.test(path);

const HISTORY: readonly unknown[] = [
  Opcode.Identify,
  Opcode.Resume,
  Opcode.Hello,
  Opcode.Reconnect,
  Opcode.InvalidSession,
];

/** A dispatch other than those that begin a session or go on with it. */
function isMany({ direction, payload }: LogEntry): boolean {
  const { op, t } = fieldsOf(payload);
  return direction === 'gateway' && op === Opcode.Dispatch && t !== 'READY' && t !== 'RESUMED';
}

function withoutData(entry: LogEntry): LogEntry {
  const { op, s, t, d } = fieldsOf(entry.payload);
  return { ...entry, payload: { op, s, t, ...(d === undefined ? {} : { d: null }) } };
}

/**
 * Without the older half of heartbeats, ACKs, dispatches and commands. The last dispatch among them stays, whose sequence
 * counts on, and Hello stands at the time of the last ACK, as if the connection had begun then.
 */
function shortened(entries: readonly LogEntry[]): LogEntry[] {
  const half = entries.length / 2;
  const old = entries.slice(0, half);
  const opOf = ({ payload }: LogEntry) => fieldsOf(payload)['op'];
  const dispatch = old.findLast(isMany);
  const ack = old.findLast((entry) => opOf(entry) === Opcode.HeartbeatAck);
  const kept = old.filter(
    (entry) =>
      entry === dispatch ||
      entry.kind !== 'text' ||
      HISTORY.includes(opOf(entry)) ||
      (opOf(entry) === Opcode.Dispatch && !isMany(entry)),
  );
  const at = (entry: LogEntry) =>
    ack !== undefined && opOf(entry) === Opcode.Hello ? { ...entry, at: ack.at } : entry;
  return [...kept.map(at), ...entries.slice(half)];
}
