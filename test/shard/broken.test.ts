/** A shard in which something of its own breaks: it lets go of everything, and says why. */
import { describe, expect, it } from 'vitest';
import { Host } from '../../src/host/host.js';
import { redactor } from '../../src/redact/redact.js';
import { breakAt, breakNext } from '../support/breaking.js';
import { INTERVAL, idle, recordOf, ShardBench, textOf } from '../support/shard-bench.js';

describe('a shard that breaks', () => {
  it('settles everything when it breaks, and cannot go on', async () => {
    const b = new ShardBench();
    breakAt('requestPermit', 'no chance');
    const iterator = b.shard.dispatches();
    b.tell('next', iterator.next());
    b.tell('start', b.shard.start());
    b.tell('closed', b.shard.closed);
    b.sockets[0]?.opened();
    b.say({ op: 10, d: { heartbeat_interval: INTERVAL } });
    await idle();
    b.tell('stop', b.shard.stop());
    b.tell('start', b.shard.start());
    b.shard.reconnect();
    await idle();
    b.note(b.clock.next === undefined ? 'no timer runs' : 'a timer runs');

    expect(b.lines).toEqual([
      'open 1 gateway.discord.gg',
      'drop 1',
      'closed: ERR_INTERNAL The shard broke: this is a defect of gatechart (no chance)',
      'start: ERR_INTERNAL The shard broke: this is a defect of gatechart (no chance)',
      'next: ERR_INTERNAL The shard broke: this is a defect of gatechart (no chance)',
      'stop: done',
      'start: ERR_INTERNAL The shard broke before: make a new one',
      'no timer runs',
    ]);
  });

  it('tells by failed that it broke, and why', async () => {
    const b = new ShardBench();
    b.shard.on('failed', ({ error }) => b.note(`failed: ${textOf(error)}`));
    breakAt('openSocket', 'no chance');
    b.tell('start', b.shard.start());
    await idle();

    expect(b.lines).toEqual([
      'failed: ERR_INTERNAL The shard broke: this is a defect of gatechart (no chance)',
      'start: ERR_INTERNAL The shard broke: this is a defect of gatechart (no chance)',
    ]);
  });

  it('can be looked at where it broke before it could begin', async () => {
    const b = new ShardBench({ resume: recordOf(7) });
    breakNext(Object.getPrototypeOf(redactor()), 'hold', 'no chance', 1); // the first is for the option
    b.tell('closed', b.shard.closed);
    await idle();
    b.note([b.shard.isReady, b.shard.session, b.shard.traffic]);
    b.tell('start', b.shard.start());
    await idle();

    expect(b.lines).toEqual([
      'closed: ERR_INTERNAL The shard broke: this is a defect of gatechart (no chance)',
      '[false,{"id":"session-1","sequence":7},{"frames":0,"bytes":0,"messages":0,"decompressedBytes":0}]',
      'start: ERR_INTERNAL The shard broke before: make a new one',
    ]);
  });

  it('lets go of its socket whatever breaks it, be it the platform', async () => {
    const b = new ShardBench();
    await b.begin();
    b.tell('closed', b.shard.closed);
    const { setTimeout } = globalThis;
    globalThis.setTimeout = (() => {
      throw new Error('no timers here');
    }) as never;
    try {
      b.shard.on('health', () => {
        throw new Error('of health');
      });
      await b.pass(INTERVAL / 2);
      await b.pass(INTERVAL);
    } finally {
      globalThis.setTimeout = setTimeout;
    }
    b.tell('stop', b.shard.stop());
    await idle();

    expect(b.lines).toEqual([
      'open 1 gateway.discord.gg',
      'send identify',
      'start: done',
      'send 1 1',
      'send 1 1',
      'drop 1',
      'closed: ERR_INTERNAL The shard broke: this is a defect of gatechart (no timers here)',
      'stop: done',
    ]);
  });

  it('ends its iterators when it breaks before it was started', async () => {
    const b = new ShardBench({ record: () => {} });
    b.tell('next', b.shard.dispatches().next());
    breakNext(Host.prototype, 'onSnapshot', 'no step');
    b.shard.reconnect();
    await idle();

    expect(b.lines).toEqual(['next: ERR_INTERNAL The shard broke: this is a defect of gatechart (no step)']);
  });

  it('rejects the commands that wait when it breaks', async () => {
    const b = new ShardBench();
    b.tell('start', b.shard.start());
    b.tell('closed', b.shard.closed);
    b.tell('sent', b.shard.send(3, { status: 'idle' }));
    await idle();
    expect(b.lines.filter((line) => line.startsWith('sent'))).toEqual([]);
    breakNext(Host.prototype, 'onSnapshot', 'no step');
    b.shard.reconnect();
    await idle();
    expect(b.lines.filter((line) => line.startsWith('sent'))).toEqual([expect.stringMatching(/^sent: .*fail/)]);
  });

  it('gives its chart no order once it is broken', async () => {
    const b = new ShardBench({
      inspect: (event) => {
        if (event.type === '@xstate.event') b.note(`event ${event.event.type}`);
      },
    });
    await b.begin();
    breakAt('closeSocket', 'no chance');
    b.tell('closed', b.shard.closed);
    b.lines.length = 0;
    b.say({ op: 9, d: false });
    await idle();
    b.shard.reconnect();
    b.tell('stop', b.shard.stop());
    await idle();

    expect(b.lines).toEqual([
      'event invalidSession',
      'drop 1',
      'closed: ERR_INTERNAL The shard broke: this is a defect of gatechart (no chance)',
      'stop: done',
    ]);
  });
});
