import { describe, expect, it } from 'vitest';
import type { GatewayEvent } from '../../machines/gateway/vocabulary.js';
import type { Connection } from '../../src/simulator/connection.js';
import { FaultInjector } from '../../src/simulator/fault-injector.js';
import { faultRow } from '../../src/simulator/faults.js';
import { type FaultName, PLACES, type Place } from '../../src/simulator/index.js';
import { type Client, sessionIdOf } from './client.js';
import { inMemory } from './in-memory.js';

/** What the injector needs of a connection; it keeps the events that it is sent. */
function recorder(number: number, sessionId: string | null = null) {
  const events: GatewayEvent[] = [];
  const session = sessionId === null ? null : { id: sessionId };
  const connection = { number, session, isOpen: true, send: (event: GatewayEvent) => void events.push(event) };
  return { events, connection: connection as unknown as Connection };
}

/** Two connections, the first with a session. */
const two = () => [recorder(1, 'S1'), recorder(2)] as const;
type Recorder = ReturnType<typeof recorder>;
const all = (recorders: readonly Recorder[]) => recorders.map(({ connection }) => connection);
const typesOf = (recorders: readonly Recorder[]) => recorders.map(({ events }) => events.map(({ type }) => type));

describe('a momentary fault', () => {
  it('strikes every connection there is, and is over', () => {
    const injector = new FaultInjector();
    const recorders = two();
    expect(injector.inject('goSilent', {}, all(recorders))).toBe(2);
    expect(typesOf(recorders)).toEqual([['fault.goSilent'], ['fault.goSilent']]);
    expect(injector.pending).toEqual([]);
  });

  it.each([
    ['a connection', { connection: 2 }, [[], ['fault.dropTcp']]],
    ['a session', { sessionId: 'S1' }, [['fault.dropTcp'], []]],
    ['a session that is on another connection', { connection: 2, sessionId: 'S1' }, [[], []]],
  ])('strikes what it is aimed at: %s', (_, target, types) => {
    const recorders = two();
    expect(new FaultInjector().inject('dropTcp', target, all(recorders))).toBe(types.flat().length);
    expect(typesOf(recorders)).toEqual(types);
  });

  it('strikes as many of the connections there are as `times` says', () => {
    const recorders = two();
    const injector = new FaultInjector();
    expect(injector.inject('dropTcp', { times: 1 }, all(recorders))).toBe(1);
    expect([typesOf(recorders), injector.pending]).toEqual([[['fault.dropTcp'], []], []]);
    expect(injector.inject('dropTcp', { times: 'all' }, all(recorders))).toBe(2);
  });

  it('strikes each connection that reaches a place where `times` says all', () => {
    const injector = new FaultInjector();
    const recorders = two();
    injector.inject('dropTcp', { at: 'live', times: 'all' }, []);
    for (const connection of all(recorders)) injector.reached(connection, 'live');
    expect(typesOf(recorders)).toEqual([['fault.dropTcp'], ['fault.dropTcp']]);
    expect(injector.pending).toEqual([{ name: 'dropTcp', at: 'live', times: 'all' }]);
  });

  it('waits for a place, and strikes the first connection that reaches it', () => {
    const injector = new FaultInjector();
    const recorders = two();
    const [first, second] = all(recorders) as [Connection, Connection];
    expect(injector.inject('closeWith', { at: 'live', code: 4001 }, all(recorders))).toBe(0);
    injector.reached(first, 'greeting');
    expect(typesOf(recorders)).toEqual([[], []]);
    injector.reached(second, 'live');
    injector.reached(first, 'live');
    expect(recorders.map(({ events }) => events)).toEqual([[], [{ type: 'closeWith', code: 4001 }]]);
  });

  it('strikes as many connections as `times` says, one by one', () => {
    const injector = new FaultInjector();
    const { events, connection } = recorder(1);
    injector.inject('dropTcp', { at: 'greeting', times: 2 }, []);
    const left = [1, 2, 3].map(() => {
      injector.reached(connection, 'greeting');
      return injector.pending.map(({ times }) => times);
    });
    expect(left).toEqual([[1], [], []]);
    expect(events).toHaveLength(2);
  });

  it('waits for the connection that it is aimed at', () => {
    const injector = new FaultInjector();
    const recorders = two();
    injector.inject('dropTcp', { at: 'live', connection: 2 }, []);
    for (const connection of all(recorders)) injector.reached(connection, 'live');
    expect(typesOf(recorders)).toEqual([[], ['fault.dropTcp']]);
  });

  it('strikes once where what it does brings the connection to the same place again', () => {
    const injector = new FaultInjector();
    const events: string[] = [];
    const connection = {
      number: 1,
      session: null,
      send({ type }: GatewayEvent) {
        events.push(type);
        injector.reached(connection, 'awaitingIdentify');
      },
    } as unknown as Connection;
    injector.inject('invalidateSession', { at: 'awaitingIdentify' }, []);
    injector.reached(connection, 'awaitingIdentify');
    expect(events).toEqual(['invalidateSession']);
  });
});

