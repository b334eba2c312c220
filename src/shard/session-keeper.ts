/**
 * Keeps what a later process needs of a shard up to date: its session with the last sequence handled, when it identified,
 * and the level of its bucket. A new session is saved at once, an identify before it is sent, and what is handled once a
 * second, so that after a crash some of it comes again.
 */
import { attempted, type Warn } from '../guard/guarded.js';
import { wallClockOf } from '../host/guarded-ports.js';
import type { Reported, Tap } from '../host/tap.js';
import type { ClockPort, KeptIdentifies, KeptSession, PermitPort, ResumeRecord, SessionsPort } from '../ports/index.js';
import { problemOfKept } from '../ports/kept-session.js';
import { discreetRecord } from '../ports/resume-record.js';
import { isIdle } from './idle.js';
import { everySecond } from './rounds.js';

/** What is handled is saved no later than this, in ms. */
const UNCHANGED_MS = 5 * 60_000;

/** A session is tried for so long after it was last known to live, in ms: a try in vain costs seconds, an Identify one of the day. */
const LONGEST_LIFE_MS = 60 * 60_000;

/** Nothing waits longer for the place where sessions are kept, in ms: to read all, to write before an Identify, and at the end. */
const DEADLINES = { load: 5_000, write: 1_000, end: 5_000 };

/** What a keeper has to know. */
export interface KeeperOptions {
  readonly sessions: SessionsPort;
  readonly permits: PermitPort;
  readonly clock: ClockPort;
  readonly shard: readonly [id: number, count: number];
  readonly warn: Warn;
  /** The last sequence handled; null without a session that can be resumed. */
  handled(): number | null;
  /** The session as it is now, with that sequence. */
  checkpoint(): ResumeRecord | null;
  /** The identifies as they are now. */
  identifies(): KeptIdentifies;
  /** Runs at the end of the process, as far as there are processes; the returned function takes that back. */
  onExit(save: () => void): () => void;
}

/** What an earlier process has kept. */
export interface EarlierLife {
  /** Null where there is no session to be tried. */
  readonly resume: ResumeRecord | null;
  readonly identifies: KeptIdentifies;
}

const NOTHING = () => {};

/** What is being loaded: hundreds of shards may start at once, and each needs all of it. */
const loading = new WeakMap<SessionsPort, Promise<readonly KeptSession[]>>();

function loadFrom(sessions: SessionsPort): Promise<readonly KeptSession[]> {
  const under = loading.get(sessions) ?? checked(sessions).finally(() => loading.delete(sessions));
  loading.set(sessions, under);
  return under;
}

async function checked(sessions: SessionsPort): Promise<readonly KeptSession[]> {
  const all: unknown = await sessions.load();
  const problem = Array.isArray(all) ? all.map(problemOfKept).find((each) => each !== null) : 'it is not a list';
  if (problem) throw new TypeError(`it gave what is not kept of shards: ${problem}`);
  return all as readonly KeptSession[];
}

/** Which sessions were told to which permits. */
const told = new WeakMap<PermitPort, WeakSet<SessionsPort>>();

/** The keeper of one shard. */
export class SessionKeeper implements Tap {
  readonly #options: KeeperOptions;
  readonly #wallNow: () => number;
  #sessionId: string | null = null;
  /** Whether anything was begun that what is kept could be replaced by. */
  #hasBegun = false;
  #isReady = false;
  /** When the session was last known to live. */
  #aliveAt = 0;
  /** What was saved last: from where to resume, and when. */
  #saved: { readonly sequence: number | null; readonly at: number } = { sequence: null, at: 0 };
  /** How much is being saved. */
  #saving = 0;
  #isFailing = false;
  /** What a detach has left, until the next start. */
  #left: ResumeRecord | null = null;
  #stopRounds = NOTHING;
  #offExit = NOTHING;

  constructor(options: KeeperOptions) {
    this.#options = options;
    this.#wallNow = wallClockOf(options.clock);
  }

  /** What an earlier process has kept of this shard, if any; the permits are told of all identifies. */
  async load(): Promise<EarlierLife | null> {
    const { permits, sessions, shard } = this.#options;
    const all = await this.#loaded();
    this.#remember(all, permits, sessions);
    const mine = all.find((kept) => kept.shard[0] === shard[0] && kept.shard[1] === shard[1]);
    if (mine === undefined) return null;
    if (mine.resume === null) return mine;
    this.#aliveAt = mine.resume.savedAt;
    const age = this.#wallNow() - this.#aliveAt;
    if (age <= LONGEST_LIFE_MS) return mine;
    const hours = (age / 3_600_000).toFixed(1);
    this.#options.warn(`the session that was kept was last known to live ${hours} h ago: a new session begins`);
    return { ...mine, resume: null };
  }

