/**
 * What Discord's documentation demands of a client, transcribed by hand and checked on what crossed the wire.
 * The chart makes the scenarios; these rules pass the verdict. They know nothing of the chart, the tables or the host.
 */

/** Something that crossed the wire, or happened to it. Times in ms. */
export interface Entry {
  readonly at: number;
  readonly from: 'client' | 'gateway';
  /** `end` is the loss of the connection without a close frame, or its drop. */
  readonly kind: 'message' | 'close' | 'end';
  /** A message that is no JSON object is null. */
  readonly payload?: Payload | null;
  /** A message that corrupts the compressed stream. */
  readonly corrupt?: true;
  readonly code?: number;
}

export interface Payload {
  readonly op?: unknown;
  readonly d?: unknown;
  readonly s?: unknown;
  readonly t?: unknown;
}

/** One connection, from the handshake on. */
export interface Connection {
  readonly url: string;
  readonly at: number;
  readonly entries: readonly Entry[];
}

/** What surrounds the wire: orders, as far as the rules depend on them. */
export interface Scene {
  readonly connections: readonly Connection[];
  /** When `start` was ordered. */
  readonly starts: readonly number[];
  /** When it was ordered to end the session: by a stop or a fresh reconnect. */
  readonly renewals: readonly number[];
  /** Connections that were left for want of room, by their place, each with the last sequence that found some. */
  readonly overflows?: readonly { readonly connection: number; readonly sequence: number }[];
  readonly token: string;
  readonly mainUrl: string;
  /** How long it was watched, by the time of the entries; a connection that is open then was kept until then. */
  readonly until?: number;
  /**
   * How long something may be on its way, in ms; defaults to 0, as where both sides are seen at once. A wire that is seen at
   * the Gateway's end shows a heartbeat after a dispatch that had not arrived when the heartbeat left.
   */
  readonly slack?: number;
}

export interface Rule {
  /** The section of Discord's Gateway documentation. */
  readonly spec: string;
  readonly says: string;
  /** Holds only where time passes as it does: timers in their order, none skipped. */
  readonly timed?: true;
  /** Whether anything happened that the rule speaks of. */
  readonly exercised: (scene: Scene) => boolean;
  /** What breaks the rule, in words; nothing if it holds. */
  readonly broken: (scene: Scene) => string[];
}

const OP = { dispatch: 0, heartbeat: 1, identify: 2, resume: 6, reconnect: 7, invalidSession: 9, hello: 10, ack: 11 };
const FATAL = [4004, 4010, 4011, 4012, 4013, 4014];
/** "Reconnect and start a new session", or the session was never there. */
const SESSION_LOST = [4003, 4005, 4006, 4007, 4009];

