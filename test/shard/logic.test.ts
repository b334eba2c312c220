/** A shard as actor logic: what it does, emits and leaves behind in an actor system, line by line. */

import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createActor, createMachine, type ExecutableActionObject, initialTransition, transition } from 'xstate';
import { simulatedClock } from '../../src/ports/clock.js';
import type { ResumeRecord } from '../../src/ports/index.js';
import { Recorder } from '../../src/trace/recorder.js';
import { breakAt, breakNext } from '../support/breaking.js';
import { INTERVAL, idle, MAIN, ShardBench, shown, textOf } from '../support/shard-bench.js';
import { fail } from '../support/warnings.js';

/** How many observe an actor; held to XState by test/shard/embedded.runtime.test.ts. */
const observersOf = (actor: unknown) => (actor as { observers: ReadonlySet<unknown> }).observers.size;

const RECORD: ResumeRecord = {
  version: 1,
  sessionId: 'session-1',
  resumeUrl: 'wss://resume.discord.gg/',
  sequence: 7,
  shard: [0, 1],
  intents: 1,
  wire: { version: 10, encoding: 'json', compress: false },
  savedAt: 0,
};

describe('the logic of a shard', () => {
  it('keeps what a configured URL holds, such as a password, out of its snapshots', async () => {
    const urls: string[] = [];
    const b = new ShardBench({
      url: 'wss://user:passw0rd@proxy.example/?key=sekrit99',
      socket: {
        open(url) {
          urls.push(url);
          return { send() {}, close() {}, drop() {}, bufferedAmount: 0 };
        },
      },
    });
    const actor = createActor(b.made.createShardLogic(b.options as never), { clock: b.clock }).start();
    await idle();
    const snapshot = actor.getSnapshot();
    const texts = [snapshot, snapshot.context, actor, actor.system].map((each) => inspect(each, { depth: 6 })); // below is the chart
    expect(texts.join() + JSON.stringify(snapshot.context)).not.toMatch(/passw0rd|sekrit99/);
    expect(urls).toEqual(['wss://user:passw0rd@proxy.example/?key=sekrit99&v=10&encoding=json']);
    actor.stop();
  });

  it('warns of an event that the shard does not know', async () => {
    const b = new ShardBench();
    const actor = createActor(b.made.createShardLogic(b.options as never), { clock: b.clock });
    const warned: string[] = [];
    actor.on('warning', ({ problem }) => void warned.push(problem));
    actor.start();
    for (const type of ['STOP', 'restart', 'a b']) actor.send({ type } as never);
    actor.send({ type: 'stop' });
    await idle();
    expect(warned).toEqual([
      'the shard knows no event STOP: send stop',
      'the shard knows no event restart: send start',
      'the shard knows no event of that name',
    ]);
    actor.stop();
  });

  it('is actor logic that connects by itself, emits, and drops its socket with its actor', async () => {
    const b = new ShardBench();
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

    expect(b.lines).toEqual([
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
      'open 2 resume.discord.gg',
      'reaching.opening',
      'drop 2',
    ]);
  });

  it('parses no dispatch that its events leave out', async () => {
    const b = new ShardBench({ events: ['A'] });
    const actor = createActor(b.made.createShardLogic(b.options as never), { clock: b.clock });
    actor.on('notice', ({ cause }) => b.note(`notice ${cause.name}`));
    actor.on('A' as 'READY', ({ sequence }) => b.note(`A ${sequence}`));
    actor.start();
    await b.greet();
    b.lines.splice(0);
    for (const [at, name] of ['A', 'B'].entries()) b.hear(`{"t":"${name}","s":${at + 2},"op":0,"d":{"x":}}`);
    b.dispatch(4, 'A');
    await idle();
    actor.stop();
    expect(b.lines).toEqual(['notice malformed', 'A 4', 'drop 1']);
  });

  it('shows people what it does and not its session, restored or not', async () => {
    const b = new ShardBench();
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

    expect(b.lines).toEqual([
      'open 1 gateway.discord.gg',
      'send identify',
      'running.connection.open, no session',
      'drop 1',
      'open 2 resume.discord.gg',
      'running.connection.reaching.opening, no session',
      'drop 2',
      'open 3 gateway.discord.gg',
      'running.connection.reaching.opening, no session',
      'drop 3',
    ]);
  });

  it('lets go of everything when an actor above it breaks, and of that actor when it ends itself', async () => {
    const b = new ShardBench();
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

    expect(b.lines).toEqual([
      'open 1 gateway.discord.gg',
      'watched by 1',
      'drop 1',
      'watched by 0',
      'open 2 gateway.discord.gg',
      'the parent breaks: on purpose',
      'drop 2',
      'no timer runs',
    ]);
  });

  it('lets go of its socket when it breaks as actor logic, and ends its trace', async () => {
    const b = new ShardBench();
    const written: string[] = [];
    const record = (line: string) => void written.push(JSON.parse(line).type);
    for (const how of ['stops', 'breaks']) {
      const logic = b.made.createShardLogic({ ...b.options, record } as never);
      const actor = createActor(logic, { clock: b.clock });
      actor.subscribe({ error: (error) => b.note(`it breaks: ${textOf(error)}`) });
      actor.start();
      b.sockets.at(-1)?.opened();
      if (how === 'breaks') breakAt('requestPermit', 'no chance');
      if (how === 'breaks') b.say({ op: 10, d: { heartbeat_interval: INTERVAL } });
      else actor.stop();
      await idle();
      b.note(written.splice(0).join(' '));
    }

    expect(b.lines).toEqual([
      'open 1 gateway.discord.gg',
      'drop 1',
      'header checkpoint step step end',
      'open 2 gateway.discord.gg',
      'drop 2',
      'it breaks: no chance',
      'header checkpoint step step frame end',
    ]);
  });

  it('ends its trace as dropped, without an error, when an actor above it breaks', async () => {
    const b = new ShardBench();
    const written: string[] = [];
    const record = (line: string) => void written.push(line);
    const chart = createMachine({
      invoke: { id: 'shard', src: b.made.createShardLogic({ ...b.options, record } as never) },
      on: {
        break: {
          actions: () => {
            throw new Error('on purpose');
          },
        },
      },
    });
    const parent = createActor(chart, { clock: b.clock });
    parent.subscribe({ error: () => {} });
    parent.start();
    const shard = parent.getSnapshot().children['shard'];
    parent.send({ type: 'break' });
    await idle();

    expect(shard?.getSnapshot().status).toBe('stopped');
    expect(JSON.parse(written.at(-1) ?? '')).toEqual({
      type: 'end',
      at: 0,
      state: 'running.connection.reaching.opening',
      because: 'dropped',
    });
  });

  it('resumes the session of a snapshot that was kept as JSON, and shows it to nobody', async () => {
    const b = new ShardBench();
    const make = (snapshot?: never) =>
      createActor(b.made.createShardLogic(b.options as never), { clock: b.clock, ...(snapshot ? { snapshot } : {}) });
    const first = make();
    const stopped = JSON.stringify(first.getPersistedSnapshot());
    first.start();
    await b.greet();
    const ready = JSON.stringify(first.getPersistedSnapshot());
    first.stop();
    for (const kept of [ready, stopped]) {
      b.note('restored');
      const again = make(JSON.parse(kept) as never);
      b.note(inspect(again.getSnapshot().context.session));
      again.start();
      b.sockets.at(-1)?.opened();
      b.say({ op: 10, d: { heartbeat_interval: INTERVAL } });
      await idle();
      again.stop();
    }

    expect(b.lines).toEqual([
      'open 1 gateway.discord.gg',
      'send identify',
      'drop 1',
      'restored',
      `{ id: '<session>', url: '<resume url>' }`,
      'open 2 resume.discord.gg',
      'send resume session-1 1',
      'drop 2',
      'restored',
      'null',
      'open 3 gateway.discord.gg',
      'send identify',
      'drop 3',
    ]);
  });

  it('keeps whether it ran and its session, and nothing else', async () => {
    const b = new ShardBench();
    const actor = createActor(b.made.createShardLogic(b.options as never), { clock: b.clock });
    const stopped = actor.getPersistedSnapshot();
    actor.start();
    const connecting = actor.getPersistedSnapshot();
    await b.greet();
    const ready = actor.getPersistedSnapshot();
    b.clock.now = () => {
      throw new Error('no time');
    };
    const timeless = actor.getPersistedSnapshot();
    b.close(4004);
    const failed = actor.getPersistedSnapshot();

    const kept = (running: boolean, resume: object | null) => ({
      status: 'active',
      output: undefined,
      error: undefined,
      version: 1,
      running,
      resume,
    });
    const record = { ...RECORD, sequence: 1, gatewayUrl: MAIN, savedAt: 1_000 };
    expect([stopped, connecting, ready, timeless, failed]).toEqual([
      kept(false, null),
      kept(true, null),
      kept(true, record),
      kept(true, { ...record, savedAt: expect.any(Number) }), // by the time of the system
      kept(false, null),
    ]);
  });

  it('shows people the URL of the Gateway without what may be secret in it, where it is known', async () => {
    const shownOf = (options: object) => {
      const b = new ShardBench(options);
      const actor = createActor(b.made.createShardLogic(b.options as never), { clock: b.clock });
      return /gatewayUrl: (.*),/.exec(inspect(actor, { depth: 9 }))?.[1];
    };
    expect([shownOf({ url: `${MAIN}?key=hidden` }), shownOf({ url: undefined })]).toEqual([`'${MAIN}'`, 'null']);
  });

  it.each<[string, object, string]>([
    [
      'clock',
      { clock: { ...simulatedClock(), now: fail }, random: undefined },
      "the clock port threw in now: the system's time is used instead: on purpose",
    ],
    ['chance', { clock: undefined, random: fail }, 'the random port threw: 0.5 is used instead: on purpose'],
  ])('goes on with a %s that throws beside what is ours', async (_, options, warning) => {
    const b = new ShardBench(options);
    const actor = createActor(b.made.createShardLogic(b.options as never), { clock: b.clock });
    actor.on('warning', ({ problem, error }) => b.note(`${problem}: ${textOf(error)}`));
    actor.start();
    await b.greet();
    actor.stop();

    expect(b.lines).toEqual(expect.arrayContaining([warning, 'send identify', 'drop 1']));
  });

  it('starts again from the snapshot of a shard that failed', async () => {
    const b = new ShardBench();
    const first = createActor(b.made.createShardLogic(b.options as never), { clock: b.clock });
    first.start();
    b.close(4004);
    const kept = first.getPersistedSnapshot();
    const again = createActor(b.made.createShardLogic(b.options as never), { clock: b.clock, snapshot: kept });
    b.note(again.getSnapshot().value);
    again.start();
    await idle();
    b.note(shown((again.getSnapshot().context as { cause: { name: string } }).cause.name));
    again.stop();

    expect(b.lines).toEqual([
      'open 1 gateway.discord.gg',
      'drop 1',
      'stopped',
      'open 2 gateway.discord.gg',
      'gatewayKnown',
      'drop 2',
    ]);
  });

  it('makes snapshots whose JSON shows the state and no secret', async () => {
    const b = new ShardBench();
    const actor = createActor(b.made.createShardLogic(b.options as never), { clock: b.clock });
    const before = JSON.parse(JSON.stringify(actor.getSnapshot()));
    actor.start();
    await b.greet();
    const text = JSON.stringify(actor.getSnapshot());
    actor.stop();

    expect(before).toMatchObject({ status: 'active', value: 'stopped', tags: [], context: { session: null } });
    expect(text).not.toMatch(/session-1|secret-token/);
    expect(JSON.parse(text)).toEqual({
      status: 'active',
      value: {
        running: {
          connection: { open: { session: { ready: 'settling' }, heartbeat: 'jittering', reading: 'flowing' } },
        },
      },
      tags: ['streaming', 'ready'],
      context: expect.objectContaining({
        session: { id: '<session 1>', url: '<resume url 1>' },
        sequence: 1,
        heartbeatInterval: INTERVAL,
      }),
      children: {},
      historyValue: {},
    });
  });

  it('is a pure function too, whose actions do nothing without an actor', () => {
    const b = new ShardBench();
    const logic = b.made.createShardLogic(b.options as never);
    const [initial] = initialTransition(logic);
    const [started, actions] = transition(logic, initial, { type: 'start' });
    const [opened] = transition(logic, started, { type: 'opened', connection: 1 });
    const [greeted] = transition(logic, opened, { type: 'hello', connection: 1, interval: INTERVAL }); // draws a delay
    expect(greeted.hasTag('streaming' as never)).toBe(false);
    expect(greeted.context.heartbeatInterval).toBe(INTERVAL);
    const [ended] = transition(logic, opened, { type: 'xstate.stop' } as never);
    const effects = (actions as ExecutableActionObject[]).filter(({ type }) => !type.startsWith('xstate.'));
    for (const { exec, info, params } of effects) exec?.(info, params);

    expect(initial.value).toBe('stopped');
    expect(started.value).toEqual({ running: { connection: { reaching: 'opening' } } });
    expect(opened.value).toEqual({ running: { connection: { reaching: 'awaitingHello' } } });
    expect(ended.status).toBe('stopped');
    expect(new Set(effects.map(({ type }) => type))).toEqual(new Set(['report', 'openSocket']));
    expect(b.lines).toEqual([]);
  });

  it('refuses to run as something that was derived from it', () => {
    const b = new ShardBench();
    const derived = Object.create(b.made.createShardLogic(b.options as never));
    const actor = createActor(derived, { clock: b.clock });

    expect(actor.getSnapshot()).toMatchObject({
      status: 'error',
      error: new TypeError('This is no logic of createShardLogic, but something derived from it'),
    });
  });
});

