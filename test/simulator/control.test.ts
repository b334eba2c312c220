import { describe, expect, it } from 'vitest';
import { type Control, isAimedAt } from '../../src/simulator/control.js';
import { decodeEtf, encodeEtf } from '../../src/wire/etf/index.js';
import { type Client, IDENTIFY, sessionIdOf } from './client.js';
import { inMemory } from './in-memory.js';

describe('isAimedAt', () => {
  const live = { number: 2, session: { id: 'S' } };
  const without = { number: 2, session: null };

  it.each([
    ['all', {}, true, true],
    ['the connection', { connection: 2 }, true, true],
    ['another connection', { connection: 1 }, false, false],
    ['the session', { sessionId: 'S' }, true, false],
    ['another session', { sessionId: 'R' }, false, false],
    ['the session on the connection', { connection: 2, sessionId: 'S' }, true, false],
    ['the session on another connection', { connection: 1, sessionId: 'S' }, false, false],
    ['another session on the connection', { connection: 2, sessionId: 'R' }, false, false],
  ])('knows what is meant by %s', (_, target, withSession, withoutSession) => {
    expect([isAimedAt(target, live), isAimedAt(target, without)]).toEqual([withSession, withoutSession]);
  });
});

/** Two clients, each with a session. */
function twoClients() {
  const simulation = inMemory({ maxConcurrency: 2 });
  const clients = [0, 1].map((id) => {
    const client = simulation.open();
    client.identify({ shard: [id, 2] });
    simulation.pass();
    return client;
  }) as [Client, Client];
  return { ...simulation, clients, news: () => clients.map((client) => client.news()) };
}

describe('dispatch', () => {
  it('reaches the sessions it is for, side by side', () => {
    const { pass, control, clients, news } = twoClients();
    expect(control.dispatch('A', {})).toBe(2);
    expect(control.dispatch('B', {}, { connection: 2 })).toBe(1);
    expect(control.dispatch('C', {}, { sessionId: sessionIdOf(clients[0].payloads) })).toBe(1);
    pass();
    expect(news()).toEqual([
      ['op 10', 'READY 1', 'A 2', 'C 3'],
      ['op 10', 'READY 1', 'A 2', 'B 3'],
    ]);
  });

  it('reaches a session that waits to be resumed, and no connection without a session', () => {
    const { live, open, pass, control, resume } = inMemory();
    const client = live();
    client.socket.drop();
    open();
    pass();
    expect(control.dispatch('A', { id: '1' })).toBe(1);
    expect(resume(client, 1).news()).toEqual(['op 10', 'A 2', 'RESUMED 3']);
  });

  it.each([
    [
      'a cycle',
      () => {
        const cycle: Record<string, unknown> = {};
        cycle.self = cycle;
        return cycle;
      },
    ],
    ['a bigint', () => ({ id: 1n })],
  ])('throws for what JSON cannot hold, and gives it no sequence: %s', (_, data) => {
    const { live, pass, control } = inMemory();
    const client = live();
    expect(() => control.dispatch('A', data())).toThrow(TypeError);
    control.dispatch('B', null);
    pass();
    expect(client.news()).toEqual(['B 2']);
  });
});

describe('what is dispatched', () => {
  const data = { at: new Date(0), left: undefined, list: [undefined, Number.NaN], id: '175928847299117063' };
  const plain = { at: '1970-01-01T00:00:00.000Z', list: [null, null], id: '175928847299117063' };

  it.each(['json', 'etf'])('says in %s what it says in JSON', (encoding) => {
    const { open, pass, control } = inMemory();
    const client = open(`wss://gateway.discord.gg/?v=10&encoding=${encoding}`);
    const identify = { op: 2, d: IDENTIFY };
    client.socket.send(encoding === 'etf' ? encodeEtf(identify) : JSON.stringify(identify));
    pass();
    control.dispatch('A', data);
    control.dispatch('B', undefined);
    pass();
    const sent = client.frames
      .slice(-2)
      .map((frame) => (typeof frame === 'string' ? JSON.parse(frame) : decodeEtf(frame)));
    expect(sent).toEqual([
      { t: 'A', s: 2, op: 0, d: plain },
      { t: 'B', s: 3, op: 0 },
    ]);
  });

  it('is what it was at the time, whatever becomes of the object', () => {
    const { live, pass, control, resume } = inMemory();
    const client = live();
    client.socket.drop();
    pass();
    const changing = { id: '1' };
    control.dispatch('A', changing);
    changing.id = '2';
    expect(resume(client, 1).payloads[1]?.d).toEqual({ id: '1' });
  });
});

