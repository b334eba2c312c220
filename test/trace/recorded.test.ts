import { describe, expect, it, vi } from 'vitest';
import { createActor, createMachine } from 'xstate';
import { DEFAULT_POLICY, drawDelays, gatewayMachine, pure, shardMachine } from '../../machines/index.js';
import { simulatedClock } from '../../src/ports/clock.js';
import { seededRandom } from '../../src/ports/random.js';
import { redactor } from '../../src/redact/redact.js';
import type { TraceLine } from '../../src/trace/format.js';
import { readTrace } from '../../src/trace/read.js';
import { type RecordedOptions, recorded } from '../../src/trace/recorded.js';
import { firstDifference } from '../../src/trace/replay.js';

describe('a bare chart', () => {
  const ORDERS = [
    { type: 'start' },
    { type: 'opened', connection: 1 },
    { type: 'hello', connection: 1, interval: 1_000 },
    { type: 'permitGranted', request: 1 },
    { type: 'ready', connection: 1, sequence: 1, session: { id: 'marked-session', url: 'wss://marked.discord.gg' } },
    { type: 'closed', connection: 1, code: 4000 },
  ] as const;
  const input = { policy: DEFAULT_POLICY, gatewayUrl: 'wss://gateway.discord.gg/' };

  it('is recorded in an actor, whatever draws its delays', () => {
    const texts: string[] = [];
    const clock = simulatedClock(5_000);
    const chart = recorded(shardMachine.provide({ delays: drawDelays(seededRandom(3)) }), {
      to: (line) => texts.push(line),
      now: clock.now,
    });
    const actor = createActor(chart, { clock, input });
    actor.start();
    for (const event of ORDERS) {
      actor.send(event);
      clock.increment(300);
    }
    actor.stop();
    const { lines } = readTrace(`${texts.join('\n')}\n`);
    expect(firstDifference(lines)).toBeNull();
    expect(lines.at(-1)?.line).toMatchObject({ type: 'end', because: 'dropped' });
    expect(texts.join()).not.toContain('marked');
    expect(lines.filter(({ line }) => line.type === 'step').length).toBeGreaterThan(ORDERS.length);
  });

  it('is recorded as a pure function', () => {
    const texts: string[] = [];
    const { initial, step } = pure(recorded(shardMachine, { to: (line) => texts.push(line), now: () => 0 }));
    let { snapshot } = initial(input);
    for (const event of ORDERS) ({ snapshot } = step(snapshot, event));
    expect(firstDifference(readTrace(`${texts.join('\n')}\n`).lines)).toBeNull();
    expect(texts).toHaveLength(2 + ORDERS.length);
  });

  it('shares a trace with others, each under its name', () => {
    const texts: string[] = [];
    const to = (line: string) => texts.push(line);
    const shard = createActor(recorded(shardMachine, { to, now: () => 0 }), { input }).start();
    const gateway = createActor(recorded(gatewayMachine, { to, now: () => 0 }), { input: {} }).start();
    gateway.send({ type: 'connected', number: 1 });
    shard.send({ type: 'start' });
    gateway.send({ type: 'dispatch', name: 'A', data: { content: 'private' } });
    shard.stop();
    gateway.stop();
    const { lines } = readTrace(`${texts.join('\n')}\n`);
    expect(new Set(lines.map(({ line }) => line.actor))).toEqual(new Set([undefined, 'gateway 2']));
    expect(firstDifference(lines)).toBeNull();
    expect(texts.join()).not.toContain('private');
  });
});

