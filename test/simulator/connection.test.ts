import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { simulatedClock } from '../../src/ports/clock.js';
import { type ConnectionRequest, requestFrom, type Transport } from '../../src/simulator/connection.js';
import { Gateway } from '../../src/simulator/gateway.js';
import type { GatewayOptions } from '../../src/simulator/options.js';
import { decodeEtf, encodeEtf } from '../../src/wire/etf/index.js';
import { IDENTIFY } from './client.js';
import { inMemory } from './in-memory.js';

const RESUME_URL = 'wss://resume.example';
const opened = (path: string) => requestFrom(new URL(path, 'wss://gateway.example'), false, RESUME_URL);

describe('requestFrom', () => {
  const plain = { version: null, encoding: 'json', compression: null, resumeHost: false, resumeUrl: RESUME_URL };

  it.each([
    ['/', {}],
    ['/?v=10', { version: '10' }],
    ['/?v=x', { version: 'x' }],
    ['/?encoding=json', {}],
    ['/?encoding=etf', { encoding: 'etf' }],
    ['/?compress=zlib-stream', { compression: 'zlib-stream' }],
    ['/?compress=zstd-stream', { compression: 'zstd-stream' }],
    ['/resume?v=9&other=1', { version: '9' }],
  ])('reads %s', (path, says) => {
    expect(opened(path)).toEqual({ ...plain, path, ...says });
  });

  it.each(['encoding=', 'encoding=bson', 'encoding=toString', 'compress=', 'compress=br', 'compress=payload'])(
    'is null for %s, which is not served',
    (query) => {
      expect(opened(`/?v=10&${query}`)).toBeNull();
    },
  );

  it('keeps which host the client came to', () => {
    expect(requestFrom(new URL('wss://resume.example/'), true, RESUME_URL)).toEqual({
      ...plain,
      path: '/',
      resumeHost: true,
    });
  });
});

type Call = [method: string, ...args: unknown[]];

/** A connection over a transport that keeps what it is called with. */
function connected(options: GatewayOptions = {}, path = '/?v=10&encoding=json') {
  const clock = simulatedClock();
  const gateway = new Gateway({ token: 'T', guilds: 0, ...options }, clock);
  const calls: Call[] = [];
  const transport: Transport = {
    send: (data) => void calls.push(['send', data]),
    close: (code) => void calls.push(['close', code]),
    answerClose: (code) => void calls.push(['answerClose', code]),
    drop: () => void calls.push(['drop']),
    pause: () => void calls.push(['pause']),
    resume: () => void calls.push(['resume']),
  };
  const connection = gateway.connect(opened(path) as ConnectionRequest, transport);
  const pass = (ms = 0) => clock.increment(ms);
  pass();
  const send = (op: number, d: unknown) => connection.received(JSON.stringify({ op, d }));
  return {
    clock,
    gateway,
    connection,
    transport,
    pass,
    send,
    /** Sends Identify, and gives the connection the time for READY. */
    identify(changes: object = {}) {
      send(2, { ...IDENTIFY, ...changes });
      pass();
    },
    /** What the transport was called with since the last call. */
    taken: () => calls.splice(0),
  };
}

const HELLO = '{"t":null,"s":null,"op":10,"d":{"heartbeat_interval":41250}}';
const ACK = '{"t":null,"s":null,"op":11,"d":null}';

