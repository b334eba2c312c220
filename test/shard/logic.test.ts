/** A shard as actor logic: what it does, emits and leaves behind in an actor system, line by line. */

import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createActor, createMachine, type ExecutableActionObject, initialTransition, transition } from 'xstate';
import { simulatedClock } from '../../src/ports/clock.js';
import { breakAt } from '../support/breaking.js';
import { INTERVAL, idle, MAIN, recordOf, ShardBench, shown, textOf } from '../support/shard-bench.js';
import { fail } from '../support/warnings.js';

/** How many observe an actor; held to XState by test/shard/embedded.runtime.test.ts. */
const observersOf = (actor: unknown) => (actor as { observers: ReadonlySet<unknown> }).observers.size;

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
    const record = recordOf(1, { resumeUrl: 'wss://resume.discord.gg/', gatewayUrl: MAIN, savedAt: 1_000 });
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
