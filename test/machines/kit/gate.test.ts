import { describe, expect, it } from 'vitest';
import { createActor } from 'xstate';
import {
  actionsOf,
  DEFAULT_POLICY,
  gatewayMachine,
  SHARD_EFFECTS,
  type ShardHost,
  shardMachine,
  stateName,
} from '../../../machines/index.js';
import { isCurrent } from '../../../machines/kit/gate.js';

describe('an answer', () => {
  it.each([
    [{ type: 'start' }, true],
    [{ type: 'closed', connection: 3 }, true],
    [{ type: 'closed', connection: 2 }, false],
    [{ type: 'located', request: 7 }, true],
    [{ type: 'located', request: 8 }, false],
    [{ type: 'both', connection: 3, request: 8 }, false],
  ])('%j is current: %s', (event, current) => {
    expect(isCurrent({ connection: 3, request: 7 }, event)).toBe(current);
  });
});

describe('what is no event', () => {
  it('is told', () => {
    expect(() => isCurrent({ connection: 3, request: 7 }, 'start' as never)).toThrow(
      "an event is an object, such as { type: 'start' }, not a string",
    );
  });
});

describe('what a chart is provided with', () => {
  const nothing = () => {};
  const idle = Object.fromEntries(SHARD_EFFECTS.map((name) => [name, nothing])) as unknown as ShardHost;

  it('stays behind the gate', () => {
    const opened: unknown[] = [];
    const machine = shardMachine.provide({
      actions: actionsOf({ ...idle, openSocket: (params) => void opened.push(params) }),
    });
    const actor = createActor(machine, { input: { gatewayUrl: 'wss://gateway.discord.gg' } }).start();
    actor.send({ type: 'start' });
    actor.send({ type: 'opened', connection: 0 });
    expect(opened).toHaveLength(1);
    expect(stateName(actor.getSnapshot().value)).toBe('running.connection.reaching.opening');
  });

  it.each<[object, string]>([
    [
      { actions: { openSockets: nothing } },
      'provide: actions.openSockets: the chart has nothing of that name: write openSocket',
    ],
    [{ actions: { toString: nothing } }, /^provide: actions.toString: the chart has nothing of that name, but /.source],
    [{ action: {} }, 'provide: action: the chart has nothing of that name: write actions'],
    [{ delays: { hallo: 1 } }, 'provide: delays.hallo: the chart has nothing of that name: write hello'],
    [{ guards: { isPaused: undefined } }, 'provide: guards.isPaused is undefined: leave it out, or set it'],
    [{ actions: { openSocket: 5 } }, 'provide: actions.openSocket must be a function$'],
    [{ delays: { hello: '1 s' } }, 'provide: delays.hello must be a function or a number$'],
    [{ a: {} }, 'provide: a: the chart has nothing of that name, but actors, actions, delays, guards$'],
  ])('has a name of the chart, and %o has none', (implementations, says) => {
    expect(() => shardMachine.provide(implementations as never)).toThrow(TypeError);
    expect(() => shardMachine.provide(implementations as never)).toThrow(new RegExp(says));
  });

  it('implements all effects, or none', () => {
    const some = { openSocket: nothing, report: nothing };
    expect(() => shardMachine.provide({ actions: some })).toThrow(
      /^provide: the effects locateGateway, cancelLocate, sendHeartbeat, .* are missing: whoever implements one/,
    );
    expect(() => gatewayMachine.provide({ actions: { sendHello: nothing } })).toThrow(/are missing/);
    const all = actionsOf(idle);
    const { report: _, ...silent } = all;
    for (const actions of [all, silent, { report: nothing }])
      expect(shardMachine.provide({ actions }).id).toBe('shard');
    expect(shardMachine.provide({ actions: all }).provide({ actions: some }).id).toBe('shard'); // one by one, later on
  });

  it('may be nothing', () => {
    expect(shardMachine.provide({}).id).toBe('shard');
    expect(gatewayMachine.provide({ actions: {} }).id).toBe('gateway');
    expect(shardMachine.provide({ delays: { hello: 5 } }).id).toBe('shard');
  });
});

describe('a chart without input', () => {
  it('goes by what there is unless told', () => {
    expect(createActor(shardMachine).getSnapshot().context.policy).toEqual(DEFAULT_POLICY);
    expect(createActor(shardMachine).start().getSnapshot().value).toBe('stopped');
    expect(createActor(gatewayMachine).getSnapshot().context.settings.heartbeatInterval).toBeGreaterThan(0);
  });
});
