import { describe, expect, it } from 'vitest';
import { simulatedClock } from '../../src/ports/clock.js';
import { logReply, obey, waitReply } from '../../src/simulator/control-http.js';
import { Gateway } from '../../src/simulator/gateway.js';

const made = () => {
  const clock = simulatedClock();
  return { clock, gateway: new Gateway({ guilds: 0 }, clock) };
};
const told = (name: string, args: unknown) => {
  const { status, body } = obey(made().gateway, name, args);
  return [status, (body as { message?: string }).message];
};

describe('an order', () => {
  it.each<[string, object, string]>([
    ['closeWith', { name: 'closeWith', cod: 4009 }, 'closeWith takes no name: it takes code, connection, sessionId'],
    ['closeWith', { cod: 4009 }, 'closeWith takes no cod: it takes code, connection, sessionId'],
    ['closeWith', {}, 'closeWith needs code: a code that a close frame can hold'],
    ['closeWith', { code: '4009' }, 'code must be a code that a close frame can hold, not "4009"'],
    ['closeWith', { code: 4009, connection: '1' }, 'connection must be a whole number of at least 1, not "1"'],
    ['dropTcp', { sessionId: 7 }, 'sessionId must be a text that is not empty, not 7'],
    ['dropTcp', { __proto__x: 1 }, 'dropTcp takes no __proto__x: it takes connection, sessionId'],
    ['dropTcp', { toString: 1 }, 'dropTcp takes no toString: it takes connection, sessionId'],
    ['requestHeartbeat', { conection: 1 }, 'requestHeartbeat takes no conection: it takes connection, sessionId'],
    ['invalidateSession', { resumable: 'true' }, 'resumable must be true or false, not "true"'],
    ['dispatch', { name: 'A', dat: {} }, 'dispatch takes no dat: it takes name, data, connection, sessionId'],
    ['dispatch', { name: 7 }, 'name must be a text that is not empty, not 7'],
    ['injectFault', {}, 'injectFault needs name: a text that is not empty'],
    [
      'injectFault',
      { name: 'closeWith', cod: 4009 },
      'closeWith takes no cod: it takes code, times, at, connection, sessionId',
    ],
    ['injectFault', { name: 'explode' }, 'There is no fault "explode"'],
    ['clearFaults', { name: 'x' }, 'clearFaults takes no name: it takes nothing'],
    ['reset', { all: true }, 'reset takes no all: it takes nothing'],
    [
      'configure',
      { tokn: 'x' },
      'configure takes no tokn: it takes token, heartbeatInterval, intents, shards, maxConcurrency, identifiesPerDay, guilds, dispatchesPerSecond, partBytes, settings, limits',
    ],
    ['configure', { guilds: null }, 'guilds must be a number, not null'],
    ['configure', { guilds: '3' }, 'guilds must be a number, not "3"'],
    ['configure', { intents: 'GUILDS' }, 'intents must be a list of names, or a bit field, not "GUILDS"'],
    ['configure', { settings: null }, 'settings must be an object, not null'],
    ['configure', { limits: [] }, 'limits must be an object, not []'],
    ['configure', { shards: 1.5 }, 'shards is 1.5; it must be a whole number'],
  ])('%s with %j is refused with what is wrong', (name, args, message) => {
    expect(told(name, args)).toEqual([400, message]);
  });

  it.each<[string, object]>([
    ['dispatch', { name: 'A', data: null, connection: 1, sessionId: 'S' }],
    ['requestHeartbeat', {}],
    ['requestReconnect', { connection: 1 }],
    ['invalidateSession', {}],
    ['closeWith', { code: 1000 }],
    ['dropTcp', { sessionId: 'S' }],
    ['injectFault', { name: 'refuseConnections', status: 429, times: 1 }],
    ['clearFaults', {}],
    ['configure', { token: 'x', intents: ['GUILDS'], settings: {}, limits: {} }],
    ['configure', { intents: 1 }],
    ['reset', {}],
  ])('%s with %j is carried out', (name, args) => {
    expect(told(name, args)).toEqual([200, undefined]);
  });

  it.each(['explode', 'toString', '__proto__', ''])('that does not exist is refused: %s', (name) => {
    const [status, message] = told(name, {});
    expect([status, message]).toEqual([404, expect.stringMatching(/^There is no .*; there are dispatch, .*, reset$/)]);
  });
});

/** A log with five entries. */
function logged() {
  const { clock, gateway } = made();
  for (const path of ['/a', '/b', '/c']) gateway.requested('GET', path, path === '/b' ? 404 : 200);
  gateway.admit({ url: new URL('ws://x/'), resumeHost: false, resumeUrl: 'ws://x', problem: 403 });
  gateway.requested('PUT', '/a', 200);
  const ask = (query: string) => {
    const { status, body } = logReply(gateway, new URLSearchParams(query));
    const { entries, last, message } = body as { entries?: { number: number }[]; last?: number; message?: string };
    return [status, entries?.map(({ number }) => number) ?? message, last];
  };
  return { clock, gateway, ask };
}

