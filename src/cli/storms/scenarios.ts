/** Gateways that go wrong again and again, as data: what `gatechart storms` plays a shard against. */

/**
 * Something that a Gateway does: a message (`resumable` and `invalid` are Invalid Session, `d` true and false; `dispatch`
 * is one that was not there before), the loss of the connection, or a close code.
 */
export type Deed = 'hello' | 'ready' | 'dispatch' | 'resumed' | 'reconnect' | 'resumable' | 'invalid' | 'drop' | number;

/** A deed, at once or after so many ms. */
export type Step = Deed | { readonly after: number; readonly deed: Deed };

/** How a Gateway behaves on one connection. What is left out it does as documented. */
export interface Script {
  /** In ms; 41,250 unless told. */
  readonly interval?: number;
  /** While a session is ready: a dispatch each so many ms. */
  readonly dispatchEvery?: number;
  /** Whether the handshake fails. */
  readonly refuses?: boolean;
  /** Whether heartbeats are not acknowledged. */
  readonly deaf?: boolean;
  /** In the place of Hello, of READY and of RESUMED. */
  readonly greet?: readonly Step[];
  readonly identify?: readonly Step[];
  readonly resume?: readonly Step[];
  /** After the first ACK when the session has been ready for an interval: the connection has held then. */
  readonly held?: readonly Step[];
}

/** A bad Gateway. Each connection follows one of the scripts, drawn at random. */
export interface Scenario {
  readonly says: string;
  readonly scripts: readonly Script[];
}

/** Dispatches come quickly enough for a silence never to last a heartbeat. */
const BUSY = { dispatchEvery: 1_000 };
const SHORT = { interval: 500 };

const afterSecond = (deed: Deed): Step => ({ after: 1_000, deed });

const heldThen = (deed: Deed): Script => ({ held: [afterSecond(deed)] });
/** A resume brings something, so that no session is given up because it does not. */
const readyThen = (deed: Deed): Script => ({ identify: ['ready', deed], resume: ['dispatch', 'resumed', deed] });

const INVALID: Script = { identify: ['invalid'], resume: ['invalid'] };
const NO_READY: Script = { identify: [], resume: ['invalid'] };
const RESUME_CUT: Script = { identify: ['ready', 'drop'], resume: ['drop'] };
const RESUME_IN_VAIN: Script = { identify: ['ready', 'drop'], resume: ['resumed', 'drop'] };
const NO_ACK: Script = { deaf: true, ...BUSY, resume: ['invalid'] };
const NO_ACK_RESUMED: Script = { deaf: true, ...BUSY, resume: ['dispatch', 'resumed'] };

const HELLO_THEN_CLOSE: Script = { greet: ['hello', 1000] };
const NO_HELLO: Script = { greet: [] };
const RECONNECT_FOR_HELLO: Script = { greet: ['reconnect'] };
const REFUSED: Script = { refuses: true };

const SEVERAL = [
  heldThen(4009),
  readyThen(4009),
  readyThen(4003),
  readyThen('invalid'),
  readyThen('resumable'),
  readyThen(4008),
  readyThen('reconnect'),
  INVALID,
  RESUME_CUT,
  NO_ACK,
  HELLO_THEN_CLOSE,
  REFUSED,
];

/** The bad Gateways, by name. */
// biome-ignore format: aligned table
export const SCENARIOS = {
  'held-4009':         { says: 'READY, then 4009 a second after the connection has held',      scripts: [heldThen(4009)] },
  'ready-4009':        { says: 'READY, then 4009 at once',                                     scripts: [readyThen(4009)] },
  'ready-4003':        { says: 'READY, then 4003',                                             scripts: [readyThen(4003)] },
  'ready-invalid':     { says: 'READY, then Invalid Session, d false',                         scripts: [readyThen('invalid')] },
  'invalid':           { says: 'each Identify is answered with Invalid Session',               scripts: [INVALID] },
  'no-ready':          { says: 'no Identify is answered',                                      scripts: [NO_READY] },
  'resumed-resumable': { says: 'RESUMED, then Invalid Session, d true',                        scripts: [readyThen('resumable')] },
  'resumed-4008':      { says: 'RESUMED, then 4008',                                           scripts: [readyThen(4008)] },
  'resumed-1000':      { says: 'RESUMED, then 1000',                                           scripts: [readyThen(1000)] },
  'resumed-reconnect': { says: 'RESUMED, then Reconnect (op 7)',                               scripts: [readyThen('reconnect')] },
  'resume-cut':        { says: 'the connection is lost during each resume',                    scripts: [RESUME_CUT] },
  'resume-in-vain':    { says: 'resumes that bring nothing before the connection is lost',     scripts: [RESUME_IN_VAIN] },
  'no-ack':            { says: 'never an ACK, while dispatches flow; no session is resumed',   scripts: [NO_ACK] },
  'no-ack-resumed':    { says: 'never an ACK, while dispatches flow; every resume works',      scripts: [NO_ACK_RESUMED] },
  'hello-close':       { says: 'closed right after Hello',                                     scripts: [HELLO_THEN_CLOSE] },
  'no-hello':          { says: 'no Hello',                                                     scripts: [NO_HELLO] },
  'reconnect-first':   { says: 'Reconnect (op 7) in the place of Hello',                       scripts: [RECONNECT_FOR_HELLO] },
  'refused':           { says: 'no handshake succeeds',                                        scripts: [REFUSED] },
  'short-4009':        { says: 'an interval of 500 ms; READY, then 4009 a second after it has held', scripts: [{ ...SHORT, ...heldThen(4009) }] },
  'short-reconnect':   { says: 'an interval of 500 ms; Reconnect a second after it has lasted',  scripts: [{ ...SHORT, ...heldThen('reconnect') }] },
  'held-reconnect':    { says: 'Reconnect a second after it has held',                         scripts: [heldThen('reconnect')] },
  'several':           { says: 'several of these, drawn anew for each connection',             scripts: SEVERAL },
} as const satisfies Readonly<Record<string, Scenario>>;

/** The name of a bad Gateway. */
export type ScenarioName = keyof typeof SCENARIOS;
