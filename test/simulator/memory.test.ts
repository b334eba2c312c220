import { describe, expect, it } from 'vitest';
import { simulatedClock } from '../../src/host/clock.js';
import { seededRandom } from '../../src/host/random.js';
import {
  createMemoryGateway,
  FAULTS,
  type FaultName,
  MALFORMED,
  type MalformedKind,
  type MemoryGatewayOptions,
  PLACES,
  type Place,
} from '../../src/simulator/index.js';
import { type Client, connect, MAIN, RESUME, sessionIdOf } from './client.js';

/** A Gateway without guilds, so that only what a test does gets numbers. */
function world(options: Partial<MemoryGatewayOptions> = {}) {
  const clock = simulatedClock();
  const gateway = createMemoryGateway({ clock, token: 'T', guilds: 0, recordDispatches: true, ...options });
  const pass = (ms = 10) => clock.increment(ms);
  const open = (url = MAIN) => {
    const client = connect(gateway.socketPort, url);
    pass();
    return client;
  };
  const live = (url = MAIN) => {
    const client = open(url);
    client.identify();
    pass();
    client.news();
    return client;
  };
  /** Another connection that resumes what `client` had. */
  const resume = (client: Client, seq: number) => {
    const next = open(RESUME);
    next.resume(sessionIdOf(client.payloads), seq);
    pass();
    return next;
  };
  return { clock, gateway, control: gateway.control, pass, open, live, resume };
}

describe('the transcripts of the protocol', () => {
  it('fresh start', () => {
    const { open, pass, gateway } = world({ guilds: 1 });
    const client = open();
    expect(client.frames).toEqual(['{"t":null,"s":null,"op":10,"d":{"heartbeat_interval":41250}}']);
    client.identify();
    pass();
    client.send(1, 2);
    pass();
    expect(client.news()).toEqual(['op 10', 'READY 1', 'GUILD_CREATE 2', 'op 11']);
    const [, ready, guild] = client.payloads;
    expect(ready?.d).toMatchObject({
      v: 10,
      user: { bot: true },
      guilds: [{ id: (guild as { d: { id: string } }).d.id, unavailable: true }],
      session_id: gateway.sessions[0]?.sessionId,
      resume_gateway_url: 'wss://gateway-us-east1-b.discord.gg',
      shard: [0, 1],
      application: { flags: 0 },
    });
  });

  it('the Gateway asks for a heartbeat, then for a reconnect, and the session is resumed', () => {
    const { live, pass, control, resume } = world();
    const client = live();
    control.requestHeartbeat();
    pass();
    client.send(1, 1);
    pass();
    control.requestReconnect();
    pass();
    expect(client.news()).toEqual(['op 1', 'op 11', 'op 7']);
    client.socket.close(4900);
    pass();
    expect(client.end).toMatchObject({ code: 4900, wasClean: true });
    control.dispatch('MESSAGE_CREATE', { id: '5' });
    const next = resume(client, 1);
    expect(next.news()).toEqual(['op 10', 'MESSAGE_CREATE 2', 'RESUMED 3']);
    expect(next.payloads[1]?.d).toEqual({ id: '5' });
  });

  it('a resume is refused, and a new session begins at 1', () => {
    const { live, pass, control, open, resume } = world();
    const client = live();
    client.socket.close(4900);
    pass();
    control.invalidateSession(false);
    const next = resume(client, 1);
    expect(next.news()).toEqual(['op 10', 'op 9 false']);
    next.socket.close(1000);
    pass(5_000);
    const last = open();
    last.identify();
    pass();
    expect(last.news()).toEqual(['op 10', 'READY 1']);
    expect(sessionIdOf(last.payloads)).not.toBe(sessionIdOf(client.payloads));
  });

  it('the whole member list is asked for too often', () => {
    const { live, pass } = world();
    const client = live();
    const request = { guild_id: '41771983423143937', query: '', limit: 0, nonce: 'n1' };
    client.send(8, request);
    pass(1_600);
    client.send(8, request);
    pass();
    expect(client.news()).toEqual(['GUILD_MEMBERS_CHUNK 2', 'RATE_LIMITED 3']);
    expect(client.payloads.at(-1)?.d).toEqual({
      opcode: 8,
      retry_after: 28.4,
      meta: { guild_id: '41771983423143937', nonce: 'n1' },
    });
    pass(30_000);
    client.send(8, request);
    pass();
    expect(client.news()).toEqual(['GUILD_MEMBERS_CHUNK 4']);
  });
});