export const RULES: readonly Rule[] = [
  {
    spec: 'gateway#connecting',
    says: 'every connection names the version and the encoding',
    exercised: ({ connections }) => connections.length > 0,
    broken: ({ connections }) =>
      connections.flatMap(({ url }) => {
        const query = new URL(url).searchParams;
        return query.get('v') === '10' && ['json', 'etf'].includes(query.get('encoding') ?? '') ? [] : [url];
      }),
  },
  {
    spec: 'gateway#hello-event',
    says: 'nothing is sent before Hello',
    exercised: some(({ entries }) => entries.length > 0),
    broken: each(({ entries }) => {
      const hello = entries.findIndex(isValidHello);
      return entries.filter((entry, i) => sent(entry) && (hello === -1 || i < hello)).map(show);
    }),
  },
  {
    spec: 'gateway#identifying',
    says: 'at most one Identify or Resume is sent on a connection',
    exercised: some(has((e) => sent(e, OP.identify, OP.resume))),
    broken: each(({ entries }) => {
      const invalid = entries.findIndex((e) => received(e, OP.invalidSession));
      const isAnswer = (e: Entry) => invalid !== -1 && entries.indexOf(e) > invalid;
      return entries
        .filter((e) => sent(e, OP.identify, OP.resume))
        .slice(1)
        .map((e) => `${show(e)}${isAnswer(e) ? AFTER_INVALID : ''}`);
    }),
  },
  {
    spec: 'gateway#identifying',
    says: 'nothing but heartbeats is sent before Identify or Resume',
    exercised: some(has((e) => sent(e) && !sent(e, OP.heartbeat))),
    broken: each(({ entries }) => {
      const [first] = entries.filter((e) => sent(e) && !sent(e, OP.heartbeat));
      return first === undefined || sent(first, OP.identify, OP.resume) ? [] : [show(first)];
    }),
  },
  {
    spec: 'gateway#identifying',
    says: 'Identify carries the token, the intents and the properties',
    exercised: some(has((e) => sent(e, OP.identify))),
    broken: ({ connections, token }) =>
      all(connections, (e) => sent(e, OP.identify)).flatMap((e) => {
        const d = dataOf(e);
        const properties: Record<string, unknown> = isObject(d['properties']) ? d['properties'] : {};
        const complete =
          d['token'] === token &&
          Number.isInteger(d['intents']) &&
          ['os', 'browser', 'device'].every((key) => typeof properties[key] === 'string');
        return complete ? [] : [show(e)];
      }),
  },
  {
    spec: 'gateway#resuming',
    says: 'a session is resumed before it is given up',
    exercised: reached(
      ({ entry, session, isOpen }) => isOpen && session !== null && sent(entry, OP.identify, OP.resume),
    ),
    broken: walk(({ entry, session, isOpen }) => {
      if (!isOpen || !sent(entry, OP.identify) || session === null || session.wasTried) return [];
      return [`the session since ${session.since} was not resumed at ${entry.at}`];
    }),
  },
  {
    spec: 'gateway#resume',
    says: 'Resume carries the token, the session of the last READY and the last sequence received in it',
    exercised: some(has((e) => sent(e, OP.resume))),
    broken: walk(({ entry, connection, session, sequence, scene, known, lost }) => {
      if (!sent(entry, OP.resume)) return [];
      const end = connection.entries.find(isEnd); // one that crossed the Gateway's close knew nothing of it
      if (end?.from === 'gateway' && end.at <= entry.at && entry.at <= end.at + (scene.slack ?? -1)) return [];
      const { token, session_id, seq } = dataOf(entry);
      const right = token === scene.token && session_id === session?.id && known(seq, lost ?? entry.at);
      const is = session === null ? 'there is no session' : `the session is ${session.id} at ${sequence}`;
      return right ? [] : [`${show(entry)}, but ${is}`];
    }),
  },
  {
    spec: 'gateway#resuming',
    says: 'a session is first resumed at the URL that READY gave, and a new one begun at the main URL',
    exercised: some(has((e) => sent(e, OP.identify, OP.resume))),
    broken: walk(({ entry, session, connection, scene }) => {
      if (sent(entry, OP.identify)) return sameHost(connection.url, scene.mainUrl) ? [] : [connection.url];
      if (!sent(entry, OP.resume) || session?.url == null || session.urlFailed) return [];
      if (session.since >= connection.at) return []; // on the connection of its READY, which another rule judges
      return sameHost(connection.url, session.url) ? [] : [connection.url];
    }),
  },
  {
    spec: 'gateway#sending-heartbeats',
    says: 'a heartbeat carries the last sequence received, or null before the first',
    exercised: some(has((e) => sent(e, OP.heartbeat))),
    broken: walk(({ entry, connection, session, sequence, known, isOpen }) => {
      if (!sent(entry, OP.heartbeat) || known(entry.payload?.d, entry.at)) return [];
      // Whoever has given up the session shows it by an Identify, which another rule judges.
      const willIdentify = session?.wasTried === true || connection.entries.some((e) => sent(e, OP.identify));
      const isGivenUp = isOpen && entry.payload?.d === null && willIdentify;
      const isNone = entry.payload?.d === 0 && known(null, entry.at);
      return isGivenUp ? [] : [`${show(entry)} instead of ${isNone ? null : sequence}`];
    }),
  },
  {
    spec: 'gateway#heartbeat-interval',
    says: 'no connection is kept without an ACK for longer than two intervals and a grace',
    timed: true,
    exercised: ({ connections, until }) => connections.some(({ entries }) => longestSilence(entries, until) > 1.5),
    broken: ({ connections, until = 0, slack = 0 }) =>
      connections.flatMap(({ entries }) => keptInVain(entries, until, slack)),
  },
  {
    spec: 'gateway#heartbeat-requests',
    says: 'a requested heartbeat is sent at once',
    exercised: some(has((e) => received(e, OP.heartbeat))),
    broken: each(({ entries }, slack) =>
      entries.flatMap((entry, i) => {
        if (!received(entry, OP.heartbeat)) return [];
        const open = entries.slice(0, i).some(isValidHello) && !entries.slice(0, i).some(isEnd);
        if (!open) return [];
        const until = entry.at + 5 + slack;
        return entries.slice(i).some((e) => sent(e, OP.heartbeat) && e.at <= until) ? [] : [show(entry)];
      }),
    ),
  },
  {
    spec: 'gateway#reconnect',
    says: 'op 7 is followed by a close that keeps the session',
    exercised: some(has((e) => received(e, OP.reconnect))),
    broken: notLeftAfter((e) => received(e, OP.reconnect)),
  },
  {
    spec: 'gateway#encoding-and-compression',
    says: 'what corrupts the compressed stream is followed by a close that keeps the session',
    exercised: some(has(({ corrupt }) => corrupt === true)),
    broken: notLeftAfter(({ corrupt }) => corrupt === true),
  },
  {
    spec: 'gateway#invalid-session',
    says: 'op 9 ends the connection, and the next begins 1 to 5 s later at the earliest',
    exercised: some(has((e) => received(e, OP.invalidSession))),
    broken: ({ connections, renewals, starts }) =>
      connections.flatMap(({ entries }, i) => {
        const close = entries.findIndex(isEnd);
        const at = entries.findIndex(
          (e, k) => received(e, OP.invalidSession) && entries.slice(0, k).some(isValidHello),
        );
        const invalid = entries[at];
        if (invalid === undefined || (close !== -1 && close < at)) return [];
        const ordered = [...renewals, ...starts].some((time) => time >= invalid.at);
        const next = connections[i + 1];
        if (!entries.slice(at).some(isEnd)) {
          const isResumed = invalid.payload?.d === true && entries.slice(at).some((e) => sent(e, OP.resume));
          return [isResumed ? KEPT_TO_RESUME : 'the connection was kept'];
        }
        return next !== undefined && next.at < invalid.at + 1_000 && !ordered
          ? [`the next began ${next.at - invalid.at} ms later`]
          : [];
      }),
  },
  {
    spec: 'gateway#disconnecting',
    says: 'after a code that forbids reconnecting there is no further connection without a start',
    exercised: some(has(isFatal)),
    broken: ({ connections, starts }) =>
      connections.flatMap(({ entries }, i) => {
        const end = entries.find(isEnd);
        const next = connections[i + 1];
        if (end === undefined || !isFatal(end) || next === undefined || starts.some((at) => at >= end.at)) return [];
        return [`${show(end)}, then a connection at ${next.at}`];
      }),
  },
  {
    spec: 'gateway#connections',
    says: 'a connection begins after the one before it has ended',
    exercised: ({ connections }) => connections.length > 1,
    broken: ({ connections, slack = 0 }) =>
      connections.slice(0, -1).flatMap(({ entries }, i) => {
        const end = entries.find((e) => isEnd(e) && (e.kind === 'end' || e.from === 'gateway'));
        const next = connections[i + 1];
        return end !== undefined && next !== undefined && end.at <= next.at + Math.min(slack, OVERTAKING_MS)
          ? []
          : [`connection ${i + 1} is still open`];
      }),
  },
  {
    spec: 'gateway#disconnecting',
    says: 'nothing is sent after a close',
    exercised: some(has(isEnd)),
    broken: each(({ entries }, slack) => {
      const at = entries.findIndex(isEnd);
      const end = entries[at];
      if (end === undefined) return [];
      const until = end.from === 'gateway' ? end.at + slack : Number.NEGATIVE_INFINITY; // it may have crossed ours
      return entries
        .slice(at + 1)
        .filter((e) => sent(e) && (slack === 0 || e.at > until))
        .map(show);
    }),
  },
  {
    spec: 'gateway#rate-limiting',
    says: 'no more than 120 payloads are sent within 60 s on a connection',
    exercised: some(({ entries }) => mostWithin(60_000, entries) >= 100),
    broken: each(({ entries }) => {
      const times = entries.filter((e) => sent(e)).map(({ at }) => at);
      return times
        .filter((at, i) => (times[i + 120] ?? Number.POSITIVE_INFINITY) - at < 60_000)
        .map((at) => `from ${at}`);
    }),
  },
  {
    spec: 'gateway#sending-events',
    says: 'no payload is larger than 4096 bytes',
    exercised: some(has((e) => sent(e))),
    broken: ({ connections }) =>
      all(connections, (e) => sent(e) && new TextEncoder().encode(JSON.stringify(e.payload)).length > 4096).map(show),
  },
];

