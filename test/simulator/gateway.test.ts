import { describe, expect, it } from 'vitest';
import { simulatedClock } from '../../src/ports/clock.js';
import { seededRandom } from '../../src/ports/random.js';
import { Gateway } from '../../src/simulator/gateway.js';
import type { GatewayOptions } from '../../src/simulator/options.js';
import { type Client, MAIN, RESUME, sessionIdOf } from './client.js';
import { inMemory } from './in-memory.js';

describe('the transcripts of the protocol', () => {
  it('a fresh start brings Hello, READY, the guilds and an ACK', () => {
    const { open, pass, gateway } = inMemory({ guilds: 1 });
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
    const { live, pass, control, resume } = inMemory();
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
    const { live, pass, control, open, resume } = inMemory();
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
});

describe('sessions', () => {
  it('outlive their connection by the retention, to the millisecond', () => {
    for (const [ms, news] of [
      [59_989, 'RESUMED 2'], // 59,999 ms: the close frame takes 1 ms, and the Resume arrives 11 ms after the wait
      [59_990, 'op 9 false'],
    ] as const) {
      const { live, pass, resume } = inMemory({ settings: { sessionRetention: 60_000 } });
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
      const { live, pass, resume } = inMemory();
      const client = live();
      client.socket.close(code);
      pass();
      expect(resume(client, 1).news().at(-1)).toBe(news);
    }
  });

  it('move away from a connection that is still open, which then closes with 4009', () => {
    const { live, resume, pass, control, gateway } = inMemory();
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
    const { live, open, pass, control } = inMemory();
    const client = live();
    const thief = open();
    thief.resume(sessionIdOf(client.payloads), 1, 'wrong');
    pass();
    expect([thief.end?.code, client.end]).toEqual([4004, null]);
    control.dispatch('A', {});
    pass();
    expect(client.news()).toEqual(['A 2']);
  });

  it('lose and repeat nothing, whatever happens to their connections', () => {
    const random = seededRandom(42);
    const { open, pass, control, gateway, clock } = inMemory({
      dispatchesPerSecond: 40,
      guilds: 3,
      latency: 3,
      settings: { replayBatch: 5, replayDelay: 2 },
    });
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
    for (let n = 0; n < 25; n += 1) {
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
    expect(received.length).toBeGreaterThan(250);
    expect(received).toEqual(session?.dispatched);
    expect(clock.now()).toBeGreaterThan(6_000);
  });
});

describe('what READY and GUILD_CREATE say', () => {
  const ready = (client: Client) => client.payloads.find(({ t }) => t === 'READY')?.d as Record<string, unknown>;

  it('the shard is left out where Identify left it out, and the version is that of the URL', () => {
    const { open, pass } = inMemory();
    const client = open(MAIN.replace('v=10', 'v=9'));
    client.identify({ shard: undefined });
    pass();
    expect(ready(client)).toMatchObject({ v: 9, guilds: [] });
    expect(ready(client)).not.toHaveProperty('shard');
  });

  it('the version is 6 where the URL names none', () => {
    const { open, pass } = inMemory();
    const client = open('wss://gateway.discord.gg/');
    client.identify();
    pass();
    expect(ready(client).v).toBe(6);
  });

  it('guilds follow with the intent GUILDS alone', () => {
    const { open, pass } = inMemory({ guilds: 2, maxConcurrency: 2 });
    const clients = [1, 512].map((intents, id) => {
      const client = open();
      client.identify({ intents, shard: [id, 2] });
      pass();
      return client;
    });
    expect(clients.map((client) => client.news())).toEqual([
      ['op 10', 'READY 1', 'GUILD_CREATE 2'],
      ['op 10', 'READY 1'],
    ]);
    expect(ready(clients[1]!).guilds).toMatchObject([{ unavailable: true }]);
  });

  it('session ids are 32 hexadecimal digits, and the same for the same seed', () => {
    const ids = [1, 1, 2].map((seed) => sessionIdOf(inMemory({ seed }).live().payloads));
    expect(ids.filter((id) => /^[0-9a-f]{32}$/.test(id))).toHaveLength(3);
    expect([ids[0] === ids[1], ids[0] === ids[2]]).toEqual([true, false]);
  });
});

describe('what is refused before a connection', () => {
  const alone = (options: GatewayOptions = {}) => new Gateway(options, simulatedClock());
  const [url, resumeUrl] = [new URL(MAIN), 'wss://resume.example'];
  /** How a handshake is taken, at the main host and at that for resumes: null where it is admitted. */
  const refused = (gateway: Gateway) =>
    [false, true].map((resumeHost) => {
      const answer = gateway.admit({ url, resumeHost, resumeUrl, problem: null });
      return typeof answer === 'number' ? answer : null;
    });

  it('is nothing at first', () => {
    const gateway = alone();
    expect(refused(gateway)).toEqual([null, null]);
    expect(gateway.refusesGetGateway()).toBeNull();
    expect(gateway.admit({ url, resumeHost: true, resumeUrl, problem: null })).toMatchObject({
      path: '/?v=10&encoding=json',
      resumeHost: true,
      resumeUrl,
    });
  });

  it.each([
    ['every host', 'refuseConnections', {}, [503, 503]],
    ['every host, with a status', 'refuseConnections', { status: 429 }, [429, 429]],
    ['one handshake', 'refuseConnections', { times: 1 }, [503, null]],
    ['the host for resumes', 'refuseResumeHost', {}, [null, 503]],
    ['the host for resumes, with a status', 'refuseResumeHost', { status: 404 }, [null, 404]],
  ] as const)('%s', (_, fault, options, statuses) => {
    const gateway = alone();
    gateway.control.injectFault(fault, options);
    expect(refused(gateway)).toEqual(statuses);
    expect(gateway.refusesGetGateway()).toBeNull();
  });

  it('is what has a problem, or asks for what is not served, and the log says so without tokens', () => {
    const gateway = alone({ token: 'secret' });
    const take = (target: URL | null, problem: number | null) =>
      gateway.admit({ url: target, resumeHost: false, resumeUrl, problem });
    expect([take(null, null), take(url, 403), take(new URL(`${MAIN}&compress=br&token=secret`), null)]).toEqual([
      400, 403, 400,
    ]);
    const refusal = { connection: 0, direction: 'client', kind: 'refused', at: 0, resumeHost: false };
    expect(gateway.log.entries).toEqual([
      { ...refusal, number: 1, path: '', status: 400 },
      { ...refusal, number: 2, path: '/?v=10&encoding=json', status: 403 },
      { ...refusal, number: 3, path: '/?v=10&encoding=json&compress=br&token=[token]', status: 400 },
    ]);
  });

  it('is Get Gateway Bot as often as ordered', () => {
    const gateway = alone();
    gateway.control.injectFault('refuseGetGateway', { times: 1 });
    expect([gateway.refusesGetGateway()?.status, gateway.refusesGetGateway()]).toEqual([503, null]);
  });

  it.each([
    [{}, { status: 503, retryAfter: undefined }],
    [
      { status: 429, retryAfter: 0 },
      { status: 429, retryAfter: 0 },
    ],
  ])('is Get Gateway Bot with %o', (options, answer) => {
    const gateway = alone();
    gateway.control.injectFault('refuseGetGateway', options);
    expect([gateway.refusesGetGateway(), refused(gateway)]).toEqual([answer, [null, null]]);
  });

  it('is every connection once the Gateway is stopped, whatever was ordered', () => {
    const gateway = alone();
    gateway.control.injectFault('refuseConnections', { status: 429 });
    gateway.stop();
    expect(refused(gateway)).toEqual([503, 503]);
  });

  it('leaves what Get Gateway Bot says as configured', () => {
    expect(alone({ shards: 4, maxConcurrency: 16, identifiesPerDay: 2_000 }).getGatewayBot()).toEqual({
      shards: 4,
      session_start_limit: { total: 2_000, remaining: 2_000, reset_after: 86_400_000, max_concurrency: 16 },
    });
  });
});

describe('observers', () => {
  it('are notified of the causes of each connection', () => {
    const causes: string[] = [];
    const onCause: GatewayOptions['onCause'] = (connection, { name }) => void causes.push(`${connection} ${name}`);
    const { live, open, pass } = inMemory({ onCause });
    live().socket.close(1000);
    pass();
    open().socket.drop();
    pass();
    expect(causes).toEqual([
      '1 connected',
      '1 helloSent',
      '1 identified',
      '1 ready',
      '1 endedByClient',
      '2 connected',
      '2 helloSent',
      '2 lost',
    ]);
  });

  it('inspect the chart of each connection', () => {
    const charts = new Set<string>();
    const { open } = inMemory({
      inspect: ({ type, actorRef }) => void (type === '@xstate.actor' && charts.add(actorRef.sessionId)),
    });
    open();
    open();
    expect(charts.size).toBe(2);
  });

  it('get a trace of each connection, without the token', () => {
    const lines: string[] = [];
    const { open, pass } = inMemory({ token: 'T0ken', record: (line) => lines.push(line) });
    const client = open();
    client.identify({ token: 'T0ken' });
    pass();
    expect(client.news()).toEqual(['op 10', 'READY 1']);
    const events = lines.map((line) => JSON.parse(line)).flatMap(({ event }) => event?.type ?? []);
    expect(events).toEqual(expect.arrayContaining(['connected', 'received.identify']));
    expect(lines.join()).not.toContain('T0ken');
  });
});

describe('a client that identifies before Hello', () => {
  const early = (options: object = {}) => {
    const base = inMemory({ settings: { helloDelay: 1_000 }, ...options });
    const client = base.open();
    return { ...base, client };
  };

  it('gets Hello at once, and READY', () => {
    const { client, pass } = early();
    client.identify();
    pass();
    expect(client.news()).toEqual(['op 10', 'READY 1']);
  });

  it('may resume as well, a session that is on another connection included', () => {
    const { client, pass, open } = early();
    client.identify();
    pass();
    const next = open(RESUME);
    next.resume(sessionIdOf(client.payloads), 1);
    pass();
    expect([next.news(), client.end?.code]).toEqual([['op 10', 'RESUMED 2'], 4009]);
  });

  it.each(['awaitingIdentify', 'starting', 'live'] as const)('is struck by a fault that waits at %s', (at) => {
    const { client, pass, control } = early();
    control.injectFault('closeWith', { at, code: 4001 });
    client.identify();
    pass();
    expect([client.end?.code, control.state().faults]).toEqual([4001, []]);
  });
});

describe('reset', () => {
  it('drops every connection, forgets everything, and goes on counting connections and entries', () => {
    const { live, open, pass, control, gateway } = inMemory({ identifiesPerDay: 9 });
    const client = live();
    control.injectFault('swallowAcks');
    control.injectFault('refuseConnections');
    control.configure({ heartbeatInterval: 1_000, token: 'new' });
    const { last } = gateway.log;
    control.reset();
    pass();
    expect(client.end?.code).toBe(1006);
    expect(control.state()).toEqual({
      connections: [],
      sessions: [],
      faults: [],
      identifies: { total: 9, remaining: 9 },
      tokenReset: false,
    });
    expect(gateway.log.entries).toEqual([]);
    const next = open();
    next.identify();
    pass();
    expect(next.payloads[0]?.d).toEqual({ heartbeat_interval: 41_250 });
    expect(next.news()).toEqual(['op 10', 'READY 1']);
    expect([gateway.log.entries[0]?.connection, gateway.log.entries[0]?.number]).toEqual([2, last + 1]);
  });
});
