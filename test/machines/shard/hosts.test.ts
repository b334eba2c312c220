import { describe, expect, it } from 'vitest';
import {
  actionsOf,
  carryingOut,
  type PureShardHost,
  pure,
  SHARD_EFFECTS,
  type ShardHost,
  shardMachine,
} from '../../../machines/index.js';

const told: [string, unknown][] = [];
const noting = (...names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, (params: unknown) => void told.push([name, params])]));
const host = noting(...SHARD_EFFECTS) as unknown as ShardHost;
const pureHost = { ...host, ...noting('arm', 'disarm') } as unknown as PureShardHost;
const without = (name: string) => Object.fromEntries(Object.entries(host).filter(([each]) => each !== name));

describe('a host', () => {
  it('knows every effect of the chart', () => {
    const chart = shardMachine.provide({ actions: actionsOf(host) });
    const isOurs = (action: unknown) => action !== undefined && String(action).includes('host[name]');
    const { actions } = chart.implementations;
    expect(Object.keys(actions).filter((name) => isOurs(actions[name as never]))).toEqual([...SHARD_EFFECTS]);
  });

  it('is handed the parameters, in an actor and by the pure function', () => {
    told.length = 0;
    actionsOf(host).openSocket(null, { connection: 1, url: 'wss://gateway.discord.gg' });
    expect(told).toEqual([['openSocket', { connection: 1, url: 'wss://gateway.discord.gg' }]]);
    told.length = 0;
    const { initial, step } = pure(shardMachine);
    carryingOut(pureHost)(step(initial({}).snapshot, { type: 'start' }).instructions);
    expect(told.map(([name]) => name)).toEqual(['report', 'report', 'locateGateway', 'arm']);
  });

  it('may inherit its effects, and hold other things', () => {
    class Mine {
      sockets = new Map();
    }
    Object.assign(Mine.prototype, host);
    expect(Object.keys(actionsOf(new Mine() as never))).toEqual([...SHARD_EFFECTS]);
  });

  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'the host is no object: it must have a function for each effect of the chart'],
    [
      'one without an effect',
      without('dropSocket'),
      'the host lacks dropSocket: give each as a function, or as () => {}',
    ],
    ['one with a word for an effect', { ...host, report: 'yes' }, 'the host lacks report:'],
    [
      'a mistyped effect',
      { ...without('dropSocket'), dropsocket() {} },
      'the chart has no effect dropsocket: write dropSocket',
    ],
    [
      'one too many',
      { ...host, sendPing() {} },
      'the chart has no effect sendPing; it has locateGateway, cancelLocate',
    ],
  ])('is told at once that it is %s', (_, wrong, says) => {
    expect(() => actionsOf(wrong as never)).toThrow(TypeError);
    expect(() => actionsOf(wrong as never)).toThrow(says);
  });

  it('needs timers for the pure function', () => {
    expect(() => carryingOut(host as never)).toThrow('the host lacks arm, disarm');
  });
});
