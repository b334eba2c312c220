import { describe, expect, it } from 'vitest';
import type { EdgeView } from '../../../../../machines/kit/invariants.js';
import { endings } from '../../../../../machines/shard/laws/invariants/endings.js';
import type { ShardContext, ShardEvent } from '../../../../../machines/shard/vocabulary.js';
import { type Cases, notShown } from '../../../../support/hand-steps.js';
import { EVENT, type ShardState, shardBench } from '../../../../support/shard-steps.js';

const bench = shardBench(endings);
type Edge = EdgeView<ShardContext, ShardEvent>;

/** A step to a state that is given whole, with the steps from there. */
const edge = (event: ShardEvent, value: unknown, edges: readonly Edge[] = []): Edge => ({
  ...bench.move({ event }),
  to: bench.place({ value, edges }),
});

const running = { running: 'waiting' };
const closing = { running: { connection: { closing: 'stopping' } } };
const stop = edge(EVENT.stop, 'stopped');
const detach = edge(EVENT.detach, 'stopped');
const timeOut = edge({ type: 'timer.close' }, 'stopped');
/** A stop that takes so many deadlines. */
const slowStop = (deadlines: number): Edge =>
  edge(EVENT.stop, closing, [deadlines > 1 ? { ...timeOut, to: slowStop(deadlines - 1).to } : timeOut]);

const CASES: Cases<ShardState> = {
  'The shard ends on an order, a fatal close code, a refused token or a final refusal of the identify, and then only starts again by order':
    [
      ['holds for a shard that runs', { seen: { run: 'running' }, value: running }, null],
      ['holds for a shard that still closes its connection', { seen: { run: 'stopping' }, value: closing }, null],
      ['holds for a shard that was stopped', { seen: { run: 'stopped' }, value: 'stopped' }, null],
      ['holds for a shard that failed', { seen: { run: 'failed' }, value: 'failed' }, null],
      [
        'is broken by a shard that ends by itself',
        { seen: { run: 'running' }, value: 'stopped' },
        'it is stopped and should be running',
      ],
      [
        'is broken by a shard that runs after a fatal close code',
        { seen: { run: 'failed' }, value: running },
        'it is running and should be failed',
      ],
      [
        'is broken by a failure that looks like a stop',
        { seen: { run: 'failed' }, value: 'stopped' },
        'it is stopped and should be failed',
      ],
      [
        'is broken by an end before the connection is closed',
        { seen: { run: 'failing' }, value: 'failed' },
        'it is failed and should be running',
      ],
    ],
  'Stop and detach work in every state, and lead to the end without waiting for anybody': [
    ['holds where both end the shard at once', { seen: { run: 'running' }, edges: [stop, detach] }, null],
    ['holds where a deadline ends it', { seen: { run: 'running' }, edges: [slowStop(1), detach] }, null],
    ['holds in a shard that has ended', { seen: { run: 'stopped' } }, null],
    ['holds in a shard that has failed', { seen: { run: 'failed' } }, null],
    ['is broken where stop is ignored', { seen: { run: 'running' }, edges: [detach] }, 'stop is not handled'],
    ['is broken where detach is ignored', { seen: { run: 'stopping' }, edges: [stop] }, 'detach is not handled'],
    [
      'is broken where a stop waits for the peer',
      {
        seen: { run: 'running' },
        edges: [edge(EVENT.stop, closing, [edge({ type: 'closed', connection: 3, code: 4900 }, 'stopped')]), detach],
      },
      'stop does not lead to stopped',
    ],
    [
      'is broken where a detach leads to a failure',
      { seen: { run: 'running' }, edges: [stop, edge(EVENT.detach, 'failed')] },
      'detach does not lead to stopped',
    ],
    [
      'is broken where deadlines go on',
      { seen: { run: 'running' }, edges: [slowStop(9), detach] },
      'stop does not lead to stopped',
    ],
  ],
};

describe.each(Object.entries(CASES))('%s', (says, cases) => {
  it.each(cases)('%s', (_, state, broken) => {
    expect(bench.state(says, state)).toBe(broken);
  });
});

describe('the invariants of endings', () => {
  it('are each shown kept and broken', () => {
    expect(notShown(endings, CASES)).toEqual([]);
  });
});