  /** The shard is about to leave its session to a later process. */
  leave(record: ResumeRecord | null): void {
    this.#left = record;
  }

  /** Fulfilled once what there is at the end of a run is saved, or cannot be. */
  async settled(): Promise<void> {
    if (this.#hasBegun) await this.#within(DEADLINES.end, this.#save());
  }

  /** Writes down that an Identify is about to be sent. */
  readonly write = async (identifies: KeptIdentifies): Promise<void> => {
    const isInTime = await this.#within(DEADLINES.write, this.#save(identifies));
    if (isInTime === LATE) this.#failed(new Error(`nothing within ${DEADLINES.write} ms`));
  };

  reported({ before, after }: Reported): void {
    if (isIdle(before) && !isIdle(after)) this.#begin();
    const wasReady = this.#isReady;
    this.#isReady = after.hasTag('ready');
    if (wasReady || this.#isReady) this.#aliveAt = this.#wallNow();
    const id = after.context.session?.id ?? null;
    if (id !== this.#sessionId) queueMicrotask(() => void this.#save()); // the actor has the new snapshot by then
    this.#sessionId = id;
    if (isIdle(after)) this.#end();
  }

  ended(): void {
    this.#end();
  }

  /** A run begins: from now on, what is handled is saved. */
  #begin(): void {
    this.#hasBegun = true;
    this.#left = null;
    this.#stopRounds = everySecond(this.#options.clock, this.#options.sessions, () => this.#round());
    this.#offExit = this.#options.onExit(() => void this.#save());
  }

  #end(): void {
    this.#stopRounds();
    this.#offExit();
    this.#stopRounds = NOTHING;
    this.#offExit = NOTHING;
  }

  #round(): void {
    const identifies = this.#options.identifies(); // always: it looks at the time of day
    if (this.#isReady) this.#aliveAt = this.#wallNow();
    if (this.#saving > 0) return;
    const isNew = this.#options.handled() !== this.#saved.sequence || this.#isFailing;
    if (isNew || (this.#isReady && this.#wallNow() - this.#saved.at >= UNCHANGED_MS)) void this.#save(identifies);
  }

  /** Saves what there is now. It never rejects. */
  #save(identifies = this.#options.identifies()): Promise<void> {
    const at = Math.round(this.#wallNow());
    const record = this.#left ?? this.#options.checkpoint();
    const resume = record && discreetRecord({ ...record, savedAt: Math.round(this.#aliveAt) });
    const kept: KeptSession = { version: 1, shard: this.#options.shard, resume, identifies, savedAt: at };
    this.#saved = { sequence: resume?.sequence ?? null, at };
    this.#saving += 1;
    return this.#attempt(() => this.#options.sessions.save(kept)).finally(() => {
      this.#saving -= 1;
    });
  }

  async #attempt(run: () => Promise<void>): Promise<void> {
    try {
      await run();
      this.#isFailing = false;
    } catch (error) {
      this.#failed(error);
    }
  }

  #failed(error: unknown): void {
    if (!this.#isFailing) this.#options.warn('the session could not be saved', error);
    this.#isFailing = true;
  }

  async #loaded(): Promise<readonly KeptSession[]> {
    const { sessions, warn } = this.#options;
    try {
      const all = await this.#within(DEADLINES.load, loadFrom(sessions));
      if (all === LATE) throw new Error(`nothing within ${DEADLINES.load} ms`);
      return all;
    } catch (error) {
      warn('what was kept of sessions could not be read: a new session begins', error);
      return [];
    }
  }

  /** Once, for all shards that share both. */
  #remember(all: readonly KeptSession[], permits: PermitPort, sessions: SessionsPort): void {
    const known = told.get(permits) ?? new WeakSet<SessionsPort>();
    told.set(permits, known);
    if (known.has(sessions)) return;
    known.add(sessions);
    const now = this.#wallNow();
    const past = all.flatMap(({ shard: [shardId], identifies }) =>
      identifies.sent.map((at) => ({ shardId, ago: Math.max(0, now - at) })),
    );
    attempted(
      () => permits.remember?.(past),
      (error) => this.#options.warn('an adapter threw: remember identifies', error),
    );
  }

  async #within<T>(ms: number, promise: Promise<T>): Promise<T | typeof LATE> {
    const { clock } = this.#options;
    let timer: unknown;
    const late = new Promise<typeof LATE>((resolve) => {
      timer = clock.setTimeout(() => resolve(LATE), ms);
    });
    try {
      return await Promise.race([promise, late]);
    } finally {
      clock.clearTimeout(timer);
    }
  }
}

const LATE = Symbol('late');
