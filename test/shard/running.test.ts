/** In which order a shard, its host and its taps are told of a step of the chart. */
import { describe, expect, it } from 'vitest';
import { createActor } from 'xstate';
import { zlibInflate } from '../../adapters/zlib.js';
import { stateName } from '../../machines/index.js';
import { Host } from '../../src/host/host.js';
import type { Tap } from '../../src/host/tap.js';
import { simulatedClock } from '../../src/ports/clock.js';
import type { SocketCallbacks } from '../../src/ports/index.js';
import { runningOf, shardLogic } from '../../src/shard/logic.js';
import { shardSettings } from '../../src/shard/options.js';
import { EVERYTHING } from '../../src/wire/decode.js';
import { breakNext } from '../support/breaking.js';
import { INTERVAL, idle, MAIN } from '../support/shard-bench.js';

/** A shard that writes down what it tells, with taps. */
function setUp({
  taps = [],
  ...options
}: {
  taps?: readonly Tap[];
  events?: readonly string[];
  record?: (line: string) => void;
} = {}) {
  const lines: string[] = [];
  const sockets: SocketCallbacks[] = [];
  const open = (_: string, __: unknown, callbacks: SocketCallbacks) => {
    lines.push('open');
    sockets.push(callbacks);
    const send = (message: string | Uint8Array) => void lines.push(`send ${JSON.parse(String(message)).op}`);
    return { send, close() {}, drop: () => void lines.push('drop'), bufferedAmount: 0 };
  };
  const settings = shardSettings(
    {
      token: 'secret-token',
      intents: 1,
      url: MAIN,
      clock: simulatedClock(1_000),
      random: () => 0.5,
      permits: { request: async () => ({ granted: true, settle() {} }), update() {} },
      ...options,
    } as never,
    { socket: () => ({ open }), inflate: zlibInflate },
  );
  const receivers = {
    audience: {
      wanted: EVERYTHING,
      dispatch: ({ name, sequence }: { name: string; sequence: number | null }) =>
        void lines.push(`dispatch ${name} ${sequence}`),
      skipped: ({ name }: { name: string }) => void lines.push(`skipped ${name}`),
    },
    news: (name: string, news: object) => {
      if (name === 'transition' || name === 'health')
        lines.push(`${name} ${(news as { cause: { name: string } }).cause.name}, ${stateOf()}`);
      if (name === 'warning') lines.push(`warning ${(news as { problem: string }).problem}`);
    },
    taps,
  };
  const actor = createActor(shardLogic(settings, { autoStart: false, receivers }), { clock: settings.clock });
  const stateOf = () => stateName(actor.getSnapshot().value).replace(/^running\.connection\./, '');
  actor.start();
  const say = (payload: object) => sockets.at(-1)?.message(JSON.stringify(payload), false);
  /** From the order to READY. */
  const begin = async () => {
    actor.send({ type: 'start' });
    sockets.at(-1)?.opened();
    say({ op: 10, d: { heartbeat_interval: INTERVAL } });
    await idle();
    say({ op: 0, t: 'READY', s: 1, d: { session_id: 's', resume_gateway_url: MAIN } });
    await idle();
    lines.length = 0;
  };
  return { actor, lines, sockets, say, begin };
}

/** A tap that writes down what it is told of steps. */
const watching = (lines: () => string[]): Tap => ({
  received: (_, { type }) => void lines().push(`received ${type}`),
  sent: (_, op) => void lines().push(`sent ${op}`),
  stepping: ({ type }) => void lines().push(`stepping ${type}`),
  acting: (instructions) => void lines().push(`acting ${instructions.map(({ type }) => type).join(' ')}`),
  stepped: ({ value }) => void lines().push(`stepped to ${stateName(value).replace(/^running\.connection\./, '')}`),
  reported: ({ causes, event, at }) =>
    void lines().push(`reported ${causes.map(({ name }) => name).join(' ')} of ${event.type} at ${at}`),
  ended: (error) => void lines().push(`ended ${String(error)}`),
});

