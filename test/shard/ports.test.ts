/** Ports of the user's that throw, reject or give what cannot be: each is a warning, and the shard goes on or tries again. */
import { describe, expect, it } from 'vitest';
import type { LocatorPort, Permit, Socket, SocketCallbacks, SocketEnd } from '../../src/host/ports.js';
import { LocateError } from '../../src/host/ports.js';
import { INTERVAL, idle, ShardBench, type ShardBenchOptions } from '../support/shard-bench.js';
import { fail } from '../support/warnings.js';

/** A shard with sockets that are otherwise than they should be. */
function withSocket(change: (callbacks: SocketCallbacks) => unknown, options: ShardBenchOptions = {}): ShardBench {
  const b: ShardBench = new ShardBench({
    hears: ['warning', 'transition'],
    ...options,
    socket: {
      open(_, __, callbacks) {
        b.sockets.push(callbacks);
        b.note(`open ${b.sockets.length}`);
        return change(callbacks) as Socket;
      },
    },
  });
  return b;
}

/** A socket that writes nothing down, with one thing otherwise. */
const socketWith = (change: object): Socket =>
  Object.defineProperties(
    { send() {}, close() {}, drop() {}, bufferedAmount: 0 },
    Object.getOwnPropertyDescriptors(change),
  );

const warningsOf = (b: ShardBench) => b.lines.filter((line) => line.startsWith('warning'));

describe('a socket', () => {
  it.each<[string, () => unknown, warning: string]>([
    ['is nothing', () => undefined, 'warning an adapter threw: isOpen'],
    ['throws in send', () => socketWith({ send: fail }), 'warning an adapter threw: send: on purpose'],
    [
      'throws in isOpen',
      () =>
        socketWith({
          get isOpen() {
            return fail();
          },
        }),
      'warning an adapter threw: isOpen: on purpose',
    ],
    ['is never opened', () => fail(), 'warning the socket could not be opened: on purpose'],
  ])('that %s makes the shard try again, without an Identify that counts', async (_, make, warning) => {
    const settled: string[] = [];
    const permit: Permit = { granted: true, settle: (use) => void settled.push(use) };
    const b = withSocket(make, { permits: { request: async () => permit, update() {} } });
    b.shard.start().catch(() => {});
    b.sockets[0]?.opened();
    b.say({ op: 10, d: { heartbeat_interval: INTERVAL } });
    await idle();
    await b.pass(60_000);
    expect(warningsOf(b)[0] ?? warning).toContain(warning);
    expect(settled).not.toContain('used');
    expect(b.sockets.length).toBeGreaterThan(1);
    await stopped(b);
  });

  it.each<[string, object]>([
    ['close', { close: fail }],
    ['drop', { drop: fail }],
    [
      'pause',
      {
        get pause() {
          return fail();
        },
      },
    ],
    [
      'bufferedAmount',
      {
        get bufferedAmount() {
          return fail();
        },
      },
    ],
  ])('that throws in %s breaks nothing', async (_, change) => {
    const b = withSocket(() => socketWith(change));
    await b.begin();
    const iterator = b.shard.dispatches();
    b.dispatch(2);
    expect(await iterator.next()).toMatchObject({ value: { sequence: 2 } });
    await stopped(b);
    expect(b.shard.state).toBe('stopped');
  });

  it.each<[string, unknown, boolean]>([
    ['nothing', undefined, false],
    ['null', null, true],
    ['an object', {}, false],
    ['a number', 7, true],
    ['an ArrayBuffer', new ArrayBuffer(4), true],
    ['a list of buffers', [new Uint8Array(1)], true],
  ])('whose message is %s is told of, and the session goes on over the next one', async (_, data, isBinary) => {
    const b = withSocket(() => socketWith({}));
    await b.begin();
    b.sockets.at(-1)?.message(data as string, isBinary);
    expect(warningsOf(b)).toEqual(['warning a message could not be read: neither a string nor a Uint8Array']);
    expect(b.shard.traffic.bytes).toBeGreaterThan(0);
    b.close(4900);
    await b.pass(60_000);
    expect(b.sockets.length).toBeGreaterThan(1);
    expect(b.shard.session).toEqual({ id: 'session-1', sequence: 1 });
    await stopped(b);
  });

  it.each<[string, unknown, number]>([
    ['nothing', undefined, 1006],
    ['null', null, 1006],
    ['text', 'x', 1006],
    ['a code that is text', { code: '4004', reason: 'x', wasClean: true }, 1006],
    ['no number', { code: Number.NaN, reason: '', wasClean: true }, 1006],
    ['a reason that is none', { code: 4009, reason: 7, wasClean: true }, 4009],
    ['a status that is none', { code: 1006, reason: '', httpStatus: 'x' }, 1006],
    ['an error that is null', { code: 1006, reason: '', error: null }, 1006],
    [
      'a getter that throws',
      {
        get code() {
          return fail();
        },
      },
      1006,
    ],
  ])('that ends with %s is an end', async (_, end, code) => {
    const b = withSocket(() => socketWith({}));
    await b.begin();
    const causes: unknown[] = [];
    b.shard.on('transition', ({ cause }) => causes.push(cause));
    b.sockets.at(-1)?.closed(end as SocketEnd);
    expect(causes[0]).toMatchObject({ name: expect.stringMatching(/^closedFor/), closeCode: code });
    await stopped(b);
  });
});

