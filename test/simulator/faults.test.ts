import { describe, expect, it } from 'vitest';
import { checkFault, faultRow, faultTakes, isFaultName, isSendableCode } from '../../src/simulator/faults.js';
import {
  FAULTS,
  type FaultName,
  MALFORMED,
  type MalformedFrame,
  type MalformedKind,
} from '../../src/simulator/index.js';
import { connect, MAIN, RESUME, sessionIdOf } from './client.js';
import { inMemory } from './in-memory.js';

describe('faults', () => {
  const tried: Record<FaultName, () => void> = {
    withholdHello() {
      const { control, open, pass } = inMemory();
      control.injectFault('withholdHello');
      const client = open();
      pass(60_000);
      expect([client.news(), client.end]).toEqual([[], null]);
      control.clearFaults();
      pass();
      expect(client.news()).toEqual(['op 10']);
    },
    withholdReady() {
      const { control, open, pass } = inMemory();
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
      const { control, live, resume, pass } = inMemory();
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
      const { control, live, resume, pass } = inMemory();
      const client = live();
      client.socket.drop();
      pass();
      control.injectFault('resumeThenDrop', { times: 2 });
      for (let n = 0; n < 2; n += 1) expect(resume(client, 1).end).toMatchObject({ code: 1006, wasClean: false });
      expect(resume(client, 1).news()).toEqual(['op 10', 'RESUMED 2']);
    },
    swallowAcks() {
      const { control, live, pass } = inMemory();
      const client = live();
      control.injectFault('swallowAcks', { connection: 1 });
      client.send(1, 1);
      control.dispatch('A', {});
      pass();
      expect(client.news()).toEqual(['A 2']);
      expect(control.state().faults).toEqual([]);
    },
    ignoreClose() {
      const { control, live, pass } = inMemory();
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
      const { control, live, pass } = inMemory();
      const client = live();
      control.injectFault('goSilent');
      client.send(1, 1);
      control.dispatch('A', {});
      client.socket.close(4900);
      pass(100_000);
      expect([client.end, client.news()]).toEqual([null, []]);
    },
    stopReading() {
      const { control, live, pass } = inMemory();
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
      const { control, live, pass } = inMemory();
      const client = live();
      control.injectFault('stopReading');
      client.send(1, 1);
      pass();
      expect(control.injectFault('startReading')).toBe(1);
      pass();
      expect(client.news()).toEqual(['op 11']);
    },
    dropTcp() {
      const { control, live, pass, resume } = inMemory();
      const client = live();
      control.injectFault('dropTcp');
      pass();
      expect(client.end).toEqual({ code: 1006, reason: '', wasClean: false });
      expect(resume(client, 1).news()).toEqual(['op 10', 'RESUMED 2']);
    },
    closeWith() {
      const { control, live, pass } = inMemory();
      const client = live();
      expect(control.injectFault('closeWith')).toBe(1);
      pass();
      expect(client.end?.code).toBe(4000);
    },
    requestHeartbeat() {
      const { control, live, pass } = inMemory();
      const client = live();
      control.injectFault('requestHeartbeat');
      pass();
      expect(client.news()).toEqual(['op 1']);
    },
    requestReconnect() {
      const { control, open, pass } = inMemory();
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
        const { control, live, pass } = inMemory();
        const client = live();
        control.injectFault('invalidateSession', { resumable });
        pass();
        client.resume(sessionIdOf(client.payloads), 1);
        pass();
        expect(client.news()).toEqual([`op 9 ${resumable}`, after]);
      }
    },
    malformed() {
      const { control, live, pass } = inMemory();
      const client = live();
      const before = client.frames.length;
      const kinds = Object.keys(MALFORMED) as MalformedKind[];
      for (const kind of kinds) control.injectFault('malformed', { kind });
      pass();
      const session = { sessionId: sessionIdOf(client.payloads), resumeUrl: 'wss://gateway-us-east1-b.discord.gg' };
      // Each has a number of its own, after that of READY.
      const frames = kinds.map((kind, at) => (MALFORMED[kind] as MalformedFrame).frame(2 + at, session));
      expect(client.frames.slice(before)).toEqual(frames);
    },
    skipSequence() {
      const { control, live, pass } = inMemory();
      const client = live();
      control.injectFault('skipSequence', { by: 7 });
      control.dispatch('A', {});
      pass();
      expect(client.news()).toEqual(['A 9']);
    },
    helloWithUpgrade() {
      // In memory there are no packets: Hello always comes in the instant in which the connection opens.
      const { control, gateway } = inMemory();
      control.injectFault('helloWithUpgrade', { times: 1 });
      expect(control.state().faults).toEqual([{ name: 'helloWithUpgrade', times: 1 }]);
      const client = connect(gateway.socketPort, MAIN);
      expect(client.opened).toBe(false);
    },
    refuseResumeHost() {
      const { control, open } = inMemory();
      control.injectFault('refuseResumeHost');
      expect(open(RESUME).end).toEqual({ code: 1006, reason: '', wasClean: false, httpStatus: 503 });
      expect(open(MAIN).end).toBeNull();
    },
    refuseConnections() {
      const { control, open } = inMemory();
      control.injectFault('refuseConnections', { status: 429 });
      expect([open(RESUME).end?.httpStatus, open(MAIN).end?.httpStatus]).toEqual([429, 429]);
      control.clearFaults();
      expect(open(MAIN).end).toBeNull();
    },
    refuseGetGateway() {
      const { control, gateway, clock } = inMemory();
      control.injectFault('refuseGetGateway', { status: 429, retryAfter: 2 });
      const failing = expect(gateway.locator.locate({ signal: new AbortController().signal })).rejects.toMatchObject({
        reason: 'rateLimited',
        retryAfter: 2_000,
      });
      clock.increment(1);
      return failing;
    },
  };
  it('have a sentence each', () => {
    expect(Object.values(FAULTS).filter((says) => !/^[\w'].{10,}[^.]$/.test(says))).toEqual([]);
  });

  it('are the twenty that are tried here', () => {
    expect(Object.keys(FAULTS)).toEqual(Object.keys(tried));
    expect(Object.keys(tried)).toHaveLength(20);
  });

  it.each(Object.entries(tried))('%s does what it says', (_, check) => check());
});

describe('isFaultName', () => {
  it.each(['withholdHello', 'dropTcp', 'refuseGetGateway'])('knows %s', (name) => {
    expect(isFaultName(name)).toBe(true);
  });

  it.each(['explode', 'toString', '__proto__', '', 'DROPTCP', undefined, null, 7, ['dropTcp']])(
    'does not know %o',
    (name) => {
      expect(isFaultName(name)).toBe(false);
    },
  );
});

describe('faultRow', () => {
  it.each([
    ['closeWith', {}, { type: 'closeWith', code: 4000 }],
    ['closeWith', { code: 4009 }, { type: 'closeWith', code: 4009 }],
    ['invalidateSession', {}, { type: 'invalidateSession', resumable: false }],
    ['invalidateSession', { resumable: true }, { type: 'invalidateSession', resumable: true }],
    ['malformed', {}, { type: 'fault.malformed', kind: 'notJson' }],
    ['malformed', { kind: 'giant' }, { type: 'fault.malformed', kind: 'giant' }],
    ['skipSequence', {}, { type: 'fault.skipSequence', by: 5 }],
    ['skipSequence', { by: 1 }, { type: 'fault.skipSequence', by: 1 }],
    ['refuseConnections', { status: 429 }, null],
  ] as const)('gives the event of %s with %o', (name, details, event) => {
    expect(faultRow(name).event(details)).toEqual(event);
  });

  it.each([
    ['standing', 'withholdHello withholdReady withholdResumed resumeThenDrop swallowAcks ignoreClose'],
    [
      'momentary',
      'goSilent stopReading startReading dropTcp closeWith requestHeartbeat requestReconnect invalidateSession ' +
        'malformed skipSequence',
    ],
    ['handshake', 'helloWithUpgrade refuseResumeHost refuseConnections refuseGetGateway'],
  ])('says which faults are %s', (lasts, names) => {
    const found = (Object.keys(FAULTS) as FaultName[]).filter((name) => faultRow(name).lasts === lasts);
    expect(found.join(' ')).toBe(names);
  });
});

describe('isSendableCode', () => {
  // RFC 6455, 7.4, and the codes that IANA has registered since.
  it.each([1000, 1003, 1007, 1011, 1014, 3000, 3999, 4000, 4999])('takes %d', (code) => {
    expect(isSendableCode(code)).toBe(true);
  });

  it.each([999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 0, -1, 1000.5, Number.NaN])('refuses %d', (code) => {
    expect(isSendableCode(code)).toBe(false);
  });
});

describe('checkFault', () => {
  it.each<[FaultName, object]>([
    ['dropTcp', {}],
    ['closeWith', { code: 1000 }],
    ['closeWith', { code: undefined, at: 'greeting', times: 'all' }],
    ['invalidateSession', { resumable: false, sessionId: 'S' }],
    ['malformed', { kind: 'deep', connection: 1 }],
    ['skipSequence', { by: 1 }],
    ['skipSequence', { by: 1_000_000, at: 'live', sessionId: 'S' }],
    ['refuseConnections', { status: 400, times: 3 }],
    ['refuseGetGateway', { status: 599, retryAfter: 0 }],
    ['refuseGetGateway', { retryAfter: 0.5 }],
    ['withholdHello', { at: 'greeting' }],
    ['withholdReady', { at: 'starting' }],
    ['withholdResumed', { at: 'replaying' }],
    ['resumeThenDrop', { at: 'replaying' }],
    ['swallowAcks', { at: 'live' }],
  ])('takes %s with %o', (name, options) => {
    expect(() => checkFault(name, options as never)).not.toThrow();
  });

  it.each([
    ['explode', {}, 'There is no fault "explode"'],
    ['swallowAck', {}, 'There is no fault "swallowAck": write swallowAcks'],
    [undefined, {}, 'There is no fault undefined'],
    ['closeWith', { code: 1006 }, 'code must be a code that a close frame can hold, not 1006'],
    ['closeWith', { code: '4000' }, 'code must be a code that a close frame can hold, not "4000"'],
    ['closeWith', { cod: 4009 }, 'closeWith takes no cod: it takes code, times, at, connection, sessionId'],
    ['closeWith', { by: 1 }, 'closeWith takes no by: it takes code, times, at, connection, sessionId'],
    ['invalidateSession', { resumable: 'yes' }, 'resumable must be true or false, not "yes"'],
    ['invalidateSession', { resumable: null }, 'resumable must be true or false, not null'],
    ['skipSequence', { by: 0 }, 'by must be a whole number from 1 to 1000000, not 0'],
    ['skipSequence', { by: 1.5 }, 'by must be a whole number from 1 to 1000000, not 1.5'],
    ['skipSequence', { by: 1_000_001 }, 'by must be a whole number from 1 to 1000000, not 1000001'],
    ['refuseConnections', { status: 399 }, 'status must be an HTTP status from 400 to 599, not 399'],
    ['refuseConnections', { status: 600 }, 'status must be an HTTP status from 400 to 599, not 600'],
    ['refuseConnections', { at: 'live' }, 'refuseConnections takes no at: it takes status, times'],
    ['refuseResumeHost', { connection: 1 }, 'refuseResumeHost takes no connection: it takes status, times'],
    ['helloWithUpgrade', { status: 503 }, 'helloWithUpgrade takes no status: it takes times'],
    ['refuseGetGateway', { retryAfter: -1 }, 'retryAfter must be a number of seconds, not -1'],
    ['refuseGetGateway', { retryAfter: '1' }, 'retryAfter must be a number of seconds, not "1"'],
    [
      'withholdHello',
      { at: 'awaitingIdentify' },
      'withholdHello cannot happen any more at awaitingIdentify: leave out at, or write one of greeting',
    ],
    [
      'withholdReady',
      { at: 'live' },
      'withholdReady cannot happen any more at live: leave out at, or write one of greeting, awaitingIdentify, starting',
    ],
    [
      'withholdResumed',
      { at: 'starting' },
      'withholdResumed cannot happen any more at starting: leave out at, or write one of greeting, awaitingIdentify, replaying',
    ],
    ['dropTcp', { connection: 0 }, 'connection must be the number of a connection, not 0'],
    ['dropTcp', { sessionId: 7 }, 'sessionId must be the id of a session, not 7'],
    ['dropTcp', { at: 'live', times: 1.5 }, 'times must be a whole number from 1, or "all", not 1.5'],
    [
      'withholdHello',
      { sessionId: 'S' },
      'withholdHello comes before a session is named: leave out sessionId, or name a connection',
    ],
    [
      'swallowAcks',
      { sessionId: 'S', at: 'greeting' },
      'no session is named yet at greeting: leave out sessionId, or at',
    ],
  ])('refuses %s with %o', (name, options, message) => {
    expect(() => checkFault(name, options)).toThrow(new TypeError(message));
  });

  it.each(['toString', 'NOTJSON', ''])('refuses the kind %o with those there are', (kind) => {
    expect(() => checkFault('malformed', { kind })).toThrow(
      /^kind must be one of notJson, empty, null, .*, deep, giant, not "/,
    );
  });
});

describe('faultTakes', () => {
  it('knows the faults that there are', () => {
    expect(() => faultTakes('closewith' as never)).toThrow('There is no fault "closewith": write closeWith');
    expect(faultTakes('closeWith').detail).toBe('code');
  });
});