describe('a standing fault', () => {
  it('strikes every connection there is, and each new one when it is greeted', () => {
    const injector = new FaultInjector();
    const recorders = two();
    const later = [recorder(3), recorder(4)];
    expect(injector.inject('swallowAcks', {}, all(recorders))).toBe(2);
    for (const connection of all(later)) injector.reached(connection, 'greeting');
    expect(typesOf([...recorders, ...later])).toEqual(new Array(4).fill(['fault.swallowAcks']));
    expect(injector.pending).toEqual([{ name: 'swallowAcks', at: 'greeting' }]);
  });

  it('strikes as many connections as `times` says, new ones included', () => {
    const injector = new FaultInjector();
    const recorders = two();
    const [later, last] = [recorder(3), recorder(4)];
    expect(injector.inject('swallowAcks', { times: 1 }, all(recorders))).toBe(1);
    expect(injector.pending).toEqual([]);
    expect(injector.inject('swallowAcks', { times: 3 }, all(recorders))).toBe(2);
    for (const { connection } of [later, last]) injector.reached(connection, 'greeting');
    expect(typesOf([...recorders, later, last]).map(({ length }) => length)).toEqual([2, 1, 1, 0]);
  });

  it('does not count connections that are past it', () => {
    const injector = new FaultInjector();
    const [live, later] = [recorder(1), recorder(2)];
    Object.assign(live.connection, { place: 'live' });
    expect(injector.inject('resumeThenDrop', { times: 1 }, [live.connection])).toBe(0);
    injector.reached(later.connection, 'greeting');
    expect(typesOf([live, later])).toEqual([[], ['fault.resumeThenDrop']]);
    expect(injector.inject('resumeThenDrop', {}, [live.connection])).toBe(1);
  });

  it('aimed at a session strikes each connection that resumes it', () => {
    const injector = new FaultInjector();
    const recorders = two();
    const later = recorder(3, 'S1');
    expect(injector.inject('swallowAcks', { sessionId: 'S1' }, all(recorders))).toBe(1);
    for (const place of PLACES) injector.reached(later.connection, place);
    expect(typesOf([...recorders, later])).toEqual([['fault.swallowAcks'], [], ['fault.swallowAcks']]);
    expect(injector.pending).toEqual([{ name: 'swallowAcks', at: 'replaying', sessionId: 'S1' }]);
  });

  it('leaves new connections alone where it is aimed at one', () => {
    const injector = new FaultInjector();
    const recorders = two();
    expect(injector.inject('swallowAcks', { connection: 2 }, all(recorders))).toBe(1);
    expect(typesOf(recorders)).toEqual([[], ['fault.swallowAcks']]);
    expect(injector.pending).toEqual([]);
  });

  it('strikes each connection that reaches a place, and none before', () => {
    const injector = new FaultInjector();
    const recorders = two();
    expect(injector.inject('ignoreClose', { at: 'live' }, all(recorders))).toBe(0);
    for (const connection of all(recorders)) injector.reached(connection, 'starting');
    expect(typesOf(recorders)).toEqual([[], []]);
    for (const connection of all(recorders)) injector.reached(connection, 'live');
    expect(typesOf(recorders)).toEqual([['fault.ignoreClose'], ['fault.ignoreClose']]);
    expect(injector.pending).toEqual([{ name: 'ignoreClose', at: 'live' }]);
  });
});

describe('a session that waits to be resumed', () => {
  it.each([
    ['goSilent', 0],
    ['closeWith', 0],
    ['requestHeartbeat', 0],
    ['invalidateSession', 1],
    ['skipSequence', 1],
  ] as const)('is reached by what is about it alone: %s', (name, reached) => {
    const { live, pass, control } = inMemory();
    live().socket.drop();
    pass();
    expect(control.injectFault(name)).toBe(reached);
  });

  it('is not reached by orders for connections', () => {
    const { live, pass, control } = inMemory();
    live().socket.drop();
    pass();
    expect([control.requestHeartbeat(), control.requestReconnect(), control.dropTcp()]).toEqual([0, 0, 0]);
  });
});

describe('a fault of handshakes', () => {
  it('strikes no connection, and stands with its details', () => {
    const injector = new FaultInjector();
    const recorders = two();
    expect(injector.inject('refuseConnections', { status: 429 }, all(recorders))).toBe(0);
    expect(typesOf(recorders)).toEqual([[], []]);
    expect(injector.takeHandshakeFault('refuseConnections')).toMatchObject({ status: 429 });
    expect(injector.takeHandshakeFault('refuseResumeHost')).toBeUndefined();
  });

  it('strikes as many handshakes as `times` says', () => {
    const injector = new FaultInjector();
    injector.inject('refuseConnections', { times: 2 }, []);
    const struck = [1, 2, 3].map(() => {
      const { pending } = injector;
      return [pending.map(({ times }) => times), injector.takeHandshakeFault('refuseConnections') !== undefined];
    });
    expect(struck).toEqual([
      [[2], true],
      [[1], true],
      [[], false],
    ]);
  });

  it('is replaced by a newer one of its name', () => {
    const injector = new FaultInjector();
    injector.inject('refuseGetGateway', { status: 429, retryAfter: 1 }, []);
    injector.inject('refuseGetGateway', {}, []);
    expect(injector.pending).toEqual([{ name: 'refuseGetGateway' }]);
  });
});