describe('the trace of a shard', () => {
  /** The lines of a trace, each parsed. */
  const tracing = () => {
    const lines: { type: string; do?: object[] }[] = [];
    return { lines, record: (line: string) => void lines.push(JSON.parse(line)) };
  };

  it('begins with what the shard starts from', () => {
    const { lines, record } = tracing();
    const b = new ShardBench({
      record,
      policy: { closeCode: 4_800 },
      resume: { ...RECORD, shard: [1, 3] },
      shard: [1, 3],
    });
    b.note(b.shard.state);

    expect(lines[0]).toMatchObject({
      type: 'header',
      shard: [1, 3],
      intents: 1,
      input: {
        policy: { closeCode: 4_800 },
        gatewayUrl: 'wss://gateway.discord.gg/',
        session: { id: '<session 1>', url: '<resume url 1>' },
        sequence: 7,
      },
    });
  });

  it('holds each random number beside the timer that was armed with it', async () => {
    const { lines, record } = tracing();
    const b = new ShardBench({ record, random: () => 0.25 });
    await b.begin();

    expect(lines.flatMap((line) => line.do ?? []).filter((each) => 'draws' in each)).toEqual([
      { type: 'arm', params: { timer: 'firstHeartbeat', delay: INTERVAL / 4 }, draws: [0.25] },
    ]);
  });

  it('holds what the user is warned of, with the error', async () => {
    const { lines, record } = tracing();
    const locator = { locate: () => Promise.reject(new Error('no network, secret-token')) };
    const b = new ShardBench({ record, url: undefined, locator });
    b.tell('start', b.shard.start());
    await idle();

    expect(lines.find(({ type }) => type === 'warning')).toEqual({
      type: 'warning',
      at: 0,
      problem: 'the Gateway URL could not be had',
      error: 'no network, <token>',
    });
  });

  it('is given up with one warning when it cannot be written, and the shard goes on', async () => {
    const record = () => {
      throw new Error('the disk is full, secret-token');
    };
    const b = new ShardBench({ record, hears: ['warning'] });
    await b.begin();

    expect(b.lines).toEqual([
      'open 1 gateway.discord.gg',
      'warning the trace could not be written: the disk is full, <token>',
      'send identify',
      'start: done',
    ]);
  });
});

