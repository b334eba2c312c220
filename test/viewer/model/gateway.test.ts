import { describe, expect, it } from 'vitest';
import type { StepLine } from '../../../src/trace/index.js';
import { knownByGateway, type Said, saidByGateway } from '../../../src/viewer/model/gateway.js';
import type { Moment } from '../../../src/viewer/model/moments.js';

type Done = NonNullable<StepLine['do']>;

/** A step of a connection that is live. */
const step = (event: StepLine['event'], done: Done = [], rest: Partial<StepLine> = {}): StepLine => ({
  type: 'step',
  at: 0,
  event,
  from: 'connection.open',
  do: done,
  ...rest,
});
const done = (type: string, params: Record<string, unknown> = {}) => ({ type, params });

describe('what the client is seen to send', () => {
  it.each<[StepLine['event'], Said]>([
    [
      { type: 'connected', number: 1 },
      { direction: 'out', kind: 'open', label: 'opens a WebSocket' },
    ],
    [
      { type: 'closed', code: 1000 },
      { direction: 'out', kind: 'close', label: 'close 1000' },
    ],
    [
      { type: 'closed', code: 1006 },
      { direction: 'out', kind: 'drop', label: 'the connection is lost' },
    ],
    [{ type: 'received.identify' }, { direction: 'out', kind: 'frame', label: 'Identify', detail: 'op 2' }],
    [
      { type: 'received.resume', sequence: 7 },
      { direction: 'out', kind: 'frame', label: 'Resume', detail: 'op 6, from s 7' },
    ],
    [
      { type: 'received.heartbeat', sequence: null },
      { direction: 'out', kind: 'frame', label: 'Heartbeat', detail: 'op 1, s null' },
    ],
    [
      { type: 'received.command', opcode: 3 },
      { direction: 'out', kind: 'frame', label: 'Presence Update', detail: 'op 3' },
    ],
    [
      { type: 'received.unknownOpcode', opcode: 99 },
      { direction: 'out', kind: 'frame', label: 'unknown opcode', detail: 'op 99' },
    ],
    [{ type: 'received.undecodable' }, { direction: 'out', kind: 'frame', label: 'something that makes no sense' }],
    [{ type: 'received.tooLarge' }, { direction: 'out', kind: 'frame', label: 'a payload over 4096 bytes' }],
    [{ type: 'received.tooMany' }, { direction: 'out', kind: 'frame', label: 'one payload too many' }],
  ])('is what came to the Gateway: %j', (event, said) => {
    expect(saidByGateway(step(event))).toEqual([said]);
  });
});

describe('what the client is seen to receive', () => {
  it.each<[type: string, params: Record<string, unknown>, Said]>([
    [
      'sendHello',
      { interval: 41_250 },
      { direction: 'in', kind: 'frame', label: 'Hello', detail: 'op 10, every 41250 ms' },
    ],
    ['sendReady', { sequence: 1 }, { direction: 'in', kind: 'frame', label: 'READY', detail: 'op 0, s 1' }],
    ['sendResumed', { sequence: 9 }, { direction: 'in', kind: 'frame', label: 'RESUMED', detail: 'op 0, s 9' }],
    ['sendAck', {}, { direction: 'in', kind: 'frame', label: 'Heartbeat ACK', detail: 'op 11' }],
    ['sendHeartbeatRequest', {}, { direction: 'in', kind: 'frame', label: 'Heartbeat', detail: 'op 1' }],
    ['sendReconnect', {}, { direction: 'in', kind: 'frame', label: 'Reconnect', detail: 'op 7' }],
    [
      'sendInvalidSession',
      { resumable: false },
      { direction: 'in', kind: 'frame', label: 'Invalid Session', detail: 'op 9, d false' },
    ],
    [
      'sendRaw',
      { kind: 'notJson' },
      { direction: 'in', kind: 'frame', label: 'something malformed', detail: 'notJson' },
    ],
    ['close', { code: 4009 }, { direction: 'in', kind: 'close', label: 'close 4009' }],
    ['answerClose', { code: 1000 }, { direction: 'in', kind: 'close', label: 'answers the close with 1000' }],
    ['dropTcp', {}, { direction: 'in', kind: 'drop', label: 'drops TCP' }],
  ])('is what the Gateway does: %s %j', (type, params, said) => {
    expect(saidByGateway(step({ type: 'timer.hello' }, [done(type, params)]))).toEqual([said]);
  });

  it('is one burst of all dispatches of a step, replayed or new', () => {
    const missed = [
      { name: 'MESSAGE_CREATE', sequence: 5 },
      { name: 'TYPING_START', sequence: 6 },
      { name: 'MESSAGE_CREATE', sequence: 7 },
    ];
    const effects = [done('sendReplay', { dispatches: missed }), done('sendDispatch', { name: 'READY', sequence: 8 })];
    expect(saidByGateway(step({ type: 'timer.replay' }, effects))).toEqual([
      {
        direction: 'in',
        kind: 'dispatches',
        label: '',
        burst: { first: 5, last: 8, names: { MESSAGE_CREATE: 2, TYPING_START: 1, READY: 1 } },
      },
    ]);
  });

  it('leaves out of a burst what is no dispatch', () => {
    const strange = [null, { name: 'X' }, { sequence: 1 }, { name: 7, sequence: 1 }, { name: 'A', sequence: 2 }];
    const said = saidByGateway(
      step({ type: 'timer.replay' }, [
        done('sendReplay', { dispatches: strange }),
        done('sendReplay', { dispatches: 'all' }),
        done('sendDispatch', {}),
      ]),
    );
    expect(said.map(({ burst }) => burst)).toEqual([{ first: 2, last: 2, names: { A: 1 } }]);
    expect(saidByGateway(step({ type: 'timer.replay' }, [done('sendReplay', { dispatches: [] })]))).toEqual([]);
  });
});