describe('an inflate port', () => {
  it('that throws ends the connection, and the session goes on over the next one', async () => {
    const b = withSocket(() => socketWith({}), {
      compress: 'payload',
      inflate: { supports: () => true, open: fail },
    });
    await b.begin();
    b.sockets.at(-1)?.message(new Uint8Array([0x78]), true);
    expect(warningsOf(b)).toEqual(['warning a message could not be read: on purpose']);
    b.close(4900);
    await b.pass(60_000);
    expect(b.sockets.length).toBeGreaterThan(1);
    await stopped(b);
  });
});

describe('a locator', () => {
  const info = { url: 'wss://gateway.discord.gg', shards: 1, sessionStartLimit: null, fetchedAt: 0 };
  it.each<[string, LocatorPort['locate'], warning: string | null]>([
    ['throws', fail, 'the Gateway URL could not be had: on purpose'],
    ['gives nothing', async () => undefined as never, 'the Gateway URL could not be had: '],
    ['gives no URL', async () => ({ ...info, url: 7 }) as never, 'the Gateway URL could not be had: '],
    ['rejects with nothing', async () => Promise.reject(undefined), 'the Gateway URL could not be had'],
    ['gives a reason that is none', async () => Promise.reject(new LocateError('x' as never, 'x')), null],
    ['waits for no number', async () => Promise.reject(new LocateError('rateLimited', 'x', Number.NaN)), null],
    ['waits for text', async () => Promise.reject(new LocateError('rateLimited', 'x', '5' as never)), null],
    ['waits for a negative time', async () => Promise.reject(new LocateError('rateLimited', 'x', -1)), null],
  ])('that %s is asked again', async (_, locate, warning) => {
    let asked = 0;
    const b = new ShardBench({
      hears: ['warning'],
      url: undefined,
      locator: { locate: (options) => (asked++ === 0 ? locate(options) : Promise.resolve(info)) },
    });
    b.shard.start().catch(() => {});
    await idle();
    await b.pass(120_000);
    expect(asked).toBeGreaterThan(1);
    expect(b.sockets.length).toBeGreaterThan(0);
    if (warning === null) expect(warningsOf(b)).toEqual([]);
    else expect(warningsOf(b)[0]).toContain(warning);
    await stopped(b);
  });

  it('whose limits a permit port cannot take has still found the Gateway', async () => {
    const limit = { total: 1, remaining: 1, resetAfter: 0, maxConcurrency: 1 };
    const b = new ShardBench({
      hears: ['warning'],
      url: undefined,
      locator: { locate: async () => ({ ...info, sessionStartLimit: limit }) },
      permits: { request: async () => ({ granted: true, settle() {} }), update: fail },
    });
    b.shard.start().catch(() => {});
    await idle();
    expect(b.lines).toEqual([
      'warning an adapter threw: take in the session start limit: on purpose',
      'open 1 gateway.discord.gg',
    ]);
    await stopped(b);
  });
});