describe('a trace that cannot be begun', () => {
  it('is told of, and the shard goes on without it', async () => {
    const b = new ShardBench({ record: () => {} });
    const actor = createActor(b.made.createShardLogic(b.options as never), { clock: b.clock });
    actor.on('warning', ({ problem, error }) => b.note(`${problem}: ${textOf(error)}`));
    breakNext(Recorder.prototype, 'begin', 'no chance');
    actor.start();
    await b.greet();
    actor.stop();

    expect(b.lines).toEqual([
      'the trace could not be written: no chance',
      'open 1 gateway.discord.gg',
      'send identify',
      'drop 1',
    ]);
  });
});

describe('what a shard is not for', () => {
  it('is emitted by no actor, be it parsed for the trace', async () => {
    const b = new ShardBench({ events: ['A'], record: { to: () => {}, contents: true } });
    const actor = createActor(b.made.createShardLogic(b.options as never), { clock: b.clock });
    actor.on('*', ({ type }) => /^(A|B|warning)$/.test(type) && b.note(type));
    actor.start();
    await b.greet();
    b.lines.length = 0;
    b.dispatch(2, 'B');
    b.dispatch(3, 'A');
    await idle();
    actor.stop();

    expect(b.lines).toEqual(['A', 'drop 1']);
  });
});

