/**
 * A whole shard on a bench: its ports are stubs, time passes when told, and what it does, says and answers is written
 * down as lines. What the lines ought to be is written here by hand, from what its documentation promises.
 */
import { inspect } from 'node:util';
import { createActor, createMachine } from 'xstate';
import { zlibInflate } from '../../adapters/zlib.js';
import type { PresenceData } from '../../machines/index.js';
import { simulatedClock } from '../../src/host/clock.js';
import { LocateError, type Permit, type SocketCallbacks } from '../../src/host/ports.js';
import { type ResumeRecord, type Shard, type ShardOptions, shardsOn } from '../../src/shard/index.js';
import { judgeScripts, type Script } from './scripts.js';

const MAIN = 'wss://gateway.discord.gg/';
/** A record of a session of this shard. */
function recordOf(sequence: number): ResumeRecord {
  return {
    version: 1,
    sessionId: 'session-1',
    resumeUrl: null,
    sequence,
    shard: [0, 1],
    intents: 1,
    wire: { version: 10, encoding: 'json', compress: false },
    savedAt: 0,
  };
}
const GRANTED: Permit = { granted: true, settle: () => {} };
const INTERVAL = 10_000;

/** Options for a bench: those of a shard, the events that are listened to, and what the sockets can. */
interface BenchOptions extends Partial<Omit<ShardOptions, 'intents' | 'events'>> {
  readonly intents?: number;
  readonly events?: readonly string[];
  readonly hears?: readonly string[];
  readonly canPause?: true;
}

/** A shard and all that it touches. */
class Bench {
  readonly lines: string[] = [];
  readonly clock = simulatedClock(1_000);
  readonly sockets: SocketCallbacks[] = [];
  readonly options: ShardOptions;
  readonly made;
  #shard: Shard | undefined;
  readonly #hears: readonly string[];
  readonly #canPause: boolean;

  constructor({ hears = [], canPause, ...options }: BenchOptions) {
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
    this.lines.push(typeof line === 'string' ? line : JSON.stringify(line));
  }