/** Every rule that a scene breaks, as text; without those about time where time was skipped. */
export function verdict(scene: Scene, { timed = true }: { timed?: boolean } = {}): string[] {
  const rules = RULES.filter((rule) => timed || !rule.timed);
  return rules.flatMap(({ spec, says, broken }) => broken(scene).map((what) => `${spec}: ${says}: ${what}`));
}

function sent(entry: Entry, ...ops: number[]): boolean {
  return (
    entry.from === 'client' &&
    entry.kind === 'message' &&
    (ops.length === 0 || ops.includes(entry.payload?.op as number))
  );
}

function received(entry: Entry, op: number): boolean {
  return entry.from === 'gateway' && entry.kind === 'message' && entry.payload?.op === op;
}

/** The `d` of a message, if it is an object. */
function dataOf({ payload }: Entry): Record<string, unknown> {
  const d = payload?.d;
  return isObject(d) ? d : {};
}

/** What has arrived is read before the peer is given up: for so long after the last of it, and for so long in all, in ms. */
const [QUIET_MS, READ_MS] = [250, 5_000];

/** A handshake may overtake the close of another socket by so much, in ms, where both are seen at the Gateway's end. */
const OVERTAKING_MS = 100;

/** In the words of a breach: other messages came, so that the connection was of use. */
export const WHILE_DISPATCHES = ', while dispatches came';
/** In the words of a breach: an Identify or a Resume that answers Invalid Session on the same connection. */
export const AFTER_INVALID = ', in answer to Invalid Session';
/** The same: a connection that was kept after Invalid Session, d true, for a Resume. */
export const KEPT_TO_RESUME = 'the connection was kept for a Resume';