describe('a record to resume from', () => {
  it.each<[resumeUrl: string, allowHosts: string[], host: string]>([
    ['wss://resume.discord.gg/', [], 'resume.discord.gg'],
    ['wss://proxy.example/', [], 'gateway.discord.gg'],
    ['wss://proxy.example/', ['proxy.example'], 'proxy.example'],
  ])('leads to its URL if the token may be sent there: %s with %j', (resumeUrl, allowHosts, host) => {
    const b = new ShardBench({ resume: { ...RECORD, resumeUrl }, allowHosts });
    b.tell('start', b.shard.start());

    expect(b.lines).toEqual([`open 1 ${host}`]);
  });

  it('leads to this machine where the configured URL is there, on its port', () => {
    const b = new ShardBench({ resume: { ...RECORD, resumeUrl: 'ws://localhost:1/' }, url: 'ws://127.0.0.1:1/' });
    b.tell('start', b.shard.start());

    expect(b.lines).toEqual(['open 1 localhost:1']);
  });
});

describe('a snapshot that was kept', () => {
  /** A session as it is kept, and the actor of a shard that is given it. */
  const kept = (change: object = {}, record: object = {}) => ({
    status: 'active',
    version: 1,
    running: true,
    resume: {
      version: 1,
      sessionId: 'session-1',
      resumeUrl: 'wss://resume.discord.gg/',
      sequence: 5,
      shard: [0, 1],
      intents: 1,
      wire: { version: 10, encoding: 'json', compress: false },
      gatewayUrl: MAIN,
      savedAt: 1,
      ...record,
    },
    ...change,
  });
  async function restore(snapshot: object, options: object = {}): Promise<readonly string[]> {
    const b = new ShardBench(options);
    const actor = createActor(b.made.createShardLogic(b.options as never), {
      clock: b.clock,
      snapshot: snapshot as never,
    });
    actor.on('warning', ({ problem }) => b.note(problem));
    actor.subscribe({ error: (error) => b.note(textOf(error)) });
    actor.start();
    await idle();
    b.sockets.at(-1)?.opened();
    b.say({ op: 10, d: { heartbeat_interval: INTERVAL } });
    await idle();
    actor.stop();
    return b.lines;
  }

  it('is resumed where it was', async () => {
    expect(await restore(kept())).toEqual(['open 1 resume.discord.gg', 'send resume session-1 5', 'drop 1']);
  });

  it('never takes the token where the options do not', async () => {
    const elsewhere = { resumeUrl: 'ws://elsewhere.example/' };
    expect(await restore(kept({}, elsewhere))).toEqual([
      'open 1 gateway.discord.gg',
      'the resume URL of the session is not to be trusted: it is resumed at the main URL',
      'send resume session-1 5',
      'drop 1',
    ]);
    const context = { gatewayUrl: 'ws://elsewhere.example/', session: { id: 'x', url: 'ws://elsewhere.example/' } };
    expect(await restore(kept({ context, value: { running: 'waiting' } }))).toContain('open 1 resume.discord.gg');
  });

  it.each<[string, object, object]>([
    ['another shard (0 of 1 instead of 1 of 2)', {}, { shard: [1, 2] }],
    ['other intents (1 instead of 512)', {}, { intents: 512 }],
    ['another encoding (json instead of etf)', {}, { encoding: 'etf' }],
    ['another compression (false instead of zlib-stream)', {}, { compress: 'zlib-stream' }],
    ['another API version (9 instead of 10)', { wire: { version: 9, encoding: 'json', compress: false } }, {}],
    ['another Gateway', {}, { url: 'wss://gateway.example/' }],
    ['another Gateway', { gatewayUrl: null }, {}],
  ])('of %s is told of, and a new session begins', async (difference, record, options) => {
    const lines = await restore(kept({}, record), options);
    expect(lines).toContain(`the session to be resumed has ${difference}: a new session begins`);
    expect(lines).toContain(`open 1 ${new URL((options as { url?: string }).url ?? MAIN).host}`);
    expect(lines.join()).not.toContain('resume session-1');
  });

  it('is a secret from the start', async () => {
    const b = new ShardBench({ url: undefined, locator: { locate: () => Promise.reject(new Error('of session-1')) } });
    const actor = createActor(b.made.createShardLogic(b.options as never), {
      clock: b.clock,
      snapshot: kept({}, { gatewayUrl: null, resumeUrl: null }) as never,
    });
    actor.on('warning', ({ problem, error }) => b.note(`${problem}: ${textOf(error)}`));
    actor.start();
    await idle();
    actor.stop();
    expect(b.lines).toEqual(['the Gateway URL could not be had: of <session 1>']);
  });

  it('gives way to the policy of the options', async () => {
    const policy = { deadlines: { open: 1_234 } };
    const b = new ShardBench({ policy } as never);
    const actor = createActor(b.made.createShardLogic(b.options as never), {
      clock: b.clock,
      snapshot: kept() as never,
    });
    expect(actor.getSnapshot().context.policy.deadlines.open).toBe(1_234);
  });

  it.each<[unknown, string]>([
    [{ status: 'active', value: 'stopped', context: {} }, 'its version is missing, not 1'],
    [kept({ version: 2 }), 'its version is 2, not 1'],
    [kept({ running: undefined }), 'it does not say whether the shard was running'],
    [kept({}, { sequence: 'x' }), 'of its session, sequence is not a whole number'],
    ['text', 'it is not an object'],
    [7, 'it is not an object'],
  ])('that is none is an error that says why: %j', async (snapshot, why) => {
    expect(await restore(snapshot as object)).toEqual([
      `ERR_SNAPSHOT The snapshot cannot be restored: ${why}. Give what getPersistedSnapshot() gave, or leave it out`,
    ]);
  });

  it.each(['done', 'error', 'stopped'])('never makes an actor hang, whatever status it says: %s', async (status) => {
    expect(await restore(kept({ status }))).toContain('send resume session-1 5');
  });

  it('starts a shard that was not running, since its logic starts by itself', async () => {
    expect(await restore(kept({ running: false }))).toContain('send resume session-1 5');
    expect(await restore(kept({ running: false, resume: null }))).toContain('send identify');
  });
});