  /** Notes how a promise ends. */
  tell(name: string, promise: Promise<unknown>): void {
    promise.then(
      (value) => this.note(value === undefined ? `${name}: done` : `${name}: ${JSON.stringify(value)}`),
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
    this.sockets.push(callbacks);
    const number = this.sockets.length;
    this.note(`open ${number} ${new URL(url).host}`);
    return {
      send: (data: string | Uint8Array) => this.note(`send ${sent(String(data))}`),
      close: (code: number) => this.note(`close ${code}`),
      drop: () => this.note(`drop ${number}`),
      bufferedAmount: 0,
      ...(this.#canPause ? { pause: () => this.note('pause'), resume: () => this.note('resume') } : {}),
    };
  }
}

async function idle(): Promise<void> {
  for (let i = 0; i < 12; i += 1) await null;
}

function sent(data: string): string {
  const { op, d } = JSON.parse(data);
  if (op === 2) return 'identify';
  return op === 6 ? `resume ${d.session_id} ${d.seq}` : `${op} ${JSON.stringify(d)}`;
}

function textOf(error: unknown): string {
  const { code, message, cause } = (error ?? {}) as { code?: string; message?: string; cause?: Error };
  return `${[code, message ?? String(error)].filter(Boolean).join(' ')}${cause ? ` (${cause.message})` : ''}`;
}

/** What a listener heard, as a line. */
function heard(name: string, args: readonly unknown[]): string {
  const [news, info] = args as [Record<string, never>, unknown];
  const { causes, to, cause, status, problem } = news as Record<string, { name: string }[] & { name: string }>;
  if (name === 'transition') return `${causes?.map((each) => each.name).join('+')} > ${shown(to)}`;
  if (name === 'notice') return `notice ${cause?.name}`;
  if (name === 'health') return `health ${status} ${cause?.name}`;
  if (name === 'warning') return `warning ${problem}${'error' in news ? `: ${textOf(news.error)}` : ''}`;
  return `${name} ${JSON.stringify(news)}${info === undefined ? '' : ` ${JSON.stringify(info)}`}`;
}

/** How many observe an actor; held to XState by test/shard/embedded.test.ts. */
const observersOf = (actor: unknown) => (actor as { observers: ReadonlySet<unknown> }).observers.size;

const shown = (state: unknown) => String(state).replace('running.connection.', '');

const SCRIPTS: readonly Script<Bench, BenchOptions>[] = [
  {
    says: 'connects, identifies, is ready, and stops',
    with: { hears: ['transition', 'health'] },
    run: async (b) => {
      const { shard } = b;
      const look = () => b.note([shown(shard.state), shard.isReady, shard.session, shard.health().status]);
      look();
      b.tell('closed', shard.closed);
      await b.begin();
      look();
      b.note(shard.id);
      b.dispatch(2);
      b.note(shard.session);
      b.tell('stop', shard.stop());
      await idle();
      b.note('our close is answered');
      b.close();
      await idle();
      look();
    },
    lines: [
      '["stopped",false,null,"down"]',
      'open 1 gateway.discord.gg',
      'started+gatewayKnown > reaching.opening',
      'health degraded started',
      'opened > reaching.awaitingHello',
      'helloBeforeIdentify > open(session.queuedForIdentify + heartbeat.jittering + reading.flowing)',
      'send identify',
      'permitted > open(session.identifying + heartbeat.jittering + reading.flowing)',
      'ready > open(session.ready.settling + heartbeat.jittering + reading.flowing)',
      'health healthy ready',
      'start: done',
      '["open(session.ready.settling + heartbeat.jittering + reading.flowing)",true,{"id":"session-1","sequence":1},"healthy"]',
      '[0,1]',
      '{"id":"session-1","sequence":2}',
      'close 1000',
      'stopped > closing.stopping',
      'health down stopped',
      'our close is answered',
      'drop 1',
      'closeAnswered > stopped',
      'closed: done',
      'stop: done',
      '["stopped",false,null,"down"]',
    ],
  },
  {
    says: 'starts once however often it is told, and anew after a stop',
    run: async (b) => {
      const first = b.shard.start();
      b.note(first === b.shard.start());
      const { closed } = b.shard;
      b.tell('start', first);
      await b.greet();
      b.tell('start again', b.shard.start());
      await idle();
      const stopped = b.shard.stop();
      b.note(stopped === b.shard.stop());
      b.tell('stop', stopped);
      b.tell('start after that', b.shard.start());
      await idle();
      b.note('our close is answered');
      b.close();
      await idle();
      await b.greet();
      b.note(b.shard.closed === closed);
      b.tell('closed', b.shard.closed);
      b.tell('stop', b.shard.stop());
      b.close();
      await idle();
      b.note(b.shard.latency);
    },
    lines: [
      'open 1 gateway.discord.gg',
      'true',
      'send identify',
      'start: done',
      'start again: done',
      'close 1000',
      'true',
      'our close is answered',
      'drop 1',
      'stop: done',
      'open 2 gateway.discord.gg',
      'send identify',
      'start after that: done',
      'false',
      'close 1000',
      'drop 2',
      'closed: done',
      'stop: done',
      '{"average":null,"recent":[]}',
    ],
  },
  {
    says: 'ends a start at once when it is stopped before it is ready',
    run: async (b) => {
      b.tell('stop', b.shard.stop());
      await idle();
      b.tell('start', b.shard.start());
      b.sockets[0]?.opened();
      b.tell('stop', b.shard.stop());
      b.tell('stop again', b.shard.stop());
      await idle();
      b.note('our close is answered');
      b.close();
      await idle();
      b.tell('detach', b.shard.detach());
    },
    lines: [
      'stop: done',
      'open 1 gateway.discord.gg',
      'close 1000',
      'start: ERR_STOPPED The shard was stopped before it was ready',
      'our close is answered',
      'drop 1',
      'stop: done',
      'stop again: done',
    ],
  },
  {
    says: 'is stopped by a signal, which it leaves alone afterwards',
    run: async (b) => {
      const controller = new AbortController();
      const { signal } = controller;
      const remove = signal.removeEventListener.bind(signal);
      signal.removeEventListener = (name: string, listener: never) => {
        b.note(`no longer listens for ${name}`);
        remove(name, listener);
      };
      Object.assign(b.options, { signal });
      b.tell('start', b.shard.start());
      b.sockets[0]?.opened();
      controller.abort(new Error('enough'));
      await idle();
      b.note('our close is answered');
      b.close();
      await idle();
      b.tell('start', b.shard.start());
      await idle();
    },
    lines: [
      'open 1 gateway.discord.gg',
      'close 1000',
      'start: enough',
      'our close is answered',
      'drop 1',
      'no longer listens for abort',
      'start: enough',
    ],
  },
  {
    says: 'fails with the reason, each time with its own',
    with: { hears: ['transition'] },
    run: async (b) => {
      Object.assign(b.options, {
        permits: { request: async () => ({ granted: false, reason: 'not now', retryAfter: null }), update: () => {} },
      });
      const iterator = b.shard.dispatches();
      b.tell('next', iterator.next());
      b.tell('start', b.shard.start());
      b.tell('closed', b.shard.closed);
      b.sockets[0]?.opened();
      b.say({ op: 10, d: { heartbeat_interval: INTERVAL } });
      await idle();
      b.close();
      await idle();
      b.tell('stop', b.shard.stop());
      await idle();
      b.tell('start', b.shard.start());
      b.tell('closed', b.shard.closed);
      b.close(4004);
      await idle();
    },
    lines: [
      'open 1 gateway.discord.gg',
      'started+gatewayKnown > reaching.opening',
      'opened > reaching.awaitingHello',
      'helloBeforeIdentify > open(session.queuedForIdentify + heartbeat.jittering + reading.flowing)',
      'close 1000',
      'permitRefused > closing.failing',
      'drop 1',
      'closeAnswered > failed',
      'closed: ERR_IDENTIFY_REFUSED The identify was refused for good: not now. Ask the permit port why, then start again',
      'start: ERR_IDENTIFY_REFUSED The identify was refused for good: not now. Ask the permit port why, then start again',
      'next: ERR_IDENTIFY_REFUSED The identify was refused for good: not now. Ask the permit port why, then start again',
      'stop: done',
      'open 2 gateway.discord.gg',
      'started+gatewayKnown > reaching.opening',
      'drop 2',
      'closedForGood > failed',
      'closed: ERR_GATEWAY_CLOSED The Gateway closed the connection with 4004 Authentication failed: the token is wrong or was reset; set the current token of the application',
      'start: ERR_GATEWAY_CLOSED The Gateway closed the connection with 4004 Authentication failed: the token is wrong or was reset; set the current token of the application',
    ],
  },
  {
    says: 'fails for a token that is refused',
    run: async (b) => {
      Object.assign(b.options, {
        url: undefined,
        locator: { locate: async () => Promise.reject(new LocateError('unauthorized', 'on purpose')) },
      });
      b.tell('start', b.shard.start());
      await idle();
      b.note(b.shard.state);
    },
    lines: [
      'start: ERR_UNAUTHORIZED Discord refuses the token (401): set the current token of the application, without spaces around it',
      'failed',
    ],
  },
  {
    says: 'leaves with a record of what was handled, and without a session with none',
    run: async (b) => {
      b.tell('detach', b.shard.detach());
      await b.begin();
      const iterator = b.shard.dispatches();
      b.dispatch(4);
      b.dispatch(6);
      b.dispatch(9);
      await iterator.next();
      await iterator.next();
      b.tell('detach', b.shard.detach());
      await idle();
      b.tell('next', iterator.next());
      await idle();
      b.close();
      await idle();
      b.note(b.shard.session);
    },
    lines: [
      'open 1 gateway.discord.gg',
      'send identify',
      'detach: null',
      'start: done',
      'close 4900',
      'next: {"done":true}',
      'drop 1',
      'detach: {"version":1,"sessionId":"session-1","resumeUrl":"wss://resume.discord.gg/","sequence":4,"shard":[0,1],"intents":1,"wire":{"version":10,"encoding":"json","compress":false},"savedAt":1000}',
      '{"id":"session-1","sequence":9}',
    ],
  },
  {
    says: 'leaves with the last sequence where all was handled',
    run: async (b) => {
      await b.begin();
      b.dispatch(4);
      b.dispatch(6);
      b.tell('detach', b.shard.detach());
      b.close();
      await idle();
    },
    lines: [
      'open 1 gateway.discord.gg',
      'send identify',
      'start: done',
      'close 4900',
      'drop 1',
      'detach: {"version":1,"sessionId":"session-1","resumeUrl":"wss://resume.discord.gg/","sequence":6,"shard":[0,1],"intents":1,"wire":{"version":10,"encoding":"json","compress":false},"savedAt":1000}',
    ],
  },
  {
    says: 'counts what nobody wants as handled, and READY as received',
    run: async (b) => {
      const all = b.shard.dispatches();
      await b.begin();
      b.tell('detach', b.shard.detach());
      b.close();
      await idle();
      void all;
      const some = b.shard.dispatches('A' as never);
      b.tell('start', b.shard.start());
      b.sockets[1]?.opened();
      b.say({ op: 10, d: { heartbeat_interval: INTERVAL } });
      b.dispatch(5, 'B');
      b.dispatch(6);
      await idle();
      b.dispatch(7, 'RESUMED');
      b.tell('detach', b.shard.detach());
      b.close();
      await idle();
      void some;
    },
    lines: [
      'open 1 gateway.discord.gg',
      'send identify',
      'start: done',
      'close 4900',
      'drop 1',
      'detach: {"version":1,"sessionId":"session-1","resumeUrl":"wss://resume.discord.gg/","sequence":1,"shard":[0,1],"intents":1,"wire":{"version":10,"encoding":"json","compress":false},"savedAt":1000}',
      'open 2 resume.discord.gg',
      'send resume session-1 1',
      'close 4900',
      'drop 2',
      'start: done',
      'detach: {"version":1,"sessionId":"session-1","resumeUrl":"wss://resume.discord.gg/","sequence":5,"shard":[0,1],"intents":1,"wire":{"version":10,"encoding":"json","compress":false},"savedAt":1000}',
    ],
  },
  {
    says: 'resumes from a record, and knows from where should the first replayed dispatch not be handled',
    with: { resume: recordOf(7), hears: ['dispatch'] },
    run: async (b) => {
      const iterator = b.shard.dispatches();
      b.tell('start', b.shard.start());
      b.sockets[0]?.opened();
      b.say({ op: 10, d: { heartbeat_interval: INTERVAL } });
      b.dispatch(8);
      await idle();
      b.dispatch(9, 'RESUMED');
      await idle();
      b.tell('detach', b.shard.detach());
      b.close();
      await idle();
      void iterator;
    },
    lines: [
      'open 1 gateway.discord.gg',
      'send resume session-1 7',
      'dispatch {"name":"A","data":{},"sequence":8,"replayed":true}',
      'dispatch {"name":"RESUMED","data":{},"sequence":9,"replayed":false}',
      'start: done',
      'close 4900',
      'drop 1',
      'detach: {"version":1,"sessionId":"session-1","resumeUrl":null,"sequence":7,"shard":[0,1],"intents":1,"wire":{"version":10,"encoding":"json","compress":false},"savedAt":1000}',
    ],
  },
  {
    says: 'takes no session from a READY without one',
    with: { hears: ['warning'] },
    run: async (b) => {
      await b.begin({});
      b.note(b.shard.session);
      b.tell('detach', b.shard.detach());
      b.close();
      await idle();
    },
    lines: [
      'open 1 gateway.discord.gg',
      'send identify',
      'warning READY came without a session id: this session cannot be resumed',
      'start: done',
      'null',
      'close 4900',
      'drop 1',
      'detach: null',
    ],
  },
  {
    says: 'sends when it is ready, what Discord would take',
    run: async (b) => {
      const presence: PresenceData = { since: null, activities: [], status: 'online' as never, afk: false };
      b.tell('too early', b.shard.send(3, presence));
      await b.begin();
      b.tell('sent', b.shard.send(3, presence));
      b.tell('too large', b.shard.send(8, { guild_id: '1', query: 'x'.repeat(4_096), limit: 0 }));
      await idle();
    },
    lines: [
      'open 1 gateway.discord.gg',
      'too early: ERR_NOT_READY The shard is not ready but stopped: wait for READY or RESUMED',
      'send identify',
      'start: done',
      'send 3 {"since":null,"activities":[],"status":"online","afk":false}',
      'sent: done',
      'too large: ERR_PAYLOAD_TOO_LARGE The payload is over 4096 bytes: Discord would close the connection with 4002',
    ],
  },
  {
    says: 'tells its listeners, once those that asked for once, and none that left',
    run: async (b) => {
      const { shard } = b;
      const off = shard.on('dispatch', ({ name }) => b.note(`one heard ${name}`));
      shard.once('dispatch', ({ name }) => b.note(`another heard ${name}`));
      shard.on('A' as 'READY', (data, info) => b.note(['A', data, info]));
      const third = ({ name }: { name: string }) => b.note(`a third heard ${name}`);
      shard.on('dispatch', third);
      shard.on('dispatch', third);
      await b.begin();
      b.dispatch(2, 'A', { x: 1 });
      off();
      shard.off('dispatch', third);
      shard.off('health', () => {});
      b.dispatch(3, 'A', { x: 2 });
    },
    lines: [
      'open 1 gateway.discord.gg',
      'send identify',
      'one heard READY',
      'another heard READY',
      'a third heard READY',
      'start: done',
      '["A",{"x":1},{"sequence":2,"replayed":false}]',
      'one heard A',
      'a third heard A',
      '["A",{"x":2},{"sequence":3,"replayed":false}]',
    ],
  },
  {
    says: 'is not broken by a listener that throws, which is said and thrown elsewhere',
    with: { hears: ['warning'] },
    run: async (b) => {
      const { setTimeout } = globalThis;
      const later: (() => void)[] = [];
      globalThis.setTimeout = ((fn: () => void) => later.push(fn)) as never;
      try {
        const fail = (message: string) => () => {
          throw new Error(message);
        };
        b.shard.on('warning', fail('of a warning'));
        b.shard.on('A' as 'READY', fail('of A'));
        b.shard.on('A' as 'READY', () => b.note('heard'));
        await b.begin();
        b.dispatch(2);
        for (const throwing of later) {
          try {
            throwing();
          } catch (error) {
            b.note(`thrown elsewhere: ${textOf(error)}`);
          }
        }
      } finally {
        globalThis.setTimeout = setTimeout;
      }
    },
    lines: [
      'open 1 gateway.discord.gg',
      'send identify',
      'start: done',
      'warning a listener of A threw: of A',
      'heard',
      'thrown elsewhere: of a warning',
      'thrown elsewhere: of A',
    ],
  },
  {
    says: 'parses what is listened to, and hands on all of it raw',
    with: { hears: ['notice'] },
    run: async (b) => {
      await b.begin();
      b.hear('{"t":"A","s":2,"op":0,"d":{not JSON}}');
      const off = b.shard.on('A' as 'READY', () => b.note('heard'));
      b.hear('{"t":"A","s":3,"op":0,"d":{not JSON}}');
      off();
      b.hear('{"t":"A","s":4,"op":0,"d":{not JSON}}');
      b.shard.on('raw', (message, head) => b.note(['raw', message, head]));
      b.hear('{"t":"A","s":5,"op":0,"d":{not JSON}}');
      b.shard.on('dispatch', ({ data }) => b.note(data));
      b.hear('{"t":"A","s":6,"op":0,"d":{"x":1}}');
      b.hear('{"t":"A","s":7,"op":0,"d":{not JSON}}');
      await idle();
    },
    lines: [
      'open 1 gateway.discord.gg',
      'send identify',
      'start: done',
      'notice malformed',
      `["raw","{\\"t\\":\\"A\\",\\"s\\":5,\\"op\\":0,\\"d\\":{not JSON}}",{"name":"A","sequence":5,"replayed":false}]`,
      `["raw","{\\"t\\":\\"A\\",\\"s\\":6,\\"op\\":0,\\"d\\":{\\"x\\":1}}",{"name":"A","sequence":6,"replayed":false}]`,
      '{"x":1}',
      'notice malformed',
    ],
  },
  {
    says: 'is for the events that it was given, among them those that are listened to',
    with: { events: ['A', 'B'], hears: ['notice', 'warning', 'raw'] },
    run: async (b) => {
      await b.begin();
      b.shard.on('A' as 'READY', (data) => b.note(['A', data]));
      b.hear('{"t":"A","s":2,"op":0,"d":{"x":1}}');
      b.hear('{"t":"B","s":3,"op":0,"d":{not JSON}}');
      b.hear('{"t":"C","s":4,"op":0,"d":{not JSON}}');
      b.note('and now all');
      const off = b.shard.on('dispatch', ({ name, data }) => b.note([name, data]));
      b.hear('{"t":"B","s":5,"op":0,"d":{"x":2}}');
      b.hear('{"t":"C","s":6,"op":0,"d":{not JSON}}');
      off();
      await idle();
    },
    lines: [
      'open 1 gateway.discord.gg',
      'warning events: there is no documented event "A"',
      'warning events: there is no documented event "B"',
      'send identify',
      'start: done',
      `raw "{\\"t\\":\\"A\\",\\"s\\":2,\\"op\\":0,\\"d\\":{\\"x\\":1}}" {"name":"A","sequence":2,"replayed":false}`,
      '["A",{"x":1}]',
      `raw "{\\"t\\":\\"B\\",\\"s\\":3,\\"op\\":0,\\"d\\":{not JSON}}" {"name":"B","sequence":3,"replayed":false}`,
      'and now all',
      `raw "{\\"t\\":\\"B\\",\\"s\\":5,\\"op\\":0,\\"d\\":{\\"x\\":2}}" {"name":"B","sequence":5,"replayed":false}`,
      '["B",{"x":2}]',
    ],
  },
  {
    says: 'gives dispatches to iterators by their names until it stops',
    run: async (b) => {
      await b.begin();
      const [all, some, others] = [
        b.shard[Symbol.asyncIterator](),
        b.shard.dispatches('A' as never),
        b.shard.dispatches('B' as never),
      ];
      b.dispatch(2, 'A', { x: 1 });
      b.dispatch(3, 'B', { x: 2 });
      b.tell('all', all.next());
      b.tell('all', all.next());
      b.tell('some', some.next());
      b.tell('others', others.next());
      b.tell('others', others.next());
      await idle();
      b.tell('stop', b.shard.stop());
      b.close();
      await idle();
      b.tell('some', some.next());
      await idle();
    },
    lines: [
      'open 1 gateway.discord.gg',
      'send identify',
      'start: done',
      'all: {"done":false,"value":{"name":"A","data":{"x":1},"sequence":2,"replayed":false}}',
      'all: {"done":false,"value":{"name":"B","data":{"x":2},"sequence":3,"replayed":false}}',
      'some: {"done":false,"value":{"name":"A","data":{"x":1},"sequence":2,"replayed":false}}',
      'others: {"done":false,"value":{"name":"B","data":{"x":2},"sequence":3,"replayed":false}}',
      'close 1000',
      'drop 1',
      'stop: done',
      'others: {"done":true}',
      'some: {"done":true}',
    ],
  },
  {
    says: 'fails an iterator that is read too slowly where it cannot pause, and not itself',
    with: { buffer: 2, hears: ['backlog', 'warning'] },
    run: async (b) => {
      await b.begin();
      const iterator = b.shard.dispatches();
      for (const s of [2, 3, 4, 5]) b.dispatch(s);
      for (const _ of [1, 2, 3, 4]) b.tell('next', iterator.next());
      await idle();
      b.note(b.shard.isReady);
    },
    lines: [
      'open 1 gateway.discord.gg',
      'send identify',
      'start: done',
      'backlog {"full":true,"waiting":2,"dropped":0}',
      'backlog {"full":false,"waiting":0,"dropped":0}',
      'next: {"done":false,"value":{"name":"A","data":{},"sequence":2,"replayed":false}}',
      'next: {"done":false,"value":{"name":"A","data":{},"sequence":3,"replayed":false}}',
      'next: ERR_BUFFER_OVERFLOW More than 2 dispatches wait to be read: read faster, ask for fewer events, or set a larger buffer',
      'next: {"done":true}',
      'true',
    ],
  },
  {
    says: 'leaves out what there is no room for, and says so once',
    with: { buffer: 2, overflow: 'drop', hears: ['backlog', 'warning'] },
    run: async (b) => {
      await b.begin();
      const iterator = b.shard.dispatches();
      for (const s of [2, 3, 4, 5]) b.dispatch(s);
      for (const _ of [1, 2]) b.tell('next', iterator.next());
      await idle();
    },
    lines: [
      'open 1 gateway.discord.gg',
      'send identify',
      'start: done',
      'backlog {"full":true,"waiting":2,"dropped":0}',
      'warning an iterator is read too slowly: dispatches are left out',
      'backlog {"full":false,"waiting":1,"dropped":2}',
      'next: {"done":false,"value":{"name":"A","data":{},"sequence":2,"replayed":false}}',
      'next: {"done":false,"value":{"name":"A","data":{},"sequence":3,"replayed":false}}',
    ],
  },
  {
    says: 'stops reading while a buffer is full',
    with: { buffer: 2, canPause: true, hears: ['transition', 'backlog'] },
    run: async (b) => {
      await b.begin();
      const iterator = b.shard.dispatches();
      for (const s of [2, 3, 4]) b.dispatch(s);
      await idle();
      b.note('it is read');
      for (const _ of [1, 2]) b.tell('next', iterator.next());
      await idle();
      b.note('where nothing is paused nothing is resumed');
      b.dispatch(5);
      b.dispatch(6);
      await idle();
      await b.pass(INTERVAL);
      for (const _ of [1, 2]) b.tell('next', iterator.next());
      await idle();
    },
    lines: [
      'open 1 gateway.discord.gg',
      'started+gatewayKnown > reaching.opening',
      'opened > reaching.awaitingHello',
      'helloBeforeIdentify > open(session.queuedForIdentify + heartbeat.jittering + reading.flowing)',
      'send identify',
      'permitted > open(session.identifying + heartbeat.jittering + reading.flowing)',
      'ready > open(session.ready.settling + heartbeat.jittering + reading.flowing)',
      'start: done',
      'backlog {"full":true,"waiting":2,"dropped":0}',
      'pause',
      'backlogFull > open(session.ready.settling + heartbeat.jittering + reading.paused)',
      'it is read',
      'backlogDrained > open(session.ready.settling + heartbeat.jittering + reading.flowing)',
      'backlog {"full":false,"waiting":1,"dropped":0}',
      'next: {"done":false,"value":{"name":"A","data":{},"sequence":2,"replayed":false}}',
      'resume',
      'next: {"done":false,"value":{"name":"A","data":{},"sequence":3,"replayed":false}}',
      'where nothing is paused nothing is resumed',
      'backlog {"full":true,"waiting":2,"dropped":0}',
      'pause',
      'backlogFull > open(session.ready.settling + heartbeat.jittering + reading.paused)',
      'send 1 6',
      'firstHeartbeat+pauseOver > open(session.ready.settling + heartbeat.beating.awaitingAck + reading.flowing)',
      'settled > open(session.ready.settled + heartbeat.beating.awaitingAck + reading.flowing)',
      'resume',
      'backlog {"full":false,"waiting":1,"dropped":0}',
      'next: {"done":false,"value":{"name":"A","data":{},"sequence":4,"replayed":false}}',
      'next: {"done":false,"value":{"name":"A","data":{},"sequence":5,"replayed":false}}',
    ],
  },
  {
    says: 'measures what its heartbeats take, anew on each connection',
    with: { hears: ['latency', 'transition'] },
    run: async (b) => {
      await b.begin();
      await b.pass(INTERVAL / 2);
      b.clock.increment(30);
      b.say({ op: 11 });
      b.note(b.shard.latency);
      b.note(b.shard.traffic);
      b.shard.reconnect();
      b.close();
      await b.pass(0);
      b.note(b.shard.latency);
      b.sockets[1]?.opened();
      b.note(b.shard.latency);
      b.tell('stop', b.shard.stop());
      await idle();
    },
    lines: [
      'open 1 gateway.discord.gg',
      'started+gatewayKnown > reaching.opening',
      'opened > reaching.awaitingHello',
      'helloBeforeIdentify > open(session.queuedForIdentify + heartbeat.jittering + reading.flowing)',
      'send identify',
      'permitted > open(session.identifying + heartbeat.jittering + reading.flowing)',
      'ready > open(session.ready.settling + heartbeat.jittering + reading.flowing)',
      'start: done',
      'send 1 1',
      'firstHeartbeat > open(session.ready.settling + heartbeat.beating.awaitingAck + reading.flowing)',
      'latency {"ms":30}',
      'acknowledged > open(session.ready.settling + heartbeat.beating.acked + reading.flowing)',
      '{"average":30,"recent":[30]}',
      '{"frames":3,"bytes":155,"messages":3,"decompressedBytes":155}',
      'close 4900',
      'restarted > closing.reconnecting',
      'drop 1',
      'closeAnswered > running.waiting',
      'open 2 resume.discord.gg',
      'waited+resumeUrlKnown > reaching.opening',
      '{"average":30,"recent":[30]}',
      'opened > reaching.awaitingHello',
      '{"average":null,"recent":[]}',
      'close 1000',
      'stopped > closing.stopping',
    ],
  },
  {
    says: 'forgets its latencies with its run',
    run: async (b) => {
      await b.begin();
      await b.pass(INTERVAL / 2);
      b.clock.increment(30);
      b.say({ op: 11 });
      b.tell('stop', b.shard.stop());
      b.close();
      await idle();
      b.note(b.shard.latency);
    },
    lines: [
      'open 1 gateway.discord.gg',
      'send identify',
      'start: done',
      'send 1 1',
      'close 1000',
      'drop 1',
      'stop: done',
      '{"average":null,"recent":[]}',
    ],
  },
  {
    says: 'reconnects when it is told, with its session or a fresh one',
    with: { hears: ['transition'] },
    run: async (b) => {
      b.shard.reconnect();
      await b.begin();
      b.shard.reconnect();
      b.close();
      await b.pass(0);
      b.shard.reconnect({ fresh: true });
      await idle();
      b.note(b.shard.session);
    },
    lines: [
      'open 1 gateway.discord.gg',
      'started+gatewayKnown > reaching.opening',
      'opened > reaching.awaitingHello',
      'helloBeforeIdentify > open(session.queuedForIdentify + heartbeat.jittering + reading.flowing)',
      'send identify',
      'permitted > open(session.identifying + heartbeat.jittering + reading.flowing)',
      'ready > open(session.ready.settling + heartbeat.jittering + reading.flowing)',
      'start: done',
      'close 4900',
      'restarted > closing.reconnecting',
      'drop 1',
      'closeAnswered > running.waiting',
      'open 2 resume.discord.gg',
      'waited+resumeUrlKnown > reaching.opening',
      'drop 2',
      'open 3 gateway.discord.gg',
      'null',
    ],
  },
  {
    says: 'says what could not be had, and goes on',
    with: { hears: ['warning', 'located'], url: undefined },
    run: async (b) => {
      let answer = 0;
      Object.assign(b.options, {
        locator: {
          locate: async () => {
            answer += 1;
            if (answer === 1) throw new Error('on purpose, with secret-token');
            return { url: MAIN, shards: 3, sessionStartLimit: null, fetchedAt: 0 };
          },
        },
      });
      b.tell('start', b.shard.start());
      await idle();
      await b.pass(1_000);
    },
    lines: [
      'warning the Gateway URL could not be had: on purpose, with <token>',
      'located {"url":"wss://gateway.discord.gg/","shards":3,"sessionStartLimit":null,"fetchedAt":0}',
      'open 1 gateway.discord.gg',
    ],
  },
  {
    says: 'settles everything when it breaks, and cannot go on',
    run: async (b) => {
      Object.assign(b.options, {
        random: () => {
          throw new Error('no chance');
        },
      });
      const iterator = b.shard.dispatches();
      b.tell('next', iterator.next());
      b.tell('start', b.shard.start());
      b.tell('closed', b.shard.closed);
      b.sockets[0]?.opened();
      b.say({ op: 10, d: { heartbeat_interval: INTERVAL } });
      await idle();
      b.tell('stop', b.shard.stop());
      b.tell('start', b.shard.start());
      b.shard.reconnect();
      await idle();
      b.note(b.clock.next === undefined ? 'no timer runs' : 'a timer runs');
    },
    lines: [
      'open 1 gateway.discord.gg',
      'drop 1',
      'closed: ERR_INTERNAL The shard broke: this is a defect of gatechart (no chance)',
      'start: ERR_INTERNAL The shard broke: this is a defect of gatechart (no chance)',
      'next: ERR_INTERNAL The shard broke: this is a defect of gatechart (no chance)',
      'stop: done',
      'start: ERR_INTERNAL The shard broke before: make a new one',
      'no timer runs',
    ],
  },
  {
    says: 'lets go of its socket whatever breaks it, be it the platform',
    run: async (b) => {
      await b.begin();
      const { setTimeout } = globalThis;
      globalThis.setTimeout = (() => {
        throw new Error('no timers here');
      }) as never;
      try {
        b.shard.on('health', () => {
          throw new Error('of health');
        });
        await b.pass(INTERVAL / 2);
        await b.pass(INTERVAL);
      } finally {
        globalThis.setTimeout = setTimeout;
      }
      b.tell('closed', b.shard.closed);
      b.tell('stop', b.shard.stop());
      await idle();
    },
    lines: [
      'open 1 gateway.discord.gg',
      'send identify',
      'start: done',
      'send 1 1',
      'drop 1',
      'closed: ERR_INTERNAL The shard broke: this is a defect of gatechart (no timers here)',
      'stop: done',
    ],
  },
  {
    says: 'shows an inspector every dispatch',
    run: async (b) => {
      Object.assign(b.options, {
        inspect: (event: { type: string; event?: { type: string } }) =>
          event.type === '@xstate.event' && b.note(`inspected ${event.event?.type}`),
      });
      await b.begin();
      b.dispatch(2);
      b.dispatch(3);
    },
    lines: [
      'inspected xstate.init',
      'inspected start',
      'open 1 gateway.discord.gg',
      'inspected opened',
      'inspected hello',
      'inspected permitGranted',
      'send identify',
      'inspected ready',
      'start: done',
      'inspected dispatch',
      'inspected dispatch',
    ],
  },
  {
    says: 'records what happens, and of contents what it is told to',
    run: async (b) => {
      for (const contents of [false, true]) {
        const written: string[] = [];
        const bench = new Bench({ hears: ['notice'], record: { to: (line) => void written.push(line), contents } });
        await bench.begin({});
        bench.hear('{"t":"A","s":2,"op":0,"d":{not JSON}}');
        bench.hear('{"t":"A","s":3,"op":0,"d":{"content":"a message"}}');
        await idle();
        b.note(`with ${contents ? '' : 'no '}contents`);
        b.note(written.map((line) => JSON.parse(line).type).join(' '));
        b.note(written.some((line) => line.includes('a message')) ? 'what was said' : 'not what was said');
        b.note(written.some((line) => line.includes('secret-token')) ? 'secrets' : 'no secrets');
        for (const line of bench.lines.slice(3)) b.note(line);
      }
    },
    lines: [
      'with no contents',
      'header checkpoint step step frame step step frame frame warning step step',
      'not what was said',
      'no secrets',
      'with contents',
      'header checkpoint step step frame step step frame frame warning step frame step step',
      'what was said',
      'no secrets',
      'notice malformed',
    ],
  },
  {
    says: 'is actor logic that connects by itself, emits, and drops its socket with its actor',
    run: async (b) => {
      const actor = createActor(b.made.createShardLogic(b.options as never), { clock: b.clock });
      actor.on('transition', ({ to }) => b.note(shown(to)));
      actor.on('A' as 'READY', (event) => b.note(event));
      actor.start();
      await b.greet();
      b.dispatch(2, 'A', { x: 1 });
      await idle();
      const kept = actor.getPersistedSnapshot();
      actor.stop();
      b.note('restored');
      const again = createActor(b.made.createShardLogic(b.options as never), { clock: b.clock, snapshot: kept });
      again.on('transition', ({ to }) => b.note(shown(to)));
      again.start();
      await idle();
      again.stop();
    },
    lines: [
      'open 1 gateway.discord.gg',
      'reaching.opening',
      'reaching.awaitingHello',
      'open(session.queuedForIdentify + heartbeat.jittering + reading.flowing)',
      'send identify',
      'open(session.identifying + heartbeat.jittering + reading.flowing)',
      'open(session.ready.settling + heartbeat.jittering + reading.flowing)',
      '{"type":"A","data":{"x":1},"sequence":2,"replayed":false}',
      'drop 1',
      'restored',
      'closing.reconnecting',
    ],
  },
  {
    says: 'shows people what it does and not its session, restored or not',
    run: async (b) => {
      const make = (snapshot?: never) =>
        createActor(b.made.createShardLogic(b.options as never), { clock: b.clock, ...(snapshot ? { snapshot } : {}) });
      const look = (actor: unknown) => {
        const text = inspect(actor, { depth: 9 });
        b.note(`${/state: '([\w.]+)/.exec(text)?.[1]}, ${text.includes('session-1') ? 'its' : 'no'} session`);
      };
      const first = make();
      const stopped = first.getPersistedSnapshot();
      first.start();
      await b.greet();
      look(first);
      const ready = first.getPersistedSnapshot();
      first.stop();
      for (const kept of [ready, stopped]) {
        const again = make(kept as never);
        again.start();
        await idle();
        look(again);
        again.stop();
      }
    },
    lines: [
      'open 1 gateway.discord.gg',
      'send identify',
      'running.connection.open, no session',
      'drop 1',
      'running.connection.closing.reconnecting, no session',
      'open 2 gateway.discord.gg',
      'running.connection.reaching.opening, no session',
      'drop 2',
    ],
  },
  {
    says: 'lets go of everything when an actor above it breaks, and of that actor when it ends itself',
    run: async (b) => {
      const invoke = { src: b.made.createShardLogic(b.options as never) };
      const fail = () => {
        throw new Error('on purpose');
      };
      const chart = createMachine({
        initial: 'inside',
        states: { inside: { invoke, on: { leave: 'outside' } }, outside: {} },
        on: { break: { actions: fail } },
      });
      const left = createActor(chart, { clock: b.clock });
      left.start();
      b.note(`watched by ${observersOf(left)}`);
      left.send({ type: 'leave' });
      b.note(`watched by ${observersOf(left)}`);
      const broken = createActor(chart, { clock: b.clock });
      broken.subscribe({ error: (error) => b.note(`the parent breaks: ${textOf(error)}`) });
      broken.start();
      broken.send({ type: 'break' });
      await idle();
      b.note(b.clock.next === undefined ? 'no timer runs' : 'a timer runs');
    },
    lines: [
      'open 1 gateway.discord.gg',
      'watched by 1',
      'drop 1',
      'watched by 0',
      'open 2 gateway.discord.gg',
      'the parent breaks: on purpose',
      'drop 2',
      'no timer runs',
    ],
  },
  {
    says: 'lets go of its socket when it breaks as actor logic, and ends its trace',
    run: async (b) => {
      const written: string[] = [];
      let breaks = false;
      const random = () => {
        if (breaks) throw new Error('no chance');
        return 0.5;
      };
      const record = (line: string) => void written.push(JSON.parse(line).type);
      for (const how of ['stops', 'breaks']) {
        const logic = b.made.createShardLogic({ ...b.options, random, record } as never);
        const actor = createActor(logic, { clock: b.clock });
        actor.subscribe({ error: (error) => b.note(`it breaks: ${textOf(error)}`) });
        actor.start();
        b.sockets.at(-1)?.opened();
        breaks = how === 'breaks';
        if (breaks) b.say({ op: 10, d: { heartbeat_interval: INTERVAL } });
        else actor.stop();
        await idle();
        b.note(written.splice(0).join(' '));
      }
    },
    lines: [
      'open 1 gateway.discord.gg',
      'drop 1',
      'header checkpoint step step end',
      'open 2 gateway.discord.gg',
      'drop 2',
      'it breaks: no chance',
      'header checkpoint step step frame end',
    ],
  },
  {
    says: 'says what its options will not do, once it starts and once only',
    with: { events: ['NEVER_HEARD_OF'], hears: ['warning'] },
    run: async (b) => {
      b.note(b.shard.state);
      await b.begin();
      b.dispatch(2, 'NEVER_HEARD_OF');
      await idle();
    },
    lines: [
      'stopped',
      'open 1 gateway.discord.gg',
      'warning events: there is no documented event "NEVER_HEARD_OF"',
      'send identify',
      'start: done',
    ],
  },
];

/** Says what is wrong with a shard, or null. */
export function judgeLife(): Promise<string | null> {
  return judgeScripts(SCRIPTS, (options) => new Bench(options));
}