describe('a connection', () => {
  it('sends Hello first, and an ACK for a heartbeat', () => {
    const { connection, taken, send } = connected();
    expect([taken(), connection.isOpen]).toEqual([[['send', HELLO]], true]);
    send(1, null);
    expect(taken()).toEqual([['send', ACK]]);
  });

  it('reads JSON in binary messages', () => {
    const { connection, taken } = connected();
    taken();
    connection.received(new TextEncoder().encode('{"op":1,"d":null}'));
    connection.received(Uint8Array.of(0x7b, 0xff));
    expect(taken()).toEqual([
      ['send', ACK],
      ['close', 4002],
    ]);
  });

  it('names the place that it is in, and its state', () => {
    const { connection, pass, send } = connected({ settings: { helloDelay: 10, readyDelay: 10 } });
    const places = [connection.place];
    pass(10);
    places.push(connection.place);
    send(2, IDENTIFY);
    places.push(connection.place);
    pass(10);
    places.push(connection.place);
    expect(places).toEqual(['greeting', 'awaitingIdentify', 'starting', 'live']);
    expect(connection.state).toMatch(/^connection/);
    connection.closed(4900);
    expect([connection.place, connection.session?.sequence]).toEqual([null, 1]);
  });

  it("answers the client's close frame with its code", () => {
    const { connection, taken } = connected();
    taken();
    connection.closed(4900);
    expect([taken(), connection.isOpen]).toEqual([[['answerClose', 4900]], false]);
  });

  it('keeps the session of a lost client, and sends nothing', () => {
    const { gateway, connection, identify, taken, clock } = connected({ settings: { sessionRetention: 1_000 } });
    identify();
    taken();
    connection.closed(1006);
    expect(gateway.control.dispatch('A', {})).toBe(1);
    clock.increment(1_000);
    expect([taken(), connection.session, clock.next]).toEqual([[], null, undefined]);
  });

  it('drops TCP where its own close frame is not answered in time', () => {
    const { gateway, taken, pass } = connected();
    taken();
    gateway.control.closeWith(4000);
    pass(4_999);
    expect(taken()).toEqual([['close', 4000]]);
    pass(1);
    expect(taken()).toEqual([['drop']]);
  });

  it('does not drop TCP where its close frame is answered', () => {
    const { gateway, connection, taken, pass } = connected();
    gateway.control.closeWith(4000);
    taken();
    connection.closed(4000);
    pass(10_000);
    expect(taken()).toEqual([]);
  });

  it('stops and starts reading', () => {
    const { gateway, taken } = connected();
    taken();
    gateway.control.injectFault('stopReading');
    gateway.control.injectFault('startReading');
    expect(taken()).toEqual([['pause'], ['resume']]);
  });

  it('lets a transport that answers close frames by itself know while it must not', () => {
    const { gateway, transport } = connected();
    const ignored: boolean[] = [];
    transport.ignoreClose = (isIgnored) => void ignored.push(isIgnored);
    for (const name of ['ignoreClose', 'swallowAcks', 'goSilent'] as const) gateway.control.injectFault(name);
    gateway.control.dispatch('A', {});
    expect(ignored.slice(0, 3)).toEqual([true, false, true]);
  });

  it('drops TCP when it is stopped, and takes and logs nothing after that', () => {
    const { gateway, connection, taken, send, clock } = connected();
    taken();
    const written = gateway.log.entries.length;
    connection.stop();
    send(2, IDENTIFY);
    connection.closed(4900);
    connection.send({ type: 'requestHeartbeat' });
    expect([taken(), connection.isOpen, clock.next]).toEqual([[['drop']], false, undefined]);
    expect(gateway.log.entries).toHaveLength(written);
  });

  it('counts as lost when the wire itself has closed it for a violation', () => {
    const { gateway, connection, identify, taken } = connected();
    identify();
    taken();
    connection.violated(1009);
    expect([taken(), connection.isOpen, connection.session?.sequence]).toEqual([[], false, 1]);
    expect(gateway.log.entries.at(-1)).toMatchObject({
      connection: 1,
      at: 0,
      direction: 'gateway',
      kind: 'close',
      code: 1009,
    });
  });

  it('logs what crosses the wire, with the time', () => {
    const { gateway, pass, send } = connected({ settings: { helloDelay: 5 } });
    pass(5);
    pass(20);
    send(1, 7);
    gateway.control.dropTcp();
    expect(gateway.log.entries).toMatchObject([
      {
        connection: 1,
        at: 0,
        direction: 'client',
        kind: 'open',
        path: '/?v=10&encoding=json',
        resumeHost: false,
      },
      { connection: 1, at: 5, direction: 'gateway', kind: 'text', payload: JSON.parse(HELLO), bytes: 60 },
      { connection: 1, at: 25, direction: 'client', kind: 'text', payload: { op: 1, d: 7 }, bytes: 14 },
      { connection: 1, at: 25, direction: 'gateway', kind: 'text', payload: JSON.parse(ACK), bytes: 36 },
      { connection: 1, at: 25, direction: 'gateway', kind: 'drop' },
    ]);
  });
});

describe('a connection in ETF', () => {
  const inEtf = (options: GatewayOptions = {}) => connected(options, '/?v=10&encoding=etf');

  it('sends and takes binary messages, and logs them as text', () => {
    const { gateway, connection, taken } = inEtf();
    connection.received(encodeEtf({ op: 1, d: null }));
    const sent = taken().map(([method, data]) => [method, decodeEtf(data as Uint8Array)]);
    expect(sent).toEqual([
      ['send', JSON.parse(HELLO)],
      ['send', JSON.parse(ACK)],
    ]);
    expect(gateway.log.entries.map(({ kind }) => kind)).toEqual(['open', 'text', 'text', 'text']);
  });

  it.each([
    ['text', '{"op":1,"d":null}'],
    ['bytes that are no ETF', Uint8Array.of(1, 2, 3)],
  ])('closes with 4002 for %s', (_, message) => {
    const { connection, taken } = inEtf();
    taken();
    connection.received(message);
    expect(taken()).toEqual([['close', 4002]]);
  });

  it('counts the bytes of ETF against the limit of a payload', () => {
    const heartbeat = encodeEtf({ op: 1, d: null });
    const { connection, taken } = inEtf({ limits: { payloadBytes: heartbeat.length } });
    taken();
    connection.received(heartbeat);
    expect(taken()).toMatchObject([['send', expect.any(Uint8Array)]]);
    connection.received(encodeEtf({ op: 1, d: 251, x: '' }));
    expect(taken()).toEqual([['close', 4002]]);
  });
});

