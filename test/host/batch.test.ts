/** When the chart is told of dispatches that were delivered. Every port is a stub; the lines are what happens, written by hand. */
import { describe, expect, it } from 'vitest';
import { dispatch, HostBench, OPEN, open, REPLAYING, STREAMING, textOf } from '../support/host-bench.js';

describe('the batches of a host', () => {
  it('hands on dispatches while streaming, and tells the chart once, at the end of the burst', async () => {
    const b = new HostBench();
    open(b, STREAMING);
    b.say(dispatch(3, 'A', { x: 1 }));
    b.say(dispatch(5));
    b.lines.push(`pending ${b.host.pendingSequence}`);
    await b.idle();
    b.lines.push(`pending ${b.host.pendingSequence}`);
    b.host.onSnapshot(REPLAYING);
    b.say(dispatch(6));
    b.lines.push(`taken ${textOf(b.host.takePendingDispatches() ?? { type: 'stop' })}`);
    await b.idle();

    expect(b.lines).toEqual([
      OPEN,
      'dispatch A 3 {"x":1}',
      'dispatch A 5 {}',
      'pending 5',
      'tell dispatched connection=1 sequence=5 count=2',
      'pending null',
      'dispatch A 6 {} replayed',
      'taken dispatched connection=1 sequence=6 count=1',
    ]);
  });

  it('tells the chart when a reading of the sockets brought no more, and after 16 that did', () => {
    const b = new HostBench({ reads: true });
    open(b, STREAMING);
    for (const s of [3, 4]) b.say(dispatch(s));
    b.readings.shift()?.();
    b.say(dispatch(5));
    b.readings.shift()?.();
    b.lines.push('nothing more');
    b.readings.shift()?.();
    for (let s = 6; s < 6 + 17; s += 1) {
      b.say(dispatch(s));
      b.readings.shift()?.();
    }

    expect(b.lines).toEqual([
      OPEN,
      'dispatch A 3 {}',
      'dispatch A 4 {}',
      'dispatch A 5 {}',
      'nothing more',
      'tell dispatched connection=1 sequence=5 count=3',
      ...Array.from({ length: 17 }, (_, i) => `dispatch A ${6 + i} {}`),
      'tell dispatched connection=1 sequence=22 count=17',
    ]);
  });

  it('tells nothing of dispatches that the chart has heard of before the sockets were read', () => {
    const b = new HostBench({ reads: true });
    open(b, STREAMING);
    b.say(dispatch(3));
    b.lines.push(`taken ${textOf(b.host.takePendingDispatches() ?? { type: 'stop' })}`);
    b.readings.shift()?.();
    b.readings.shift()?.();
    expect(b.lines).toEqual([OPEN, 'dispatch A 3 {}', 'taken dispatched connection=1 sequence=3 count=1']);
  });
});