describe('control', () => {
  it.each([
    ['requestHeartbeat', 'op 1'],
    ['requestReconnect', 'op 7'],
  ] as const)('%s reaches connections, all or one', (order, news) => {
    const { control, pass, news: newsOf } = twoClients();
    newsOf();
    expect([control[order](), control[order]({ connection: 2 }), control[order]({ connection: 3 })]).toEqual([2, 1, 0]);
    pass();
    expect(newsOf()).toEqual([[news], [news, news]]);
  });

  it('invalidateSession asks to resume, or ends the session', () => {
    const { control, pass, news, clients } = twoClients();
    news();
    expect(control.invalidateSession(true, { connection: 1 })).toBe(1);
    expect(control.invalidateSession(false, { sessionId: sessionIdOf(clients[1].payloads) })).toBe(1);
    pass();
    expect(news()).toEqual([['op 9 true'], ['op 9 false']]);
    expect(control.state().sessions.map(({ ended }) => ended)).toEqual([false, true]);
  });

  it('invalidateSession ends a session that waits to be resumed, to be resumed or not', () => {
    for (const resumable of [true, false]) {
      const { live, pass, control } = inMemory();
      live().socket.drop();
      pass();
      expect(control.invalidateSession(resumable)).toBe(1);
      expect(control.state().sessions).toMatchObject([{ ended: true }]);
    }
  });

  it('closeWith and dropTcp end connections, all or one', () => {
    const { control, pass, clients } = twoClients();
    expect(control.closeWith(4000, { connection: 1 })).toBe(1);
    expect(control.dropTcp({ connection: 2 })).toBe(1);
    pass();
    expect(clients.map(({ end }) => end?.code)).toEqual([4000, 1006]);
  });

  it('clearFaults ends the faults of open connections, and those that wait', () => {
    const { live, open, pass, control } = inMemory();
    const client = live();
    control.injectFault('swallowAcks');
    control.injectFault('refuseConnections');
    control.clearFaults();
    client.send(1, 1);
    pass();
    expect([client.news(), control.state().faults, open().end]).toEqual([['op 11'], [], null]);
  });

  it('state shows connections, sessions, faults and identifies, as plain data', () => {
    const { control, open, live, pass, gateway } = inMemory({ maxConcurrency: 2, identifiesPerDay: 9 });
    live().socket.drop();
    pass();
    open().identify({ shard: [1, 2], intents: 1 });
    pass();
    control.dispatch('A', {}, { connection: 2 });
    control.injectFault('refuseResumeHost');
    const [first, second] = gateway.sessions.map(({ sessionId }) => sessionId);
    expect(control.state()).toEqual({
      connections: [
        { connection: 2, state: expect.stringContaining('live') as string, resumeHost: false, sessionId: second },
      ],
      sessions: [
        { sessionId: first, shard: [0, 1], intents: 513, connection: null, ended: false, sequence: 1, dispatched: [] },
        { sessionId: second, shard: [1, 2], intents: 1, connection: 2, ended: false, sequence: 2, dispatched: [2] },
      ],
      faults: [{ name: 'refuseResumeHost' }],
      identifies: { total: 9, remaining: 7 },
      tokenReset: false,
    });
  });
});

describe('configure', () => {
  it('changes what holds for what comes later', () => {
    const { control, open, pass } = inMemory();
    control.configure({ heartbeatInterval: 1_000, token: 'new' });
    const client = open();
    client.identify({ token: 'new' });
    pass();
    expect(client.payloads[0]?.d).toEqual({ heartbeat_interval: 1_000 });
    expect(client.news()).toEqual(['op 10', 'READY 1']);
  });

  it('leaves the heartbeat of an open connection as it is, and changes the rate of its messages', () => {
    const { control, live, pass } = inMemory({ guilds: 1, heartbeatInterval: 10_000 });
    const client = live();
    control.configure({ heartbeatInterval: 100, dispatchesPerSecond: 50 });
    pass(1_000);
    expect(client.end).toBeNull();
    expect(client.news().filter((news) => news.startsWith('MESSAGE_CREATE'))).toHaveLength(49); // one is on its way
  });

  it('gives a bot whose token was reset a new one', () => {
    const { control, live, open, pass } = inMemory({ identifiesPerDay: 1, limits: { identifyWindowMs: 0 } });
    live();
    const second = open();
    second.identify();
    pass();
    expect([second.end?.code, control.state().tokenReset]).toEqual([4004, true]);
    control.configure({ token: 'new', identifiesPerDay: 10 });
    const third = open();
    third.identify({ token: 'new' });
    pass();
    expect([third.news(), control.state().tokenReset]).toEqual([['op 10', 'READY 1'], false]);
  });

  it('refuses an option that makes no sense, and changes nothing', () => {
    const { control, open } = inMemory();
    expect(() => control.configure({ heartbeatInterval: 0, token: 'new' })).toThrow(RangeError);
    expect(open().payloads[0]?.d).toEqual({ heartbeat_interval: 41_250 });
  });
});

describe('a mistake', () => {
  it.each<[string, (control: Control) => unknown, string]>([
    ['a target that is none', (c) => c.requestReconnect('1' as never), "target is '1'; it must be an object"],
    [
      'a target of nobody',
      (c) => c.dropTcp({ session: 'x' } as never),
      'there is no option target.session: write sessionId',
    ],
    [
      'a connection as text',
      (c) => c.closeWith(4000, { connection: '1' as never }),
      "target.connection is '1'; it must be the number of a connection",
    ],
    [
      'a target of a dispatch',
      (c) => c.dispatch('READY', {}, { conection: 1 } as never),
      'there is no option target.conection: write connection',
    ],
    ['a payload for a name', (c) => c.dispatch({ t: 'READY' } as never, {}), 'name is an object; it must be a string'],
    ['no answer', (c) => c.invalidateSession('no' as never), "resumable is 'no'; it must be true or false"],
    [
      'a place for options',
      (c) => c.injectFault('swallowAcks', 'live' as never),
      "options is 'live'; it must be an object",
    ],
    ['no configuration', (c) => c.configure(undefined as never), 'the argument is null; it must be an object'],
    [
      'a name of Discord',
      (c) => c.configure({ heartbeat_interval: 5 } as never),
      'there is no option heartbeat_interval: write heartbeatInterval',
    ],
    ['what cannot change', (c) => c.configure({ seed: 5 } as never), 'there is no option seed; there are token,'],
  ])('is told: %s', (_, run, says) => {
    expect(() => run(inMemory().control)).toThrow(says);
  });
});