describe('an actor that runs', () => {
  it('tells its taps of a step as it is taken, and the news once the actor has the new snapshot', () => {
    const its: ReturnType<typeof setUp> = setUp({ taps: [watching(() => its.lines)] });
    its.actor.send({ type: 'start' });
    expect(its.lines).toEqual([
      'stepping start',
      'acting report',
      'acting report',
      'acting openSocket',
      'open',
      'acting arm',
      'stepped to reaching.opening',
      'reported started gatewayKnown of start at 1000',
      'transition started, reaching.opening',
      'health started, reaching.opening',
    ]);
  });

  it('begins its trace again where it goes on from an earlier process', () => {
    const trace: string[] = [];
    const { actor } = setUp({ record: (line) => void trace.push(line) });
    const before = trace.filter((line) => line.includes('"header"')).length;
    runningOf(actor)?.goOn(actor.getSnapshot(), {}, []);
    expect(trace.filter((line) => line.includes('"header"'))).toHaveLength(before + 1);
  });

  it('takes pending dispatches as a step of their own, before any other event', async () => {
    const its: ReturnType<typeof setUp> = setUp({ taps: [watching(() => its.lines)] });
    await its.begin();
    its.say({ op: 0, t: 'A', s: 2, d: {} });
    its.actor.send({ type: 'detach' });
    expect(its.lines.filter((line) => !/^(acting|sent|health)/.test(line))).toEqual([
      'received dispatch',
      'dispatch A 2',
      'stepping dispatched',
      'stepped to open(session.ready.settling + heartbeat.jittering + reading.flowing)',
      'stepping detach',
      'stepped to closing.stopping',
      'reported detached of detach at 1000',
      'transition detached, closing.stopping',
    ]);
    expect(its.actor.getSnapshot().context.sequence).toBe(2);
  });

  it('tells several taps, of which one that throws harms neither the shard nor the others', async () => {
    const fail = () => {
      throw new Error('on purpose');
    };
    const failing: Tap = { received: fail, sent: fail, stepping: fail, acting: fail, stepped: fail, reported: fail };
    const causes: string[] = [];
    const other: Tap = { reported: (step) => void causes.push(...step.causes.map(({ name }) => name)) };
    const { actor, lines } = setUp({ taps: [failing, other] });
    actor.send({ type: 'start' });
    await idle();
    expect(causes).toEqual(['started', 'gatewayKnown']);
    expect(actor.getSnapshot().value).toEqual({ running: { connection: { reaching: 'opening' } } });
    expect(lines.filter((line) => line.startsWith('warning'))).toEqual(['warning what watches the shard threw']);
  });

  it('tells its taps that it ended, with the error if it broke', () => {
    const stopped: ReturnType<typeof setUp> = setUp({ taps: [watching(() => stopped.lines)] });
    stopped.actor.stop();
    expect(stopped.lines).toEqual(['ended undefined']);

    const broken: ReturnType<typeof setUp> = setUp({ taps: [watching(() => broken.lines)] });
    broken.actor.subscribe({ error: () => {} });
    breakNext(Host.prototype, 'onSnapshot', 'on purpose');
    broken.actor.send({ type: 'start' });
    expect(broken.lines.slice(-2)).toEqual(['drop', 'ended Error: on purpose']);
  });

  it('delivers nothing that the shard is not for', async () => {
    const { say, lines, begin } = setUp({ events: ['A'] });
    await begin();
    for (const [index, t] of ['A', 'B'].entries()) say({ op: 0, t, s: 2 + index, d: {} });
    expect(lines).toEqual(['dispatch A 2', 'skipped B']);
  });

  it('is known by its actor from the start on', () => {
    const { actor } = setUp();
    expect(runningOf(actor)?.host).toBeInstanceOf(Host);
    expect(runningOf(actor)?.health.health).toMatchObject({ status: 'down', state: 'stopped' });
  });
});