describe('several faults', () => {
  it('strike in the order in which they were ordered', () => {
    const injector = new FaultInjector();
    const { events, connection } = recorder(1);
    for (const name of ['requestReconnect', 'requestHeartbeat', 'dropTcp'] as const) {
      injector.inject(name, { at: 'live' }, []);
    }
    injector.reached(connection, 'live');
    expect(events.map(({ type }) => type)).toEqual(['requestReconnect', 'requestHeartbeat', 'fault.dropTcp']);
  });

  it('are listed while they stand', () => {
    const { control } = inMemory();
    control.injectFault('swallowAcks');
    control.injectFault('closeWith', { at: 'live', code: 4004, times: 2 });
    control.injectFault('refuseResumeHost');
    expect(control.state().faults).toEqual([
      { name: 'swallowAcks', at: 'greeting' },
      { name: 'closeWith', at: 'live', code: 4004, times: 2 },
      { name: 'refuseResumeHost' },
    ]);
  });

  it('are all cleared', () => {
    const injector = new FaultInjector();
    const { events, connection } = recorder(1);
    injector.inject('swallowAcks', {}, []);
    injector.inject('dropTcp', { at: 'live' }, []);
    injector.inject('refuseConnections', {}, []);
    injector.clear();
    for (const place of PLACES) injector.reached(connection, place);
    expect([injector.pending, injector.takeHandshakeFault('refuseConnections'), events]).toEqual([[], undefined, []]);
  });

  it('strike once, in their place, and only the connection that they are aimed at', () => {
    const { control, open, pass } = inMemory({ maxConcurrency: 2 });
    control.injectFault('dropTcp', { at: 'live', connection: 2 });
    const [first, second] = [open(), open()];
    first.identify({ shard: [0, 2] });
    second.identify({ shard: [1, 2] });
    pass();
    expect([first.end, second.end?.code]).toEqual([null, 1006]);
    expect(control.state().faults).toEqual([]);
  });
});

describe('an order that makes no sense', () => {
  it.each([
    ['explode', {}, 'There is no fault "explode"'],
    ['toString', {}, 'There is no fault "toString"'],
    [
      'dropTcp',
      { at: 'somewhere' },
      'at must be one of greeting, awaitingIdentify, starting, replaying, live, not "somewhere"',
    ],
    ['dropTcp', { at: 'live', times: 0 }, 'times must be a whole number from 1, or "all", not 0'],
    ['dropTcp', { cod: 1 }, 'dropTcp takes no cod: it takes times, at, connection, sessionId'],
    ['closeWith', { code: 1006 }, 'code must be a code that a close frame can hold, not 1006'],
  ])('is refused with what is wrong, and nothing happens: %s %o', (name, options, message) => {
    const injector = new FaultInjector();
    const { events, connection } = recorder(1);
    expect(() => injector.inject(name as FaultName, options as never, [connection])).toThrow(new TypeError(message));
    expect([events, injector.pending]).toEqual([[], []]);
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
  ])('is refused by the control of a Gateway: %s %o', (name, options) => {
    expect(() => inMemory().control.injectFault(name as FaultName, options as never)).toThrow(TypeError);
  });
});

describe('a fault that is over once a connection is live', () => {
  const answers = ({ payloads }: Client) => payloads.map(({ op, t }) => t ?? op).filter((each) => each !== 11);
  const ROWS = (['withholdHello', 'withholdReady', 'withholdResumed', 'resumeThenDrop'] as const).flatMap((name) =>
    (faultRow(name).places ?? []).map((place) => [name, place] as const),
  );

  it.each(ROWS)('happens in the places that it may be ordered for: %s at %s', (name, place) => {
    const { control, pass, reach, live, open } = reaching();
    const resumes = name === 'withholdResumed' || name === 'resumeThenDrop';
    const before = resumes ? live() : null;
    before?.socket.close(4900);
    pass();
    control.injectFault(name, { at: place });
    if (before === null) return expect(answers(reach('live'))).toEqual(name === 'withholdHello' ? [] : [10]);
    const client = open();
    client.resume(sessionIdOf(before.payloads), 1);
    pass();
    expect(answers(client)).not.toContain('RESUMED');
    expect(client.end !== null).toBe(name === 'resumeThenDrop');
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

/** A Gateway on which a client can be brought to any place. */
function reaching() {
  const base = inMemory();
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