describe('the wire in memory', () => {
  it('takes its time and calls nobody back at once', () => {
    const { gateway, clock } = world({ latency: 5 });
    const client = connect(gateway.socketPort);
    expect(client.opened).toBe(false);
    clock.increment(5);
    expect(client.opened).toBe(false);
    clock.increment(5);
    expect(client.opened).toBe(true);
    expect(client.news()).toEqual(['op 10']);
  });

  it('says nothing after drop, and the Gateway learns of it', () => {
    const { live, pass, control, gateway } = world();
    const client = live();
    control.dispatch('A', {});
    client.socket.drop();
    pass();
    expect(client.news()).toEqual([]);
    expect(client.end).toBeNull();
    expect(gateway.log.of(1).at(-1)).toMatchObject({ direction: 'client', kind: 'drop' });
    expect(control.state().connections).toEqual([]);
  });

  it('drops when it is closed while opening', () => {
    const { gateway, pass } = world();
    const client = connect(gateway.socketPort);
    client.socket.close(4900);
    pass(100);
    expect([client.opened, client.end]).toEqual([false, null]);
    expect(gateway.log.entries).toEqual([]);
  });

  it('holds back what comes while it is paused, and keeps the order', () => {
    const { live, pass, control } = world();
    const client = live();
    client.socket.pause?.();
    for (const name of ['A', 'B']) control.dispatch(name, {});
    pass();
    expect(client.news()).toEqual([]);
    client.socket.resume?.();
    expect(client.news()).toEqual(['A 2', 'B 3']);
  });

  it('refuses what is no Gateway, in a later task', () => {
    const { gateway, open } = world();
    for (const [url, status] of [
      ['wss://example.org', 404],
      ['not a url', 400],
      [`${MAIN}&encoding=json`.replace('json', 'bson'), 400],
    ] as const) {
      expect(open(url).end).toMatchObject({ code: 1006, httpStatus: status });
    }
    expect(gateway.log.entries).toEqual([]);
  });

  it('ends with 1009 when a message is larger than the client takes', () => {
    const { gateway, pass, control } = world();
    const ends: number[] = [];
    const callbacks = { opened() {}, message() {}, closed: ({ code }: { code: number }) => void ends.push(code) };
    gateway.socketPort.open(MAIN, { maxPayload: 100 }, callbacks);
    pass();
    control.injectFault('malformed', { kind: 'readyWithoutUrl' });
    pass();
    expect(ends).toEqual([1009]);
  });

  it('leaves no timer when it is stopped', () => {
    const { live, clock, gateway, open } = world({ dispatchesPerSecond: 10 });
    live().socket.close(4900);
    open();
    connect(gateway.socketPort);
    gateway.stop();
    expect(clock.next).toBeUndefined();
    expect(open().end?.httpStatus).toBe(503);
    expect(clock.next).toBeUndefined();
  });

  it('writes down everything, and never the token', () => {
    const { live, pass, gateway, open } = world();
    live().socket.close(4900);
    pass();
    const wrong = open();
    wrong.identify({ token: 'Bot wrong' });
    pass();
    const log = gateway.log
      .of(1)
      .map(({ direction, kind, code, payload }) => ({ direction, kind, code, op: opOf(payload) }));
    expect(log).toEqual([
      { direction: 'client', kind: 'open' },
      { direction: 'gateway', kind: 'text', op: 10 },
      { direction: 'client', kind: 'text', op: 2 },
      { direction: 'gateway', kind: 'text', op: 0 },
      { direction: 'client', kind: 'close', code: 4900 },
      { direction: 'gateway', kind: 'close', code: 4900 },
    ]);
    expect(gateway.log.of(1)[0]).toMatchObject({ path: '/?v=10&encoding=json', resumeHost: false, at: 1 });
    const tokens = gateway.log.entries.flatMap(
      ({ payload }) => (payload as { d?: { token?: string } })?.d?.token ?? [],
    );
    expect(tokens).toEqual(['[token]', '[wrong token]']);
  });

  it('keeps only so much of the log as it is told', () => {
    const { live, control, gateway } = world({ log: 5 });
    live();
    for (let n = 0; n < 20; n += 1) control.dispatch('A', { n });
    expect(gateway.log.entries.map(({ payload }) => (payload as { s: number }).s)).toEqual([17, 18, 19, 20, 21]);
  });
});