describe('the log', () => {
  it.each([
    ['', [1, 2, 3, 4, 5], 5],
    ['after=3', [4, 5], 5],
    ['after=5', [], 5],
    ['after=99', [], 5],
    ['limit=2', [1, 2], 2],
    ['after=2&limit=2', [3, 4], 4],
    ['kind=request', [1, 2, 3, 5], 5],
    ['kind=refused', [4], 5],
    ['status=404', [2], 5],
    ['method=PUT&path=/a', [5], 5],
    ['connection=0&direction=client', [1, 2, 3, 4, 5], 5],
    ['direction=gateway', [], 5],
    ['kind=request&limit=3', [1, 2, 3], 3],
  ])('gives the entries that are asked for: %s', (query, numbers, last) => {
    expect(logged().ask(query)).toEqual([200, numbers, last]);
  });

  it.each([
    [
      'aftr=1',
      'log takes no aftr: it takes after, kind, direction, connection, op, t, code, method, path, status, limit',
    ],
    ['after=x', 'after must be a whole number of at least 0, not "x"'],
    ['after=-1', 'after must be a whole number of at least 0, not "-1"'],
    ['kind=cause', 'kind must be one of open, text, binary, close, drop, refused, request, not "cause"'],
    ['limit=0', 'limit must be from 1 to 10000, not 0'],
    [
      'timeout=1',
      'log takes no timeout: it takes after, kind, direction, connection, op, t, code, method, path, status, limit',
    ],
  ])('refuses a question that makes no sense: %s', (query, message) => {
    expect(logged().ask(query)).toEqual([400, message, undefined]);
  });

  it('shows opcodes and names of dispatches', () => {
    const { gateway, ask } = logged();
    const transport = { send() {}, close() {}, answerClose() {}, drop() {}, pause() {}, resume() {} };
    const opening = gateway.admit({ url: new URL('ws://x/'), resumeHost: false, resumeUrl: 'ws://x', problem: null });
    const connection = gateway.connect(opening as never, transport);
    connection.received('{"op":2,"d":{"token":"x","intents":0,"properties":{}}}');
    gateway.clock.setTimeout(() => {}, 0);
    connection.closed(4900);
    expect([ask('op=2'), ask('op=10'), ask('kind=close&code=4900')]).toEqual([
      [200, [7], 10],
      [200, [8], 10],
      [200, [9, 10], 10],
    ]);
  });
});

describe('waiting', () => {
  const waiting = () => {
    const { clock, gateway } = logged();
    const gone = new AbortController();
    const wait = async (query: string) => {
      const { status, body } = await waitReply(gateway, new URLSearchParams(query), gone.signal);
      return [status, body];
    };
    return { clock, gateway, gone, wait };
  };

  it('is over at once where the entry is there', async () => {
    const { wait } = waiting();
    expect(await wait('after=1&status=200')).toMatchObject([200, { entries: [{ number: 3 }, { number: 5 }], last: 5 }]);
  });

  it('is over with the first entry that is asked for, from now on by default', async () => {
    const { wait, gateway } = waiting();
    const answer = wait('kind=request&status=404');
    gateway.requested('GET', '/d', 200);
    gateway.requested('GET', '/e', 404);
    gateway.requested('GET', '/f', 404);
    expect(await answer).toMatchObject([200, { entries: [{ number: 7, path: '/e' }], last: 7 }]);
    expect(gateway.waiting).toBe(0);
  });

  it.each([
    ['', 30_000],
    ['timeout=50', 50],
    ['timeout=0', 0],
  ])('ends without an entry after the timeout: %s', async (query, ms) => {
    const { wait, clock, gateway } = waiting();
    const answer = wait(query);
    expect([gateway.waiting, clock.next]).toEqual([1, ms]);
    clock.increment(ms);
    expect(await answer).toEqual([200, { entries: [], last: 5 }]);
    expect(clock.next).toBeUndefined();
  });

  it('ends when the client is gone, and leaves no timer', async () => {
    const { wait, gone, clock, gateway } = waiting();
    const answer = wait('');
    gone.abort();
    await answer;
    await wait('');
    expect([clock.next, gateway.waiting]).toEqual([undefined, 0]);
  });

  it('is for a hundred at a time', async () => {
    const { wait, gateway, clock } = waiting();
    const forNone = () => waitReply(gateway, new URLSearchParams('status=599'), new AbortController().signal);
    const waits = Array.from({ length: 100 }, forNone);
    expect(await wait('')).toEqual([429, { message: 'there are 100 waits already' }]);
    clock.increment(30_000);
    await Promise.all(waits);
    expect(gateway.waiting).toBe(0);
  });

  it('refuses a question that makes no sense', async () => {
    expect(await waiting().wait('timeout=600001')).toEqual([
      400,
      { message: 'timeout must be from 0 to 600000 ms, not 600001' },
    ]);
  });
});
