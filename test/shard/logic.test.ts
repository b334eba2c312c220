/** A shard as actor logic: what it does, emits and leaves behind in an actor system, line by line. */
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createActor, createMachine } from 'xstate';
import { INTERVAL, idle, ShardBench, shown, textOf } from '../support/shard-bench.js';

/** How many observe an actor; held to XState by test/shard/embedded.runtime.test.ts. */
const observersOf = (actor: unknown) => (actor as { observers: ReadonlySet<unknown> }).observers.size;

describe('the logic of a shard', () => {
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
      'closing.reconnecting',
    ]);
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
      'running.connection.closing.reconnecting, no session',
      'open 2 gateway.discord.gg',
      'running.connection.reaching.opening, no session',
      'drop 2',
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
});
