import { describe, expect, it } from 'vitest';
import type { PermitPort } from '../../src/ports/index.js';
import { enter, TWICE } from '../../src/shard/running-shards.js';
import { idle, ShardBench } from '../support/shard-bench.js';

const permits = (): PermitPort => ({ request: async () => ({ granted: true, settle() {} }), update() {} });

describe('shards that run', () => {
  const settings = (of: PermitPort, id: number) => ({
    permits: of,
    identify: { shard: [id, 2] as [number, number], intents: 0, properties: {} as never },
  });

  it('are told when there is one of the same id already, among those that share their permits', () => {
    const told: string[] = [];
    const ours = permits();
    const leave = enter(settings(ours, 0), () => told.push('first'));
    enter(settings(ours, 1), () => told.push('another id'));
    enter(settings(permits(), 0), () => told.push('another bot'));
    expect(told).toEqual([]);
    const leaveToo = enter(settings(ours, 0), () => told.push('the same'));
    enter(settings(ours, 0), () => told.push('and again'))();
    expect(told).toEqual(['the same', 'and again']);
    leave();
    leave();
    enter(settings(ours, 0), () => told.push('one is left'))();
    leaveToo();
    enter(settings(ours, 0), () => told.push('none is left'));
    expect(told).toEqual(['the same', 'and again', 'one is left']);
  });

  it('give a warning each time that they start, and none once the other has stopped or failed', async () => {
    const shared = permits();
    const make = () => new ShardBench({ hears: ['warning'], permits: shared });
    const [first, second] = [make(), make()];
    await first.begin();
    await second.begin();
    expect(first.lines.filter((line) => line.startsWith('warning'))).toEqual([]);
    expect(second.lines.filter((line) => line.startsWith('warning'))).toEqual([`warning ${TWICE}`]);
    first.shard.on('failed', () => {});
    first.close(4004);
    await idle();
    const stopped = second.shard.stop();
    second.close(1000);
    await stopped;
    second.lines.length = 0;
    await second.begin();
    expect(second.lines.filter((line) => line.startsWith('warning'))).toEqual([]);
  });
});