describe('a permit port', () => {
  it.each<[string, () => unknown]>([
    ['throws', fail],
    ['gives nothing', async () => undefined],
    ['gives no reason', async () => ({ granted: false, reason: undefined, retryAfter: 1 })],
    ['waits for no number', async () => ({ granted: false, reason: 'x', retryAfter: Number.NaN })],
    ['waits for text', async () => ({ granted: false, reason: 'x', retryAfter: 'soon' })],
    ['waits for a negative time', async () => ({ granted: false, reason: 'x', retryAfter: -5 })],
    ['says nothing of waiting', async () => ({ granted: false, reason: 'x' })],
  ])('that %s is asked again', async (_, request) => {
    let asked = 0;
    const granted: Permit = { granted: true, settle() {} };
    const b = new ShardBench({
      permits: {
        request: () => (asked++ === 0 ? request() : Promise.resolve(granted)) as Promise<Permit>,
        update() {},
      },
    });
    b.shard.start().catch(() => {});
    await reach(b);
    b.close(1000);
    for (let i = 0; i < 10 && asked < 2; i += 1) {
      await b.pass(10_000);
      await reach(b);
    }
    expect(asked).toBeGreaterThan(1);
    expect(b.lines).toContain('send identify');
    await stopped(b);
  });

  it('whose permit cannot be settled is told of', async () => {
    const b = new ShardBench({
      hears: ['warning'],
      permits: { request: async () => ({ granted: true }) as never, update() {} },
    });
    await b.begin();
    expect(warningsOf(b)).toEqual(['warning an adapter threw: settle a permit: permit.settle is not a function']);
    await stopped(b);
  });
});

describe('an inspector', () => {
  it.each([
    ['throws', fail],
    ['rejects', async () => fail()],
  ])('that %s is told of once and breaks nothing', async (_, inspect) => {
    const b = new ShardBench({ hears: ['warning'], inspect });
    await b.begin();
    b.dispatch(2);
    await idle();
    expect(warningsOf(b)).toEqual(['warning the inspector threw: on purpose']);
    expect(b.shard.session?.sequence).toBe(2);
    await stopped(b);
  });
});

describe('a function that takes the lines of a trace', () => {
  it.each([
    ['throws', fail],
    ['rejects', async () => fail()],
  ])('and %s is told of once and breaks nothing', async (_, record) => {
    const b = new ShardBench({ hears: ['warning'], record: record as (line: string) => void });
    await b.begin();
    b.dispatch(2);
    await idle();
    expect(warningsOf(b)).toEqual(['warning the trace could not be written: on purpose']);
    await stopped(b);
  });

  it('may be something that nobody can write to', async () => {
    const b = new ShardBench({
      hears: ['warning'],
      record: {
        get write() {
          return fail();
        },
      } as never,
    });
    await b.begin();
    expect(b.shard.health().status).toBe('healthy');
    await stopped(b);
  });
});

describe('an Identify that cannot be encoded', () => {
  it('is told of, is not counted, and is tried again', async () => {
    const activities: unknown[] = [];
    const settled: string[] = [];
    const permit: Permit = { granted: true, settle: (use) => void settled.push(use) };
    const b = new ShardBench({
      hears: ['warning'],
      presence: { activities } as never,
      permits: { request: async () => permit, update() {} },
    });
    void b.shard;
    activities.push(1n); // after it was checked
    b.shard.start().catch(() => {});
    await reach(b);
    expect(warningsOf(b)[0]).toMatch(/^warning the payload of opcode 2 cannot be encoded: .*BigInt/);
    expect(settled).toEqual(['unused']);
    await stopped(b);
  });
});

/** Opens the socket and greets, as the Gateway does. */
async function reach(b: ShardBench): Promise<void> {
  await idle();
  b.sockets.at(-1)?.opened();
  b.say({ op: 10, d: { heartbeat_interval: INTERVAL } });
  await idle();
}

async function stopped(b: ShardBench): Promise<void> {
  const stopping = b.shard.stop();
  await b.pass(60_000);
  await stopping;
}