/** What follows it in the words of a breach grows while the breach lasts; what stands before says which one it is. */
export const SO_FAR = ', so far ';

/**
 * Where a connection is kept although no ACK came for two intervals, of which the first heartbeat may take one to go out: the
 * first of such silences, and how long it was.
 */
function keptInVain(entries: readonly Entry[], until: number, slack: number): string[] {
  const hello = entries.find(isValidHello);
  if (hello === undefined) return [];
  const interval = intervalOf(hello);
  let [alive, heard] = [hello.at, hello.at];
  let kept: number | null = null;
  let hasMore = false;
  const look = (at: number) => {
    const due = alive + 2 * interval;
    if (at > Math.min(Math.max(due, heard) + QUIET_MS, due + READ_MS) + slack) kept = at;
  };
  let isOver = false;
  for (const entry of entries.slice(entries.indexOf(hello))) {
    look(entry.at);
    isOver = isEnd(entry) || (kept !== null && received(entry, OP.ack));
    if (isOver) break;
    if (entry.from === 'gateway') heard = entry.at;
    if (received(entry, OP.ack)) alive = entry.at;
    hasMore = (hasMore && !received(entry, OP.ack)) || (received(entry, OP.dispatch) && entry.at > alive + interval);
  }
  if (!isOver) look(until);
  if (kept === null) return [];
  const long = `for ${((kept - alive) / interval).toFixed(2)} intervals (${((kept - alive) / 1_000).toFixed(1)} s)`;
  return [`no ACK since ${alive}${SO_FAR}${long}${hasMore ? WHILE_DISPATCHES : ''}`];
}

/** So long may a client take to leave a connection that it was told to leave, in ms. */
const LEAVING_MS = 2_000;

/** What is wrong with the end of a connection that has to be left, for the session, if there is one, to be resumed. */
function notLeftAfter(demands: (entry: Entry) => boolean): Rule['broken'] {
  return walk(({ entry, connection: { entries }, session }) => {
    if (!demands(entry) || entry !== entries.find(demands)) return [];
    const at = entries.indexOf(entry);
    const close = entries.findIndex(isEnd);
    if (close !== -1 && close < at) return [];
    const next = entries[close];
    if (next === undefined) return ['the connection was kept'];
    const isOfGateway = next.from === 'gateway' && next.kind === 'close';
    if (isOfGateway && next.at - entry.at > LEAVING_MS) return ['the connection was kept until the Gateway closed it'];
    const isForGood = next.kind === 'close' && next.from === 'client' && [1000, 1001].includes(next.code ?? 0);
    return isForGood && session !== null ? [show(next)] : [];
  });
}

function isEnd({ kind }: Entry): boolean {
  return kind !== 'message';
}

function intervalOf(entry: Entry): number {
  return dataOf(entry)['heartbeat_interval'] as number;
}

