/** A whole shard whose ports are stubs: time passes on demand, and what it does, emits and answers is written down as lines. */
import { zlibInflate } from '../../adapters/zlib.js';
import { simulatedClock } from '../../src/ports/clock.js';
import type { Permit, ResumeRecord, SocketCallbacks } from '../../src/ports/index.js';
import { type Shard, type ShardOptions, shardsOn } from '../../src/shard/index.js';

export const MAIN = 'wss://gateway.discord.gg/';
const GRANTED: Permit = { granted: true, settle: () => {} };
export const INTERVAL = 10_000;

/** A record of a session of such a shard. */
export function recordOf(sequence: number, change: Partial<ResumeRecord> = {}): ResumeRecord {
  return {
    version: 1,
    sessionId: 'session-1',
    resumeUrl: null,
    sequence,
    shard: [0, 1],
    intents: 1,
    wire: { version: 10, encoding: 'json', compress: false },
    savedAt: 0,
    ...change,
  };
}

/** Options of a shard, the events that are listened to (`hears`), and whether the sockets can pause. */
export interface ShardBenchOptions extends Partial<Omit<ShardOptions, 'intents' | 'events'>> {
  readonly intents?: number;
  readonly events?: readonly string[];
  readonly hears?: readonly string[];
  readonly canPause?: true;
  /** Of the sockets. */
  readonly whenEmpty?: (then: () => void) => void;
}

/** A shard and all that it touches. */
export class ShardBench {
  readonly lines: string[] = [];
  readonly clock = simulatedClock(1_000);
  readonly sockets: SocketCallbacks[] = [];
  readonly options: ShardOptions;
  readonly made;
  /** Whether the sockets say that they are open. */
  isOpen = true;
  #shard: Shard | undefined;
  readonly #hears: readonly string[];
  readonly #canPause: boolean;
  readonly #whenEmpty: ShardBenchOptions['whenEmpty'];

  constructor({ hears = [], canPause, whenEmpty, ...options }: ShardBenchOptions = {}) {
    this.#whenEmpty = whenEmpty;
    this.#hears = hears;
    this.#canPause = canPause ?? false;
    this.made = shardsOn({
      socket: () => ({ open: (url, _, callbacks) => this.#open(url, callbacks) }),
      inflate: zlibInflate,
    });
    this.options = {
      token: 'secret-token',
      intents: 1,
      url: MAIN,
      clock: this.clock,
      random: () => 0.5,
      permits: { request: async () => GRANTED, update: () => {} },
      ...options,
    } as ShardOptions;
  }

  get shard(): Shard {
    if (this.#shard) return this.#shard;
    this.#shard = this.made.createShard(this.options as never) as unknown as Shard;
    for (const name of this.#hears) this.#shard.on(name as 'raw', (...args) => this.note(heard(name, args)));
    return this.#shard;
  }

  note(line: unknown): void {
    this.lines.push(typeof line === 'string' ? line : JSON.stringify(line, withoutSession));
  }

  /** Notes how a promise ends. */
  tell(name: string, promise: Promise<unknown>): void {
    promise.then(
      (value) => this.note(value === undefined ? `${name}: done` : `${name}: ${JSON.stringify(value, withoutSession)}`),
      (error) => this.note(`${name}: ${textOf(error)}`),
    );
  }

  say(payload: object): void {
    this.hear(JSON.stringify(payload));
  }

  hear(text: string): void {
    this.sockets.at(-1)?.message(text, false);
  }

  dispatch(s: number, t = 'A', d: unknown = {}): void {
    this.say({ op: 0, s, t, d });
  }

  close(code = 1000): void {
    this.sockets.at(-1)?.closed({ code, reason: '', wasClean: true });
  }

  async pass(ms: number): Promise<void> {
    await idle();
    this.clock.increment(ms);
    await idle();
  }

  /** From an opened socket to READY. */
  async greet(
    ready: object = { session_id: 'session-1', resume_gateway_url: 'wss://resume.discord.gg' },
  ): Promise<void> {
    this.sockets.at(-1)?.opened();
    this.say({ op: 10, d: { heartbeat_interval: INTERVAL } });
    await idle();
    this.dispatch(1, 'READY', ready);
    await idle();
  }

  /** Starts, and is ready. */
  async begin(ready?: object): Promise<void> {
    this.tell('start', this.shard.start());
    await this.greet(ready);
  }

  #open(url: string, callbacks: SocketCallbacks) {
    const isOpen = () => this.isOpen;
    this.sockets.push(callbacks);
    const number = this.sockets.length;
    this.note(`open ${number} ${new URL(url).host}`);
    return {
      send: (data: string | Uint8Array) => this.note(`send ${sent(String(data))}`),
      close: (code: number) => this.note(`close ${code}`),
      drop: () => this.note(`drop ${number}`),
      get isOpen() {
        return isOpen();
      },
      bufferedAmount: 0,
      ...(this.#whenEmpty ? { whenEmpty: this.#whenEmpty } : {}),
      ...(this.#canPause ? { pause: () => this.note('pause'), resume: () => this.note('resume') } : {}),
    };
  }
}

export async function idle(): Promise<void> {
  for (let i = 0; i < 12; i += 1) await null;
}

function sent(data: string): string {
  const { op, d } = JSON.parse(data);
  if (op === 2) return 'identify';
  return op === 6 ? `resume ${d.session_id} ${d.seq}` : `${op} ${JSON.stringify(d)}`;
}

export function textOf(error: unknown): string {
  const { code, message, cause } = (error ?? {}) as { code?: string; message?: string; cause?: Error };
  return `${[code, message ?? String(error)].filter(Boolean).join(' ')}${cause ? ` (${cause.message})` : ''}`;
}

/** Every dispatch names its session, which other tests are about. */
const withoutSession = (key: string, value: unknown) => (key === 'session' ? undefined : value);

/** What a listener heard, as a line. */
function heard(name: string, args: readonly unknown[]): string {
  const [news, info] = args as [Record<string, never>, unknown];
  const { causes, to, cause, status, problem } = news as Record<string, { name: string }[] & { name: string }>;
  if (name === 'transition') return `${causes?.map((each) => each.name).join('+')} > ${shown(to)}`;
  if (name === 'notice') return `notice ${cause?.name}`;
  if (name === 'health') return `health ${status} ${cause?.name}`;
  if (name === 'warning') return `warning ${problem}${'error' in news ? `: ${textOf(news.error)}` : ''}`;
  return `${name} ${JSON.stringify(news, withoutSession)}${info === undefined ? '' : ` ${JSON.stringify(info, withoutSession)}`}`;
}

export const shown = (state: unknown) => String(state).replace('running.connection.', '');