const opOf = (payload: unknown) => (payload as { op?: number } | undefined)?.op;

describe('Identify', () => {
  it.each([
    ['a wrong token', { token: 'wrong' }, 4004],
    ['a shard beyond the count', { shard: [1, 1] }, 4010],
    ['a shard that is no pair', { shard: [0] }, 4010],
    ['an intent that does not exist', { intents: 1 << 30 }, 4013],
    ['intents that are no number', { intents: 'GUILDS' }, 4013],
    ['a privileged intent that is not enabled', { intents: 1 << 15 }, 4014],
    ['no token', { token: undefined }, 4002],
    ['no properties', { properties: undefined }, 4002],
  ] as const)('with %s is refused', (_, changes, code) => {
    const { open, pass } = world({ intents: ['GUILDS', 'GUILD_MESSAGES'] });
    const client = open();
    client.identify(changes);
    pass();
    expect(client.end).toMatchObject({ code, wasClean: true });
  });

  it('takes the token with and without Bot before it', () => {
    const { open, pass } = world();
    const client = open();
    client.identify({ token: 'Bot T' });
    pass();
    expect(client.news()).toEqual(['op 10', 'READY 1']);
  });

  it.each([
    ['5', 4012],
    ['11', 4012],
    ['x', 4012],
  ])('at version %s is refused', (version, code) => {
    const { open, pass } = world();
    const client = open(MAIN.replace('v=10', `v=${version}`));
    client.identify();
    pass();
    expect(client.end?.code).toBe(code);
  });

  it('needs shards when one would hold more than 2500 guilds', () => {
    const { open, pass } = world({ guilds: 2501 });
    const client = open();
    client.identify();
    pass();
    expect(client.end?.code).toBe(4011);
    const other = open();
    other.identify({ shard: [0, 2], intents: 0 });
    pass();
    expect(other.end).toBeNull();
    expect(other.payloads[1]?.d).toMatchObject({ guilds: { length: 1251 } });
  });

  it('is permitted once per 5 s and lane, and a resume at any time', () => {
    const { open, pass, live, resume } = world({ maxConcurrency: 2 });
    const first = live();
    const identify = (id: number) => {
      const client = open();
      client.identify({ shard: [id, 4] });
      pass();
      return client.news().at(-1);
    };
    expect([identify(1), identify(2), identify(3)]).toEqual(['READY 1', 'op 9 false', 'op 9 false']);
    expect(resume(first, 1).news().at(-1)).toBe('RESUMED 2');
    pass(5_000);
    expect([identify(2), identify(3)]).toEqual(['READY 1', 'READY 1']);
  });

  it("beyond the day's number resets the token and ends every session", async () => {
    const { live, open, pass, control, gateway, clock } = world({ identifiesPerDay: 1 });
    const client = live();
    expect(control.state().identifies).toEqual({ total: 1, remaining: 0 });
    const other = open();
    other.identify();
    pass();
    expect([client.end?.code, other.end?.code]).toEqual([4004, 4004]);
    expect(control.state()).toMatchObject({ tokenReset: true, sessions: [{ ended: true }] });
    pass(24 * 3_600_000);
    const info = gateway.locator.locate({ signal: new AbortController().signal });
    clock.increment(1);
    expect((await info).sessionStartLimit).toMatchObject({ total: 1, remaining: 1 });
  });

  it('survives shards that make no sense', () => {
    const { open, pass } = world({ guilds: undefined as never });
    const client = open();
    client.identify({ shard: [4_000_000_000, Number.MAX_SAFE_INTEGER] });
    pass();
    expect(client.news()).toContain('READY 1');
  });
});

