import { describe, expect, it } from 'vitest';
import { DEFAULT_POLICY, pure, shardAbstraction, shardMachine, stateName } from '../../machines/index.js';
import { PathError, playEvents, playPath } from '../../src/diagram/index.js';

const play = (path: string) => playPath(shardMachine, shardAbstraction, path);

describe('a path by the names of its events', () => {
  it('tells the rows and the state of each step', () => {
    const { steps, states } = play('start > located > opened > closed (4004)');
    expect(steps.map(({ event }) => event)).toEqual(['start', 'located', 'opened', 'closed (4004)']);
    expect(steps[0]).toEqual({
      event: 'start',
      rows: ['shard.stopped: start', 'shard.running.choosing: always [4 of 4]'],
      to: 'running.locating',
    });
    expect(steps.at(-1)?.rows).toEqual(['shard.running.connection.reaching: closed [1 of 3]']);
    expect(states).toEqual(['shard', 'shard.failed']);
  });

  it('may begin elsewhere than at the first beginning', () => {
    const overdue = 'start > located > opened > hello > timer.firstHeartbeat > timer.heartbeat > dispatch';
    expect(play(`anyTraffic: ${overdue}`).states).toContain(
      'shard.running.connection.open.heartbeat.beating.overdue.alive',
    );
    expect(play(overdue).states).toContain('shard.running.connection.open.heartbeat.beating.overdue.listening');
  });

  it('may be empty', () => {
    expect(play('(the beginning)')).toMatchObject({ steps: [], states: ['shard', 'shard.stopped'] });
    expect(play('')).toMatchObject({ steps: [] });
  });

  it.each([
    ['an event that is ignored', 'start > hello', 'Step 2, "hello", leads nowhere from running.locating'],
    [
      'an event that nobody knows',
      'begin',
      'Step 1, "begin", leads nowhere from stopped. What could come there: start',
    ],
    ['a timer that does not run', 'start > located > timer.hello', 'Step 3, "timer.hello", leads nowhere'],
    ['many close codes', 'start > located > x', 'closed (1006), closed (4009), closed (4004), 30 more like these'],
  ])('says what could come in place of %s', (_, path, message) => {
    expect(() => play(path)).toThrow(PathError);
    expect(() => play(path)).toThrow(message);
  });
});

describe('a path by its events', () => {
  it('goes on from a snapshot, past what is ignored', () => {
    const { snapshot } = pure(shardMachine).initial({ policy: DEFAULT_POLICY });
    const { steps } = playEvents(shardMachine, snapshot, [
      { type: 'start' },
      { type: 'heartbeatAck', connection: 0 },
      { type: 'located', request: 1, url: 'wss://gateway.discord.gg' },
    ]);
    expect(steps.map(({ to }) => to)).toEqual([
      'running.locating',
      'running.locating',
      'running.connection.reaching.opening',
    ]);
    expect(steps[1]?.rows).toEqual([]);
    expect(stateName(snapshot.value)).toBe('stopped');
  });
});
