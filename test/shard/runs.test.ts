/** How a shard ends, and who is told: a failure that nobody would hear of is an unhandled rejection, a stop never is. */
import { describe, expect, it } from 'vitest';
import { Host } from '../../src/host/host.js';
import { breakAt, breakNext } from '../support/breaking.js';
import { idle, ShardBench } from '../support/shard-bench.js';

/** The codes of the errors that nobody handled while something ran. */
async function unhandled(run: () => unknown): Promise<unknown[]> {
  const errors: unknown[] = [];
  const before = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', (error) => errors.push((error as { code?: unknown }).code ?? error));
  try {
    await run();
    await idle();
    await new Promise((resolve) => setTimeout(resolve, 5)); // a task later, and Node tells of them when all microtasks have run
  } finally {
    process.removeAllListeners('unhandledRejection');
    for (const listener of before) process.on('unhandledRejection', listener);
  }
  return errors;
}

/** Refuses a shard that is on its way, or one that is ready. */
async function refuse(b: ShardBench, when: 'before READY' | 'after it'): Promise<void> {
  if (when === 'after it') await b.greet();
  b.close(4014);
  await idle();
}

const quietly = () => {};

describe('a shard that is refused after its only iterator has run over', () => {
  it('is an unhandled rejection, since that iterator tells of something else', async () => {
    const b = new ShardBench({ buffer: 1 });
    const errors = await unhandled(async () => {
      void b.shard.start();
      const iterator = b.shard.dispatches();
      void iterator.next();
      await b.greet();
      for (const sequence of [2, 3]) b.dispatch(sequence);
      b.close(4014);
      await iterator.next();
      await expect(iterator.next()).rejects.toMatchObject({ code: 'ERR_BUFFER_OVERFLOW' });
    });
    expect(errors).toEqual(['ERR_GATEWAY_CLOSED']);
  });
});

describe.each(['before READY', 'after it'] as const)('a shard that is refused %s', (when) => {
  it.each<[string, (b: ShardBench) => unknown]>([
    ['nobody looks at it', ({ shard }) => void shard.start()],
    ['closed was looked up and not waited for', ({ shard }) => void [shard.start(), shard.closed]],
    ['an iterator was made that nobody reads', ({ shard }) => void [shard.start(), shard.dispatches()]],
    ['the only listener has gone', ({ shard }) => void [shard.start(), shard.on('failed', quietly)()]],
  ])('is an unhandled rejection if %s', async (_, begin) => {
    const b = new ShardBench();
    expect(
      await unhandled(async () => {
        begin(b);
        await refuse(b, when);
      }),
    ).toEqual(['ERR_GATEWAY_CLOSED']);
  });

  it.each<[string, (b: ShardBench) => unknown]>([
    ['closed', ({ shard }) => [shard.start(), shard.closed.catch(quietly)]],
    ['closed, among others', ({ shard }) => [shard.start(), Promise.race([shard.closed]).catch(quietly)]],
    ['a listener of failed', ({ shard }) => [shard.start(), shard.on('failed', quietly)]],
    [
      'an iterator',
      ({ shard }) => [
        shard.start(),
        (async () => {
          for await (const _ of shard) continue;
        })().catch(quietly),
      ],
    ],
  ])('is told by %s', async (_, begin) => {
    const b = new ShardBench();
    expect(
      await unhandled(async () => {
        begin(b);
        await refuse(b, when);
      }),
    ).toEqual([]);
  });
});

describe('a shard that is refused', () => {
  it('is an unhandled rejection although the platform has no timers', async () => {
    const b = new ShardBench();
    const { setTimeout } = globalThis;
    const errors = await unhandled(() => {
      globalThis.setTimeout = (() => {
        throw new Error('no timers here');
      }) as never;
      try {
        void b.shard.start();
        b.close(4014);
      } finally {
        globalThis.setTimeout = setTimeout;
      }
    });
    expect(errors).toEqual(['ERR_GATEWAY_CLOSED']);
  });

  it('tells it by start, if that has not been fulfilled', async () => {
    const b = new ShardBench();
    const told: unknown[] = [];
    const errors = await unhandled(async () => {
      b.shard.start().catch(({ code }) => told.push(code));
      await refuse(b, 'before READY');
    });
    expect([errors, told]).toEqual([[], ['ERR_GATEWAY_CLOSED']]);
  });

  it('is told by closed to whoever waits for the transition first', async () => {
    const b = new ShardBench();
    const told: unknown[] = [];
    const errors = await unhandled(async () => {
      const failed = new Promise<void>((resolve) => {
        b.shard.on('transition', ({ to }) => to === 'failed' && resolve());
      });
      b.shard.start().catch(quietly);
      await refuse(b, 'after it');
      await failed;
      await b.shard.closed.catch(({ code }) => told.push(code));
    });
    expect([errors, told]).toEqual([[], ['ERR_GATEWAY_CLOSED']]);
  });

  it('does not count a start that was fulfilled long ago', async () => {
    const b = new ShardBench();
    const errors = await unhandled(async () => {
      b.shard.start().catch(quietly);
      await refuse(b, 'after it');
    });
    expect(errors).toEqual(['ERR_GATEWAY_CLOSED']);
  });

  it('does not count a start that was asked for when it was ready', async () => {
    const b = new ShardBench();
    const errors = await unhandled(async () => {
      void b.shard.start();
      await b.greet();
      b.shard.start().catch(quietly);
      b.close(4014);
    });
    expect(errors).toEqual(['ERR_GATEWAY_CLOSED']);
  });

  it('emits failed with the reason after the transition, and may be started again by either', async () => {
    const b = new ShardBench();
    let again: Promise<void> | undefined;
    b.shard.on('transition', ({ to }) => {
      if (to !== 'failed') return;
      b.note('failed');
      again ??= b.shard.start();
    });
    b.shard.on('failed', ({ error }) => b.note(error.code));
    b.shard.start().catch(quietly);
    await refuse(b, 'before READY');
    await b.greet();
    await again;

    expect(b.shard.isReady).toBe(true);
    expect(b.lines).toEqual([
      'open 1 gateway.discord.gg',
      'drop 1',
      'failed',
      'ERR_GATEWAY_CLOSED',
      'open 2 gateway.discord.gg',
      'send identify',
    ]);
  });
});