describe('what a step tells of the wire', () => {
  it('is in order: what came, what was answered, and dispatches last', () => {
    const said = saidByGateway(
      step({ type: 'received.resume', sequence: 1 }, [
        done('sendDispatch', { name: 'MESSAGE_CREATE', sequence: 2 }),
        done('sendResumed', { sequence: 3 }),
      ]),
    );
    expect(said.map(({ kind, label }) => label || kind)).toEqual(['Resume', 'RESUMED', 'dispatches']);
  });

  it('is nothing where nothing was said', () => {
    expect(saidByGateway(step({ type: 'timer.heartbeat' }, [done('arm'), done('report')]))).toEqual([]);
    expect(saidByGateway(step({ type: 'constructor' }, [done('toString')]))).toEqual([]);
    expect(saidByGateway({ type: 'step', at: 0, event: { type: 'dispatch' }, from: 'connection.open' })).toEqual([]);
  });
});

describe('what is known after a step', () => {
  const live = { connection: 3, session: 'abc', sequence: 7 } as Moment;

  it.each<[what: string, StepLine, known: Pick<Moment, 'connection' | 'session' | 'sequence'>]>([
    ['nothing new', step({ type: 'timer.heartbeat' }), { connection: 3, session: 'abc', sequence: 7 }],
    ['another connection', step({ type: 'connected', number: 4 }), { connection: 4, session: 'abc', sequence: 7 }],
    [
      'a new session',
      step({ type: 'timer.ready' }, [done('sendReady', { sessionId: 'def', sequence: 1 })]),
      { connection: 3, session: 'def', sequence: 1 },
    ],
    [
      'a dispatch that is sent',
      step({ type: 'dispatch' }, [done('sendDispatch', { sequence: 8 })]),
      { connection: 3, session: 'abc', sequence: 8 },
    ],
    [
      'a dispatch that is kept for a replay',
      step({ type: 'dispatch' }, [], { from: 'listening.keeping' }),
      { connection: 3, session: 'abc', sequence: 8 },
    ],
    [
      'the end of a replay',
      step({ type: 'timer.replay' }, [done('sendResumed', { sequence: 12 })]),
      { connection: 3, session: 'abc', sequence: 12 },
    ],
    [
      'a session that came from another connection',
      step({ type: 'adopt', session: { id: 'ghi', sequence: 20 } }),
      { connection: 3, session: 'ghi', sequence: 20 },
    ],
    ...['sessionInvalidated', 'sessionTaken', 'sessionExpired', 'endedByClient'].map(
      (name): [string, StepLine, Pick<Moment, 'connection' | 'session' | 'sequence'>] => [
        `the end of the session (${name})`,
        step({ type: 'x' }, [], { causes: [{ name }] as never }),
        { connection: 3, session: null, sequence: null },
      ],
    ),
    [
      'that nothing is left',
      step({ type: 'timer.retention' }, [], { from: 'listening.keeping', to: 'listening.empty' }),
      { connection: 3, session: null, sequence: null },
    ],
    [
      'values that make no sense',
      step({ type: 'adopt', session: null }, [done('sendReady', { sessionId: 1, sequence: 'x' })]),
      { connection: 3, session: 'abc', sequence: 7 },
    ],
  ])('is %s', (_, line, known) => {
    expect(knownByGateway(live, line)).toEqual(known);
  });

  it('is nothing before the first', () => {
    expect(knownByGateway(undefined, step({ type: 'dispatch' }))).toEqual({
      connection: 0,
      session: null,
      sequence: null,
    });
  });
});