describe('a chart of a user', () => {
  const lamp = createMachine(
    {
      id: 'lamp',
      initial: 'off',
      context: { presses: 0 },
      states: {
        off: { on: { press: { target: 'on', guard: 'isWhole', actions: { type: 'glow', params: { watts: 5 } } } } },
        on: { on: { press: 'off' } },
      },
    },
    { guards: { isWhole: () => true }, actions: { glow: () => {} } },
  );
  /** An actor of the lamp that is recorded, and the lines that it has written. */
  const recordedLamp = (options: Partial<RecordedOptions> = {}, machine: typeof lamp = lamp) => {
    const lines: TraceLine[] = [];
    const to = (line: string) => void lines.push(JSON.parse(line));
    return { lines, actor: createActor(recorded(machine, { to, now: () => 5, ...options })) };
  };

  it('writes header and checkpoint when its actor starts, each step as it is taken, and the end', () => {
    const { actor, lines } = recordedLamp();
    expect(lines).toEqual([]);
    actor.start();
    actor.send({ type: 'press' });
    actor.stop();
    expect(lines).toMatchObject([
      { type: 'header', at: 0, chart: 'lamp', began: 5, input: {} },
      { type: 'checkpoint', state: 'off' },
      {
        type: 'step',
        event: { type: 'press' },
        from: 'off',
        to: 'on',
        do: [{ type: 'glow', params: { watts: 5 } }],
      },
      { type: 'end', state: 'on', because: 'dropped' },
    ]);
  });

  it('does what the chart does: its actions run, and its snapshot is the same', () => {
    const glow = vi.fn();
    const { actor } = recordedLamp({}, lamp.provide({ actions: { glow } }));
    const alone = createActor(lamp).start();
    actor.start();
    for (const each of [actor, alone]) each.send({ type: 'press' });
    expect(glow).toHaveBeenCalledTimes(1);
    expect(actor.getSnapshot().toJSON()).toEqual(alone.getSnapshot().toJSON());
  });

  it('is still recorded after implementations were provided', () => {
    const lines: string[] = [];
    const machine = recorded(lamp, { to: (line) => lines.push(line) }).provide({ guards: { isWhole: () => false } });
    createActor(machine).start().send({ type: 'press' });
    expect(lines).toHaveLength(3);
    expect(JSON.parse(lines[2] ?? '')).not.toHaveProperty('to');
  });

  it('ends with what broke it, and breaks as it would alone', () => {
    const broken = lamp.provide({
      guards: {
        isWhole: () => {
          throw new Error('the bulb of token-123456 broke');
        },
      },
    });
    const { actor, lines } = recordedLamp({ secrets: redactor({ token: 'token-123456' }) }, broken);
    const errors: unknown[] = [];
    actor.subscribe({ error: (error) => errors.push(error) });
    actor.start();
    actor.send({ type: 'press' });
    expect(errors).toEqual([expect.objectContaining({ message: expect.stringContaining('the bulb of token-123456') })]);
    expect(lines.slice(2)).toEqual([
      {
        type: 'end',
        at: 0,
        state: 'off',
        because: 'broken',
        error: expect.stringContaining('the bulb of <token> broke'),
      },
    ]);
  });

  it('calls onError when the trace cannot be written, and goes on', async () => {
    const onError = vi.fn();
    const full = new Error('no room');
    const to = () => {
      throw full;
    };
    const { actor } = recordedLamp({ to, onError });
    actor.start();
    actor.send({ type: 'press' });
    await Promise.resolve();
    expect(onError.mock.calls).toEqual([[full]]);
    expect(actor.getSnapshot().value).toBe('on');
    actor.stop();
  });

  it('is dated by the clock of the platform by default', () => {
    const lines: string[] = [];
    const before = performance.timeOrigin + performance.now();
    createActor(recorded(lamp, { to: (line) => lines.push(line) })).start();
    const { began } = JSON.parse(lines[0] ?? '');
    expect(began).toBeGreaterThanOrEqual(before);
    expect(began).toBeLessThanOrEqual(performance.timeOrigin + performance.now());
  });
});

describe('the header of a bare chart', () => {
  it('has the policy of a shard and the settings of a Gateway, which never change, and no URL', () => {
    const headers: unknown[] = [];
    const to = (line: string) => void headers.push(JSON.parse(line).input);
    const gatewayUrl = 'wss://gateway.discord.gg/';
    createActor(recorded(shardMachine, { to }), { input: { policy: DEFAULT_POLICY, gatewayUrl } }).start();
    const gateway = createActor(recorded(gatewayMachine, { to }), { input: {} }).start();
    const { settings } = gateway.getSnapshot().context;
    expect([headers[0], headers[2]]).toEqual([{ policy: DEFAULT_POLICY }, { settings }]);
  });
});