describe('a stop', () => {
  it.each<[string, (b: ShardBench) => unknown]>([
    ['before READY', ({ shard }) => [shard.start(), shard.stop()]],
    [
      'of a start that waits for the stop before it',
      ({ shard }) => [shard.start(), shard.stop(), shard.start(), shard.stop()],
    ],
    ['by a signal', (b) => abortable(b, (abort) => [b.shard.start(), abort()])],
    ['by a signal that was aborted before', (b) => abortable(b, (abort) => [abort(), b.shard.start()])],
    [
      'by a signal while a start waits',
      (b) => abortable(b, (abort) => [b.shard.start(), b.shard.stop(), b.shard.start(), abort()]),
    ],
    ['by leaving', ({ shard }) => [shard.start(), shard.detach()]],
  ])('is never an unhandled rejection: %s', async (_, run) => {
    const b = new ShardBench();
    expect(await unhandled(() => run(b))).toEqual([]);
    await expect(b.shard.closed).resolves.toBeUndefined();
    expect(b.shard.state).toBe('stopped');
  });

  it('rejects the start that waits for it, if it is ordered again, and every start with the reason of a signal', async () => {
    const b = new ShardBench();
    const [first, stopped, second, again] = [b.shard.start(), b.shard.stop(), b.shard.start(), b.shard.stop()];
    await expect(first).rejects.toMatchObject({ code: 'ERR_STOPPED' });
    await expect(second).rejects.toMatchObject({ code: 'ERR_STOPPED' });
    await Promise.all([stopped, again]);

    const c = new ShardBench();
    const starts = abortable(c, (abort) => [c.shard.start(), c.shard.stop(), c.shard.start(), abort()]);
    expect(await Promise.allSettled(starts)).toMatchObject([
      { reason: { code: 'ERR_STOPPED' } },
      { status: 'fulfilled' },
      { reason: 'enough' },
      { status: 'fulfilled' },
    ]);
  });

  it('is followed by the start that waited for it, which several may ask for', async () => {
    const b = new ShardBench();
    await b.begin();
    const stopped = b.shard.stop();
    const starts = [b.shard.start(), b.shard.start()];
    b.close(1000);
    await stopped;
    await b.greet();
    await Promise.all(starts);
    expect(b.shard.isReady).toBe(true);
    expect(b.lines.filter((line) => line.startsWith('open'))).toHaveLength(2);
  });

  it('settles closed for a signal that was aborted before the start, each time', async () => {
    const b = new ShardBench({ signal: AbortSignal.abort('enough') });
    for (const _ of [1, 2]) {
      await expect(b.shard.start()).rejects.toBe('enough');
      await expect(b.shard.closed).resolves.toBeUndefined();
    }
    expect(b.lines).toEqual([]);
  });
});

describe('a shard that broke', () => {
  it('is an unhandled rejection where it was never started', async () => {
    const b = new ShardBench({ record: () => {} });
    breakNext(Host.prototype, 'onSnapshot', 'on purpose');
    expect(await unhandled(() => b.shard.reconnect())).toEqual(['ERR_INTERNAL']);
  });

  it('is an unhandled rejection when it is started again, unless that is awaited', async () => {
    const b = new ShardBench();
    breakAt('openSocket', 'on purpose');
    expect(await unhandled(() => void b.shard.start())).toEqual(['ERR_INTERNAL']);
    expect(await unhandled(() => void b.shard.start())).toEqual(['ERR_INTERNAL']);
    expect(await unhandled(() => b.shard.start().catch(quietly))).toEqual([]);
  });
});

/** Runs something with a shard that has a signal. */
function abortable<T>(b: ShardBench, run: (abort: () => void) => T): T {
  const controller = new AbortController();
  Object.assign(b.options, { signal: controller.signal });
  return run(() => controller.abort('enough'));
}

describe('a shard that does not run', () => {
  it('has not closed by a stop: a run later may', async () => {
    const b = new ShardBench();
    await b.shard.stop();
    const closed = await Promise.race([b.shard.closed.then(() => 'closed'), idle().then(() => 'pending')]);
    expect(closed).toBe('pending');
  });
});