describe('limits on what a client sends', () => {
  it('are 120 payloads in 60 s, in any 60 s', () => {
    const { live, pass } = world();
    const client = live();
    pass(30_000);
    for (let n = 0; n < 119; n += 1) client.send(3, {});
    pass();
    expect(client.end).toBeNull();
    pass(31_000); // Identify is out of the window, the others are not
    client.send(3, {});
    pass();
    expect(client.end).toBeNull();
    client.send(3, {});
    pass();
    expect(client.end?.code).toBe(4008);
  });

  it('begin anew with a connection', () => {
    const { live, pass, resume } = world();
    const client = live();
    for (let n = 0; n < 119; n += 1) client.send(3, {});
    client.socket.close(4900);
    pass();
    const next = resume(client, 1);
    for (let n = 0; n < 100; n += 1) next.send(3, {});
    pass();
    expect(next.end).toBeNull();
  });

  it('are 4096 bytes a payload, counted in UTF-8', () => {
    const { live, pass } = world();
    const client = live();
    const frame = (bytes: number) => `{"op":3,"d":{"status":"${'é'.repeat((bytes - 26) / 2)}"}}`;
    expect(new TextEncoder().encode(frame(4096)).length).toBe(4096);
    client.socket.send(frame(4096));
    pass();
    expect(client.end).toBeNull();
    client.socket.send(frame(4098));
    pass();
    expect(client.end?.code).toBe(4002);
  });

  it.each([
    ['text that is not JSON', '{', 4002],
    ['an empty message', '', 4002],
    ['null', 'null', 4002],
    ['an array', '[]', 4002],
    ['no opcode', '{"d":{}}', 4002],
    ['a fraction as opcode', '{"op":1.5}', 4002],
    ['a heartbeat with text', '{"op":1,"d":"x"}', 4002],
    ['a Resume without a session', '{"op":6,"d":{"token":"T","seq":1}}', 4002],
    ['a Resume with text as its sequence', '{"op":6,"d":{"token":"T","session_id":"S","seq":"1"}}', 4002],
    ['a command without data', '{"op":3}', 4002],
    ['bytes', Uint8Array.of(1, 2, 3), 4002],
    ['an opcode that only the Gateway sends', '{"op":10,"d":{}}', 4001],
    ['an opcode that nobody knows', '{"op":99,"d":{}}', 4001],
  ])('%s: %s is closed with %i', (_, frame, code) => {
    const { live, pass } = world();
    const client = live();
    client.socket.send(frame);
    pass();
    expect(client.end?.code).toBe(code);
  });
});