/** A Hello from which a client may go on; what is no time between beats is as good as none. */
function isValidHello(entry: Entry): boolean {
  const interval = intervalOf(entry);
  return received(entry, OP.hello) && typeof interval === 'number' && interval >= 500 && interval < 2 ** 31;
}

function isFatal({ from, kind, code = 0 }: Entry): boolean {
  return from === 'gateway' && kind === 'close' && FATAL.includes(code);
}

/** The longest time without an ACK after Hello, in intervals. */
function longestSilence(entries: readonly Entry[], until = 0): number {
  const hello = entries.find(isValidHello);
  if (hello === undefined) return 0;
  const alive = [hello, ...entries.filter((e) => received(e, OP.ack))].map(({ at }) => at);
  const last = entries.at(-1)?.at ?? hello.at;
  const end = entries.some(isEnd) ? last : Math.max(last, until);
  return Math.max(...alive.map((at, i) => (alive[i + 1] ?? end) - at)) / intervalOf(hello);
}

/** How many payloads are sent within so many ms at most. */
function mostWithin(ms: number, entries: readonly Entry[]): number {
  const times = entries.filter((e) => sent(e)).map(({ at }) => at);
  let from = 0;
  return times.reduce((most, at, i) => {
    while (at - (times[from] ?? at) >= ms) from += 1;
    return Math.max(most, i - from + 1);
  }, 0);
}

function some(holds: (connection: Connection) => boolean): Rule['exercised'] {
  return ({ connections }) => connections.some(holds);
}

function has(which: (entry: Entry) => boolean): (connection: Connection) => boolean {
  return ({ entries }) => entries.some(which);
}

/** Whether a sight is ever seen. */
function reached(holds: (sight: Sight) => boolean): Rule['exercised'] {
  const seen = walk((sight) => (holds(sight) ? ['seen'] : []));
  return (scene) => seen(scene).length > 0;
}

function each(broken: (connection: Connection, slack: number) => string[]): Rule['broken'] {
  return ({ connections, slack = 0 }) => connections.flatMap((connection) => broken(connection, slack));
}

function all(connections: readonly Connection[], which: (entry: Entry) => boolean): Entry[] {
  return connections.flatMap(({ entries }) => entries.filter(which));
}

function sameHost(a: string, b: string): boolean {
  return new URL(a).host === new URL(b).host;
}

/** So many characters of a payload are shown. */
const MOST_SHOWN = 300;

function show({ at, from, kind, payload, code }: Entry): string {
  const text = payload === undefined ? '' : ` ${JSON.stringify(payload)}`;
  const shown = text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text;
  return `${from} ${kind} at ${at}${code === undefined ? '' : ` ${code}`}${shown}`;
}

/** The session as the documentation sees it. */
interface Session {
  readonly id: string;
  readonly url: string | null;
  /** Its URL did not lead to a Hello. */
  readonly urlFailed: boolean;
  readonly since: number;
  /** It was tried to resume it, and it has brought nothing since that was not there before. */
  readonly wasTried: boolean;
}

/** An entry, with what is known before it. */
interface Sight {
  readonly scene: Scene;
  readonly connection: Connection;
  readonly entry: Entry;
  /** Whether Hello has come on this connection, and neither Identify nor Resume was sent. */
  readonly isOpen: boolean;
  readonly session: Session | null;
  /** The last `s` received in the session; a session without an id, that cannot be resumed, has one too. */
  readonly sequence: number | null;
  /** Whether the client may take a sequence for the last one at a time: that last one, or one that was on its way. */
  known(sequence: unknown, at: number): boolean;
  /** When the connection before this one ended, or was to be left; null on the first. */
  readonly lost: number | null;
}

/** Follows the session through all connections, and looks at each entry. */
function walk(broken: (sight: Sight) => string[]): Rule['broken'] {
  return (scene) => {
    const follower = new Follower();
    const { slack = 0 } = scene;
    return scene.connections.flatMap((connection, i) => {
      follower.connect(connection, scene.renewals);
      const lost = leftAt(scene.connections[i - 1]?.entries ?? [], slack);
      const overflow = scene.overflows?.find((each) => each.connection === i);
      const broke = connection.entries.flatMap((entry) => {
        const { session, sequence, isOpen } = follower;
        const known = (value: unknown, at: number) => follower.knew(value, at - slack);
        const found = broken({ scene, connection, entry, session, sequence, isOpen, known, lost });
        follower.follow(entry);
        return found;
      });
      if (overflow) follower.goBack(overflow.sequence);
      return broke;
    });
  };
}