describe('payload compression', () => {
  /** A dispatch of 29 characters without its data, which is text of ASCII. */
  const dispatched = (length: number, identify: object = { compress: true }, path = '/?v=10') => {
    const { gateway, identify: send, taken } = connected({}, path);
    send(identify);
    taken();
    gateway.control.dispatch('A', 'x'.repeat(length - 29));
    return taken().map(([, data]) => data);
  };
  const text = (length: number) => `{"t":"A","s":2,"op":0,"d":"${'x'.repeat(length - 29)}"}`;

  it('is for messages from 200 bytes on, each by itself', () => {
    expect(dispatched(199)).toEqual([text(199)]);
    const [message] = dispatched(200);
    expect(`${inflateSync(message as Uint8Array)}`).toBe(text(200));
  });

  it('counts bytes, and not characters', () => {
    const { gateway, identify, taken } = connected();
    identify({ compress: true });
    taken();
    gateway.control.dispatch('A', 'é'.repeat(86)); // 115 characters, 201 bytes
    expect(taken()).toEqual([['send', expect.any(Uint8Array)]]);
  });

  it.each([
    ['does not ask for it', {}],
    ['asks for it with something other than true', { compress: 1 }],
  ])('is not for a client that %s', (_, identify) => {
    expect(dispatched(1_000, identify)).toEqual([text(1_000)]);
  });

  it('is for READY already', () => {
    const { identify, taken } = connected();
    identify({ compress: true });
    const [hello, ready] = taken().map(([, data]) => data);
    expect(hello).toBe(HELLO);
    expect(JSON.parse(`${inflateSync(ready as Uint8Array)}`)).toMatchObject({ t: 'READY', s: 1 });
  });

  it('is switched off by transport compression', () => {
    const [message] = dispatched(1_000, { compress: true }, '/?v=10&compress=zlib-stream');
    // A stored block with its header of 5 bytes, and the marker.
    expect(
      Buffer.from(message as Uint8Array)
        .subarray(5, -5)
        .toString(),
    ).toBe(text(1_000));
  });

  it('is for JSON alone', () => {
    const { gateway, connection, pass, taken } = connected({}, '/?v=10&encoding=etf');
    connection.received(encodeEtf({ op: 2, d: { ...IDENTIFY, compress: true } }));
    pass();
    taken();
    gateway.control.dispatch('A', 'x'.repeat(1_000));
    const [[, message] = []] = taken();
    expect(decodeEtf(message as Uint8Array)).toMatchObject({ t: 'A', d: 'x'.repeat(1_000) });
  });

  it('leaves malformed binary messages as they are', () => {
    const { gateway, identify, taken } = connected();
    identify({ compress: true });
    taken();
    gateway.control.injectFault('malformed', { kind: 'binary' });
    expect(taken()).toEqual([['send', Uint8Array.of(0x83, 0x00, 0xff, 0x74)]]);
  });
});

/** The `d` of the smallest command. */
const SOUNDS = { guild_ids: [] };

describe('limits on what a client sends', () => {
  it('are 120 payloads in 60 s, in any 60 s', () => {
    const { live, pass } = inMemory();
    const client = live();
    pass(30_000);
    for (let n = 0; n < 119; n += 1) client.send(31, SOUNDS);
    pass();
    expect(client.end).toBeNull();
    pass(31_000); // Identify is out of the window, the others are not
    client.send(31, SOUNDS);
    pass();
    expect(client.end).toBeNull();
    client.send(31, SOUNDS);
    pass();
    expect(client.end?.code).toBe(4008);
  });

  it('start again with each connection', () => {
    const { live, pass, resume } = inMemory();
    const client = live();
    for (let n = 0; n < 119; n += 1) client.send(31, SOUNDS);
    client.socket.close(4900);
    pass();
    const next = resume(client, 1);
    for (let n = 0; n < 100; n += 1) next.send(31, SOUNDS);
    pass();
    expect(next.end).toBeNull();
  });

  it('are 4096 bytes a payload, counted in UTF-8', () => {
    const { live, pass } = inMemory();
    const client = live();
    const frame = (bytes: number) => `{"op":31,"d":{"guild_ids":[],"xy":"${'é'.repeat((bytes - 38) / 2)}"}}`;
    expect(new TextEncoder().encode(frame(4096)).length).toBe(4096);
    client.socket.send(frame(4096));
    pass();
    expect(client.end).toBeNull();
    client.socket.send(frame(4098));
    pass();
    expect(client.end?.code).toBe(4002);
  });

  it('count every payload of the window, whatever it holds', () => {
    const { connection, taken, pass, send } = connected({ limits: { sends: { count: 3, windowMs: 1_000 } } });
    taken();
    send(1, null);
    pass(1_000); // the first is out of the window
    for (let n = 0; n < 3; n += 1) send(1, null);
    expect(taken()).toEqual(new Array(4).fill(['send', ACK]));
    connection.received('{');
    expect(taken()).toEqual([['close', 4008]]);
  });
});