describe('sessions', () => {
  it('outlive their connection by the retention, to the millisecond', () => {
    for (const [ms, news] of [
      [59_000, 'RESUMED 2'],
      [61_000, 'op 9 false'],
    ] as const) {
      const { live, pass, resume } = world({ settings: { sessionRetention: 60_000 } });
      const client = live();
      client.socket.close(4900);
      pass(ms);
      expect(resume(client, 1).news().at(-1)).toBe(news);
    }
  });

  it('end with 1000 and 1001, and no other code', () => {
    for (const [code, news] of [
      [1000, 'op 9 false'],
      [1001, 'op 9 false'],
      [3000, 'RESUMED 2'],
      [4000, 'RESUMED 2'],
    ] as const) {
      const { live, pass, resume } = world();
      const client = live();
      client.socket.close(code);
      pass();
      expect(resume(client, 1).news().at(-1)).toBe(news);
    }
  });

  it('move away from a connection that is still open, which then closes with 4009', () => {
    const { live, resume, pass, control, gateway } = world();
    const client = live();
    const next = resume(client, 1);
    expect(next.news()).toEqual(['op 10', 'RESUMED 2']);
    pass();
    expect(client.end?.code).toBe(4009);
    control.dispatch('A', {});
    pass();
    expect(next.news()).toEqual(['A 3']);
    expect(gateway.sessions).toMatchObject([{ connection: 2, ended: false, sequence: 3, dispatched: [3] }]);
  });

  it('are not given away for a wrong token', () => {
    const { live, open, pass, control } = world();
    const client = live();
    const thief = open();
    thief.resume(sessionIdOf(client.payloads), 1, 'wrong');
    pass();
    expect([thief.end?.code, client.end]).toEqual([4004, null]);
    control.dispatch('A', {});
    pass();
    expect(client.news()).toEqual(['A 2']);
  });

  it('of different clients live side by side', () => {
    const { open, pass, control } = world({ maxConcurrency: 2 });
    const clients = [0, 1].map((id) => {
      const client = open();
      client.identify({ shard: [id, 2] });
      pass();
      return client;
    });
    expect(control.dispatch('A', {})).toBe(2);
    expect(control.dispatch('B', {}, { connection: 2 })).toBe(1);
    expect(control.dispatch('C', {}, { sessionId: sessionIdOf((clients[0] as Client).payloads) })).toBe(1);
    pass();
    expect(clients.map((client) => client.news())).toEqual([
      ['op 10', 'READY 1', 'A 2', 'C 3'],
      ['op 10', 'READY 1', 'A 2', 'B 3'],
    ]);
  });

  it('get messages at a rate, connected or not, by their intents', () => {
    const { open, pass, resume } = world({ dispatchesPerSecond: 50, maxConcurrency: 2, guilds: undefined as never });
    const client = open();
    client.identify({ shard: [0, 2] });
    const other = open();
    other.identify({ shard: [1, 2], intents: 1 });
    pass(1_000);
    client.socket.close(4900);
    pass(1_000);
    const next = resume(client, 4);
    const messages = [...client.payloads, ...next.payloads].filter(({ t }) => t === 'MESSAGE_CREATE');
    expect(new Set(messages.map(({ s }) => s)).size).toBeGreaterThanOrEqual(98);
    expect(messages.every(({ d }) => (d as { content: string }).content === '')).toBe(true);
    expect(other.payloads.filter(({ t }) => t === 'MESSAGE_CREATE')).toEqual([]);
  });

  it('lose and repeat nothing, whatever happens to their connections', () => {
    const random = seededRandom(42);
    const { open, pass, control, gateway, clock } = world({ dispatchesPerSecond: 200, guilds: 3, latency: 3 });
    let client = open();
    client.identify();
    let sequence = 0;
    let id = '';
    const received: number[] = [];
    const read = () => {
      for (const { op, s, t, d } of client.payloads.slice()) {
        if (op !== 0 || s === null || s <= sequence) continue;
        if (t === 'READY') id = (d as { session_id: string }).session_id;
        if (t !== 'READY' && t !== 'RESUMED') received.push(s);
        sequence = s;
      }
    };
    const ENDS = [
      () => client.socket.drop(),
      () => client.socket.close(4900),
      () => control.dropTcp(),
      () => control.closeWith(4000),
      () => control.injectFault('goSilent'),
      () => control.injectFault('skipSequence', { by: 3 }),
    ];
    for (let n = 0; n < 60; n += 1) {
      pass(Math.floor(random() * 400));
      (ENDS[Math.floor(random() * ENDS.length)] as () => void)();
      pass(Math.floor(random() * 300));
      read();
      client.socket.drop();
      client = open(RESUME);
      client.resume(id, sequence);
      pass(Math.floor(random() * 40)); // often not long enough for RESUMED
      read();
    }
    pass(1_000);
    control.configure({ dispatchesPerSecond: 0 });
    pass(1_000);
    read();
    const [session] = gateway.sessions;
    expect(received.length).toBeGreaterThan(3_000);
    expect(received).toEqual(session?.dispatched);
    expect(clock.now()).toBeGreaterThan(10_000);
  });
});

