/** Ports of the user's that throw, reject or give what cannot be: each is a warning, and the shard goes on or tries again. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { simulatedClock } from '../../src/ports/clock.js';
import type {
  InflateCallbacks,
  LocatorPort,
  Permit,
  Socket,
  SocketCallbacks,
  SocketEnd,
} from '../../src/ports/index.js';
import { LocateError } from '../../src/ports/index.js';
import { problemOfRecord } from '../../src/ports/resume-record.js';
import { INTERVAL, idle, MAIN, ShardBench, type ShardBenchOptions } from '../support/shard-bench.js';
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

/** What nobody handles ends a process of Node: no port may bring that about. */
let unhandled: unknown[] = [];
const note = (error: unknown) => void unhandled.push(error);
beforeEach(() => {
  unhandled = [];
  process.on('unhandledRejection', note);
});
afterEach(async () => {
  await new Promise((resolve) => setImmediate(resolve)); // Node tells of them when all microtasks have run
  process.off('unhandledRejection', note);
  expect(unhandled).toEqual([]);
});

const failLater = async () => fail();

const warningsOf = (b: ShardBench) => b.lines.filter((line) => line.startsWith('warning'));

describe('a socket', () => {
  it.each<[string, () => unknown, warning: string | null]>([
    ['is nothing', () => undefined, null],
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
    if (warning === null) expect(warningsOf(b)).toEqual([]);
    else expect(warningsOf(b)[0]).toContain(warning);
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

  it('whose peer reads nothing, and asks for heartbeats, is dropped before they pile up', async () => {
    let bufferedAmount = 0;
    const b = withSocket(() =>
      socketWith({
        send: () => b.note('sent'),
        drop: () => b.note('drop'),
        get bufferedAmount() {
          return bufferedAmount;
        },
      }),
    );
    await b.begin();
    bufferedAmount = 1 << 20;
    b.lines.length = 0;
    b.say({ op: 1, d: null });
    expect(b.lines).toEqual(['sent']);
    bufferedAmount += 1;
    b.say({ op: 1, d: null });
    b.say({ op: 1, d: null });
    expect(b.lines.slice(1, 3)).toEqual([
      'warning the Gateway reads nothing: over 1048576 bytes wait to be sent',
      'drop',
    ]);
    expect(b.lines.filter((line) => line === 'sent')).toHaveLength(1);
    expect(b.shard.state).toBe('running.waiting');
    expect(b.shard.session).toEqual({ id: 'session-1', sequence: 1 });
    await stopped(b);
  });

  it('whose peer reads nothing takes no command', async () => {
    let bufferedAmount = 0;
    const b = withSocket(() =>
      socketWith({
        get bufferedAmount() {
          return bufferedAmount;
        },
      }),
    );
    await b.begin();
    bufferedAmount = 2 << 20;
    const sending = b.shard.send(3, { since: null, activities: [], status: 'online', afk: false });
    expect(b.shard.isReady).toBe(false);
    expect(b.shard.budget.waiting).toBe(1);
    await stopped(b);
    await expect(sending).rejects.toMatchObject({ code: 'ERR_COMMAND_REJECTED', reason: 'stopped' });
  });

  it.each(['send', 'close', 'drop', 'pause', 'resume'])('that rejects in %s is told of', async (method) => {
    const b = withSocket(() => socketWith({ pause() {}, resume() {}, [method]: failLater }), { buffer: 2 });
    await b.begin();
    const iterator = b.shard.dispatches();
    for (let s = 2; s < 6; s += 1) b.dispatch(s);
    for (let s = 2; s < 6; s += 1) await iterator.next();
    await idle();
    await stopped(b);
    expect(warningsOf(b)[0]).toMatch(/^warning an adapter threw: .*: on purpose$/);
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
    ['an error that can be looked at once', endOfOneLook(), 1009],
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

describe('an end that cannot be looked at', () => {
  const endOfNoLook = () => ({
    get code() {
      return fail();
    },
  });

  it.each([
    ['at all', endOfNoLook],
    ['twice', endOfOneLook],
  ])('%s is told of', async (_, endOf) => {
    const b = withSocket(() => socketWith({}));
    await b.begin();
    b.sockets.at(-1)?.closed(endOf() as never);
    expect(warningsOf(b)).toEqual(['warning an adapter threw: closed: on purpose']);
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

describe('an inflater', () => {
  it.each<[string, (callbacks: InflateCallbacks) => void, warning: string | null]>([
    ['gives nothing', ({ inflated }) => inflated(undefined as never), 'a message could not be read: '],
    ['fails with what is no text', ({ failed }) => failed(Symbol('x') as never), 'a message could not be read: '],
    ['gives more than it was given', ({ inflated }) => [inflated(ACK), inflated(ACK)], null],
  ])('that %s, later, ends the connection, and the session goes on over the next one', async (_, answer, warning) => {
    const b = withSocket(() => socketWith({}), {
      hears: ['warning', 'transition', 'notice'],
      compress: 'payload',
      inflate: {
        supports: () => true,
        open: (_, __, callbacks) => ({ write: () => queueMicrotask(() => answer(callbacks)), close() {} }),
      },
    });
    await b.begin();
    b.sockets.at(-1)?.message(new Uint8Array([0x78]), true);
    await idle();
    if (warning === null) expect(warningsOf(b)).toEqual([]);
    else expect(warningsOf(b)[0]).toContain(warning);
    expect(b.lines.at(-1)).toContain('closing.reconnecting');
    await b.pass(60_000);
    expect(b.sockets.length).toBeGreaterThan(1);
    expect(b.shard.session).toEqual({ id: 'session-1', sequence: 1 });
    await stopped(b);
  });

  it('that gives more than it was given is told of as such', async () => {
    const causes: unknown[] = [];
    const b = withSocket(() => socketWith({}), {
      compress: 'payload',
      inflate: {
        supports: () => true,
        open: (_, __, { inflated }) => ({
          write: () => [ACK, ACK].forEach((bytes) => void inflated(bytes)),
          close() {},
        }),
      },
    });
    await b.begin();
    b.shard.on('transition', ({ cause }) => causes.push(cause));
    b.sockets.at(-1)?.message(new Uint8Array([0x78]), true);
    expect(causes).toMatchObject([{ name: 'undecodable', reason: 'more was decompressed than came' }]);
    await stopped(b);
  });

  it('of a connection that is over is not heard any more, whatever it says', async () => {
    const answers: InflateCallbacks[] = [];
    const b = withSocket(() => socketWith({}), {
      compress: 'payload',
      inflate: {
        supports: () => true,
        open: (_, __, callbacks) => ({ write: () => void answers.push(callbacks), close() {} }),
      },
    });
    await b.begin();
    b.sockets.at(-1)?.message(new Uint8Array([0x78]), true);
    b.close(4000);
    answers[0]?.failed(Symbol('x') as never);
    answers[0]?.inflated(ACK);
    expect(warningsOf(b)).toEqual([]);
    expect(b.shard.state).toBe('running.waiting');
    await stopped(b);
  });

  it('says nothing that a terminal obeys, or that is a secret', async () => {
    const causes: unknown[] = [];
    const b = withSocket(() => socketWith({}), {
      compress: 'payload',
      inflate: {
        supports: () => true,
        open: (_, __, { failed }) => ({ write: () => failed('\u001b[2J session-1 secret-token'), close() {} }),
      },
    });
    await b.begin();
    b.shard.on('transition', ({ cause }) => causes.push(cause));
    b.sockets.at(-1)?.message(new Uint8Array([0x78]), true);
    await idle();
    expect(causes[0]).toMatchObject({ reason: 'it cannot be decompressed: ·[2J <session 1> <token>' });
    await stopped(b);
  });
});

const ACK = new TextEncoder().encode('{"op":11}');

describe('a locator', () => {
  const info = { url: 'wss://gateway.discord.gg', shards: 1, sessionStartLimit: null, fetchedAt: 0 };
  it.each<[string, LocatorPort['locate'], warning: string | null]>([
    ['throws', fail, 'the Gateway URL could not be had: on purpose'],
    ['gives nothing', async () => undefined as never, 'the Gateway URL could not be had: '],
    ['gives no URL', async () => ({ ...info, url: 7 }) as never, 'the Gateway URL could not be had: '],
    ['rejects with nothing', async () => Promise.reject(undefined), 'the Gateway URL could not be had'],
    [
      'rejects with what cannot be looked at',
      async () => Promise.reject(hostile()),
      'the Gateway URL could not be had',
    ],
    [
      'rejects with an error of which a field throws',
      async () =>
        Promise.reject(Object.defineProperty(new LocateError('rateLimited', 'x'), 'retryAfter', { get: fail })),
      'the Gateway URL could not be had',
    ],
    [
      'gives a reason that is none',
      async () => Promise.reject(new LocateError('x' as never, 'x')),
      'the Gateway URL could not be had',
    ],
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
    for (let s = 0; s < 120 && b.sockets.length === 0; s += 1) await b.pass(1_000);
    expect(asked).toBeGreaterThan(1);
    expect(b.sockets.length).toBeGreaterThan(0);
    if (warning === null) expect(warningsOf(b)).toEqual([]);
    else expect(warningsOf(b)[0]).toContain(warning);
    await stopped(b);
  });

  it('whose URL holds a password has it in nothing that is told, and is connected to with it', async () => {
    const urls: string[] = [];
    const b = new ShardBench({
      hears: ['warning', 'transition', 'located'],
      url: undefined,
      locator: { locate: async () => ({ ...info, url: 'wss://user:passw0rd@proxy.example/?key=sekrit99' }) },
      socket: {
        open(url) {
          urls.push(url);
          return socketWith({});
        },
      },
    });
    b.shard.start().catch(() => {});
    await idle();
    expect(urls).toEqual(['wss://user:passw0rd@proxy.example/?key=sekrit99&v=10&encoding=json']);
    expect(b.lines.join()).not.toMatch(/passw0rd|sekrit99/);
    await stopped(b);
  });

  it('whose URL holds more than a place is told of without that, and with all else', async () => {
    const located: unknown[] = [];
    const url = 'wss://user:word@gateway.discord.gg/?key=word';
    const b = new ShardBench({ url: undefined, locator: { locate: async () => ({ ...info, url }) } });
    b.shard.on('located', (news) => located.push(news));
    b.shard.start().catch(() => {});
    await idle();
    expect(located).toEqual([{ ...info, url: 'wss://gateway.discord.gg/' }]);
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

  it.each([
    ['request that is settled', { request: async () => ({ granted: true, settle: failLater }) }],
    ['limits', { request: async () => ({ granted: true, settle() {} }), update: failLater }],
  ])('that rejects with its %s is told of', async (_, permits) => {
    const sessionStartLimit = { total: 1, remaining: 1, resetAfter: 0, maxConcurrency: 1 };
    const b = new ShardBench({
      hears: ['warning'],
      url: undefined,
      locator: { locate: async () => ({ url: MAIN, shards: 1, sessionStartLimit, fetchedAt: 0 }) },
      permits: { update() {}, ...permits } as never,
    });
    b.shard.start().catch(() => {});
    await reach(b);
    await b.greet();
    expect(b.shard.isReady).toBe(true);
    expect(warningsOf(b)[0]).toMatch(/^warning an adapter threw: .*: on purpose$/);
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

  it.each<[string, object]>([
    ['throws when it is asked whether it is full', Object.defineProperty({}, 'isFull', { get: fail })],
    ['rejects when a new file is to begin', { isFull: true, rotate: failLater }],
    ['rejects when it is settled', { settle: failLater }],
    ['rejects a listener', { onError: failLater }],
  ])('and, as a sink, %s, is told of once and breaks nothing', async (_, sink) => {
    const written: string[] = [];
    const record = Object.defineProperties(
      { write: (line: string) => void written.push(line) },
      Object.getOwnPropertyDescriptors(sink),
    );
    const b = new ShardBench({ hears: ['warning'], record });
    await b.begin();
    b.dispatch(2);
    await idle();
    expect(b.shard.isReady).toBe(true);
    await stopped(b);
    await idle();
    expect(warningsOf(b)).toEqual(['warning the trace could not be written: on purpose']);
    expect(written.join()).not.toContain('"lost"');
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

describe('a clock', () => {
  it.each<[string, () => unknown]>([
    ['throws', fail],
    ['gives no number', () => Number.NaN],
    ['gives a bigint', () => 1n],
    ['gives what is no text either', () => Object.create(null)],
  ])('that %s does not keep a shard from being detached with a record that can be loaded', async (_, now) => {
    let isBroken = false;
    const inner = simulatedClock(1_000);
    const clock = { ...inner, now: () => (isBroken ? now() : inner.now()) as number };
    const b = new ShardBench({ clock });
    await b.begin();
    isBroken = true;
    const detached = b.shard.detach();
    await idle();
    b.close(4900);
    expect((await detached)?.savedAt).toBeGreaterThan(Date.now() - 60_000);
    expect(problemOfRecord(JSON.parse(JSON.stringify(await detached)))).toBeNull();
    expect(b.shard.state).toBe('stopped');
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

/** What throws however it is looked at. */
function hostile(): object {
  return new Proxy({}, { get: fail, has: fail, getPrototypeOf: fail, ownKeys: fail, getOwnPropertyDescriptor: fail });
}

/** The end of a socket, whose error throws when it is looked at again. */
function endOfOneLook(): object {
  let looks = 0;
  return {
    code: 1009,
    get error() {
      looks += 1;
      return looks === 1 ? undefined : fail();
    },
  };
}

async function stopped(b: ShardBench): Promise<void> {
  const stopping = b.shard.stop();
  await b.pass(60_000);
  await stopping;
}