/**
 * When a connection ended; null if it did not. Seen at the Gateway's end, when its client was told to leave it soon before: it
 * may have read no more since.
 */
function leftAt(entries: readonly Entry[], slack: number): number | null {
  const end = entries.find(isEnd);
  if (end === undefined || slack === 0) return end?.at ?? null;
  const asked = entries.find((e) => received(e, OP.reconnect) || received(e, OP.invalidSession));
  return asked !== undefined && asked.at <= end.at && end.at - asked.at <= LEAVING_MS ? asked.at : end.at;
}

/** What a reader of the documentation knows after each entry. */
class Follower {
  session: Session | null = null;
  /** Every last sequence so far in the session, and since when it was; the first is none. */
  #sequences: { readonly at: number; readonly sequence: number | null }[] = [NONE];
  #stage: 'greeting' | 'open' | 'identifying' | 'resuming' | 'live' | 'over' = 'greeting';

  get sequence(): number | null {
    return this.#sequences.at(-1)?.sequence ?? null;
  }

  /** Whether a sequence was the last one at a time, or came later. */
  knew(value: unknown, at: number): boolean {
    const last = this.#sequences.findLastIndex((each) => each.at <= at);
    return (
      this.#sequences.slice(Math.max(0, last)).some(({ sequence }) => sequence === value) || value === this.sequence
    );
  }

  get isOpen(): boolean {
    return this.#stage === 'open';
  }

  /** What was ordered to end is over before the next connection. */
  connect({ at }: Connection, renewals: Scene['renewals']): void {
    this.#stage = 'greeting';
    const { session } = this;
    if (session !== null && renewals.some((time) => time >= session.since && time <= at)) this.#lose();
  }

  /** What came after a sequence counts as not received. */
  goBack(sequence: number): void {
    if (this.sequence !== null) this.#sequences = [NONE, { at: Number.NEGATIVE_INFINITY, sequence }];
  }

  follow(entry: Entry): void {
    if (this.#stage === 'over') return;
    if (isEnd(entry)) this.#end(entry);
    else if (entry.from === 'client') this.#sent(entry);
    else if (this.#stage === 'greeting') this.#stage = isValidHello(entry) ? 'open' : 'greeting';
    else if (received(entry, OP.dispatch)) this.#dispatched(entry);
    else if (received(entry, OP.invalidSession) && entry.payload?.d !== true) this.#lose();
  }

  #sent(entry: Entry): void {
    if (sent(entry, OP.identify)) {
      if (this.isOpen) this.#lose();
      this.#stage = 'identifying';
    }
    if (!sent(entry, OP.resume)) return;
    this.#stage = 'resuming';
    if (this.session) this.session = { ...this.session, wasTried: true };
  }

  #dispatched({ at, payload }: Entry): void {
    const { s, t, d } = payload ?? {};
    if (!isSequence(s) || typeof t !== 'string' || t === '' || d === undefined) return;
    if (t === 'READY') {
      if (this.#stage !== 'identifying' || !isObject(d)) return;
      const { session_id: id, resume_gateway_url: url } = d;
      const resumable = typeof id === 'string' && id !== '';
      this.session = resumable
        ? { id, url: typeof url === 'string' ? url : null, urlFailed: false, since: at, wasTried: false }
        : null;
    } else if (t === 'RESUMED' ? this.#stage !== 'resuming' : this.#stage !== 'resuming' && this.#stage !== 'live') {
      return;
    }
    const isNew = t !== 'READY' && t !== 'RESUMED' && s > (this.sequence ?? -1);
    if (isNew && this.session) this.session = { ...this.session, wasTried: false };
    if (t === 'READY' || t === 'RESUMED') this.#stage = 'live';
    if (t === 'READY') this.#sequences = [NONE, { at, sequence: s }];
    else this.#sequences.push({ at, sequence: Math.max(this.sequence ?? 0, s) });
  }

  #end({ kind, from, code = 0 }: Entry): void {
    if (this.#stage === 'greeting' && this.session) this.session = { ...this.session, urlFailed: true };
    this.#stage = 'over';
    const ends = from === 'client' ? [1000, 1001] : [...SESSION_LOST, ...FATAL];
    if (kind === 'close' && ends.includes(code)) this.#lose();
  }

  #lose(): void {
    this.session = null;
    this.#sequences = [NONE];
  }
}

/** Before the first dispatch of a session. */
const NONE = { at: Number.NEGATIVE_INFINITY, sequence: null };

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSequence(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