describe('a close code', () => {
  const CODES = [
    1000, 1001, 1011, 1012, 4000, 4001, 4002, 4003, 4004, 4005, 4007, 4008, 4009, 4010, 4011, 4012, 4013, 4014, 4999,
  ];
  it.each(CODES)('%i arrives in every place', (code) => {
    for (const place of PLACES) {
      const { control, pass, reach } = reaching();
      control.injectFault('closeWith', { code, at: place });
      const client = reach(place);
      pass();
      expect(client.end, place).toMatchObject({ code, wasClean: true });
      expect(control.state().faults).toEqual([]);
    }
  });
});

/** A world in which a client can be brought to any place. */
function reaching(options: Partial<MemoryGatewayOptions> = {}) {
  const base = world(options);
  const { open, pass, live } = base;
  return {
    ...base,
    reach(place: Place): Client {
      if (place === 'starting' || place === 'live') {
        const client = open();
        client.identify();
        pass();
        return client;
      }
      if (place !== 'replaying') return open();
      const before = live();
      before.socket.close(4900);
      pass();
      const client = open();
      client.resume(sessionIdOf(before.payloads), 1);
      pass();
      return client;
    },
  };
}

describe('faults', () => {
  it('have a sentence each', () => {
    expect(Object.values(FAULTS).every((says) => says.length > 10)).toBe(true);
  });

  const tried: Record<FaultName, () => void> = {
    withholdHello() {
      const { control, open, pass } = world();
      control.injectFault('withholdHello');
      const client = open();
      pass(60_000);
      expect([client.news(), client.end]).toEqual([[], null]);
      control.clearFaults();
      pass();
      expect(client.news()).toEqual(['op 10']);
    },
    withholdReady() {
      const { control, open, pass } = world();
      control.injectFault('withholdReady');
      const client = open();
      client.identify();
      pass(30_000);
      client.send(1, null);
      pass();
      expect(client.news()).toEqual(['op 10', 'op 11']);
      control.clearFaults();
      pass();
      expect(client.news()).toEqual(['READY 1']);
    },
    withholdResumed() {
      const { control, live, resume, pass } = world();
      const client = live();
      client.socket.drop();
      pass();
      control.dispatch('A', {});
      control.injectFault('withholdResumed', { times: 1 });
      const next = resume(client, 1);
      expect(next.news()).toEqual(['op 10', 'A 2']);
      next.socket.drop();
      expect(resume(client, 2).news()).toEqual(['op 10', 'RESUMED 3']);
    },
    resumeThenDrop() {
      const { control, live, resume, pass } = world();
      const client = live();
      client.socket.drop();
      pass();
      control.injectFault('resumeThenDrop', { times: 2 });
      for (let n = 0; n < 2; n += 1) expect(resume(client, 1).end).toMatchObject({ code: 1006, wasClean: false });
      expect(resume(client, 1).news()).toEqual(['op 10', 'RESUMED 2']);
    },
    swallowAcks() {
      const { control, live, pass } = world();
      const client = live();
      control.injectFault('swallowAcks', { connection: 1 });
      client.send(1, 1);
      control.dispatch('A', {});
      pass();
      expect(client.news()).toEqual(['A 2']);
      expect(control.state().faults).toEqual([]);
    },
    ignoreClose() {
      const { control, live, pass } = world();
      const client = live();
      control.injectFault('ignoreClose');
      client.socket.close(4900);
      pass();
      control.dispatch('A', {});
      pass();
      expect([client.end, client.news()]).toEqual([null, ['A 2']]);
      client.socket.drop();
      pass();
      expect(control.state().connections).toEqual([]);
    },
    goSilent() {
      const { control, live, pass } = world();
      const client = live();
      control.injectFault('goSilent');
      client.send(1, 1);
      control.dispatch('A', {});
      client.socket.close(4900);
      pass(100_000);
      expect([client.end, client.news()]).toEqual([null, []]);
    },
    stopReading() {
      const { control, live, pass } = world();
      const client = live();
      control.injectFault('stopReading');
      client.send(1, 1);
      control.dispatch('A', {});
      pass(100_000);
      expect([client.end, client.news()]).toEqual([null, ['A 2']]);
      control.clearFaults();
      pass();
      expect(client.news()).toEqual(['op 11']);
    },
    startReading() {
      const { control, live, pass } = world();
      const client = live();
      control.injectFault('stopReading');
      client.send(1, 1);
      pass();
      expect(control.injectFault('startReading')).toBe(1);
      pass();
      expect(client.news()).toEqual(['op 11']);
    },
    dropTcp() {
      const { control, live, pass, resume } = world();
      const client = live();
      control.injectFault('dropTcp');
      pass();
      expect(client.end).toEqual({ code: 1006, reason: '', wasClean: false });
      expect(resume(client, 1).news()).toEqual(['op 10', 'RESUMED 2']);
    },
    closeWith() {
      const { control, live, pass } = world();
      const client = live();
      expect(control.injectFault('closeWith')).toBe(1);
      pass();
      expect(client.end?.code).toBe(4000);
    },
    requestHeartbeat() {
      const { control, live, pass } = world();
      const client = live();
      control.injectFault('requestHeartbeat');
      pass();
      expect(client.news()).toEqual(['op 1']);
    },
    requestReconnect() {
      const { control, open, pass } = world();
      control.injectFault('requestReconnect', { at: 'greeting' });
      const client = open();
      expect(client.news()).toEqual(['op 7', 'op 10']);
      pass(5_000);
      expect(client.end?.code).toBe(1001);
    },
    invalidateSession() {
      for (const [resumable, after] of [
        [true, 'RESUMED 2'],
        [false, 'op 9 false'],
      ] as const) {
        const { control, live, pass } = world();
        const client = live();
        control.injectFault('invalidateSession', { resumable });
        pass();
        client.resume(sessionIdOf(client.payloads), 1);
        pass();
        expect(client.news()).toEqual([`op 9 ${resumable}`, after]);
      }
    },
    malformed() {
      const { control, live, pass } = world();
      const client = live();
      const before = client.frames.length;
      const kinds = Object.keys(MALFORMED) as MalformedKind[];
      for (const kind of kinds) control.injectFault('malformed', { kind });
      pass();
      expect(client.frames.slice(before)).toEqual(kinds.map((kind) => MALFORMED[kind].frame(1)));
    },
    skipSequence() {
      const { control, live, pass } = world();
      const client = live();
      control.injectFault('skipSequence', { by: 7 });
      control.dispatch('A', {});
      pass();
      expect(client.news()).toEqual(['A 9']);
    },
    refuseResumeHost() {
      const { control, open } = world();
      control.injectFault('refuseResumeHost');
      expect(open(RESUME).end).toEqual({ code: 1006, reason: '', wasClean: false, httpStatus: 503 });
      expect(open(MAIN).end).toBeNull();
    },
    refuseConnections() {
      const { control, open } = world();
      control.injectFault('refuseConnections', { status: 429 });
      expect([open(RESUME).end?.httpStatus, open(MAIN).end?.httpStatus]).toEqual([429, 429]);
      control.clearFaults();
      expect(open(MAIN).end).toBeNull();
    },
    refuseGetGateway() {
      const { control, gateway, clock } = world();
      control.injectFault('refuseGetGateway', { status: 429, retryAfter: 2 });
      const failing = expect(gateway.locator.locate({ signal: new AbortController().signal })).rejects.toMatchObject({
        reason: 'rateLimited',
        retryAfter: 2_000,
      });
      clock.increment(1);
      return failing;
    },
  };
  it.each(Object.entries(tried))('%s does what it says', (_, check) => check());

  it('that happen once in a place happen once, to those they are aimed at', () => {
    const { control, open, pass } = world({ maxConcurrency: 2 });
    control.injectFault('dropTcp', { at: 'live', connection: 2 });
    const [first, second] = [open(), open()];
    first.identify({ shard: [0, 2] });
    second.identify({ shard: [1, 2] });
    pass();
    expect([first.end, second.end?.code]).toEqual([null, 1006]);
    expect(control.state().faults).toEqual([]);
  });

  it('are listed while they stand', () => {
    const { control } = world();
    control.injectFault('swallowAcks');
    control.injectFault('closeWith', { at: 'live', code: 4004, times: 2 });
    control.injectFault('refuseResumeHost');
    expect(control.state().faults).toEqual([
      { name: 'swallowAcks', at: 'greeting' },
      { name: 'closeWith', at: 'live', code: 4004, times: 2 },
      { name: 'refuseResumeHost' },
    ]);
  });

  it.each([
    ['explode', {}],
    ['closeWith', { code: 1006 }],
    ['closeWith', { code: 5000 }],
    ['closeWith', { at: 'somewhere' }],
    ['malformed', { kind: 'toString' }],
    ['skipSequence', { by: -1 }],
    ['invalidateSession', { resumable: 'yes' }],
    ['refuseConnections', { status: 200 }],
    ['dropTcp', { at: 'live', times: 0 }],
  ])('%s %o is refused', (name, options) => {
    expect(() => world().control.injectFault(name as FaultName, options as never)).toThrow(TypeError);
  });
});

describe('the locator', () => {
  it('answers as Get Gateway Bot would, identifies counted', async () => {
    const { gateway, live, clock } = world({ shards: 4, maxConcurrency: 2 });
    live();
    const info = gateway.locator.locate({ signal: new AbortController().signal });
    clock.increment(1);
    expect(await info).toEqual({
      url: 'wss://gateway.discord.gg',
      shards: 4,
      sessionStartLimit: { total: 1000, remaining: 999, resetAfter: 86_400_000 - clock.now(), maxConcurrency: 2 },
      fetchedAt: clock.now(),
    });
  });

  it('gives up when it is told to, and leaves no timer', async () => {
    const { gateway, clock } = world();
    const controller = new AbortController();
    const info = gateway.locator.locate({ signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(info).rejects.toThrow('enough');
    expect(clock.next).toBeUndefined();
    await expect(gateway.locator.locate({ signal: controller.signal })).rejects.toThrow('enough');
    expect(clock.next).toBeUndefined();
  });
});

describe('options', () => {
  it.each([
    { heartbeatInterval: 0 },
    { settings: { missedHeartbeatCode: 1006 } },
    { settings: { replayBuffer: 0 } },
    { maxConcurrency: Number.NaN },
    { dispatchesPerSecond: -1 },
    { limits: { payloadBytes: 'many' as never } },
    { limits: { sends: 5 as never } },
    { shards: 0 },
  ] as Partial<MemoryGatewayOptions>[])('%o are refused', (options) => {
    expect(() => world(options)).toThrow(RangeError);
  });

  it('can be changed for what comes later', () => {
    const { control, open, pass } = world();
    control.configure({ heartbeatInterval: 1_000, token: 'new' });
    const client = open();
    client.identify({ token: 'new' });
    pass();
    expect(client.payloads[0]?.d).toEqual({ heartbeat_interval: 1_000 });
    expect(client.news()).toEqual(['op 10', 'READY 1']);
  });
});
