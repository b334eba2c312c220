import { describe, expect, it } from 'vitest';
import { CAUSES, CLOSE_CODES, GATEWAY_CAUSES, GATEWAY_TIMERS, TIMERS } from '../../../machines/index.js';
import { chartOf } from '../../../src/viewer/model/charts.js';
import type { Effect, Moment } from '../../../src/viewer/model/moments.js';
import {
  awaited,
  clause,
  clauseOf,
  clock,
  closeCodeInWords,
  deeds,
  doing,
  happening,
  headline,
  reason,
  spaced,
  stateInWords,
} from '../../../src/viewer/model/words.js';

const effect = (type: string, params: Effect['params'] = {}): Effect => ({ type, params });

/** A moment of which only what is named is of interest. */
const moment = (rest: Partial<Moment>): Moment => ({
  index: 1,
  at: 0,
  kind: 'step',
  state: 'stopped',
  from: 'stopped',
  event: '',
  causes: [],
  effects: [],
  rows: [],
  timers: [],
  connection: 0,
  session: null,
  sequence: null,
  ...rest,
});

describe('what a timer waits for', () => {
  it('has words for every timer', () => {
    for (const timer of TIMERS) expect(awaited('shard', timer), timer).not.toBe(timer);
    for (const timer of GATEWAY_TIMERS) expect(awaited('gateway', timer), timer).not.toBe(timer);
  });

  it('depends on the side, and is the name of the timer where the chart is another', () => {
    expect([awaited('shard', 'hello'), awaited('gateway', 'hello')]).toEqual(['Hello', 'Hello goes out']);
    expect([awaited('shard', 'presence'), awaited('lamp', 'hello')]).toEqual(['presence', 'hello']);
  });
});

describe('the reason of a step', () => {
  it('is the sentence of its side, with what the event told', () => {
    expect(reason('shard', { name: 'ready' })).toBe(CAUSES.ready.says);
    expect(reason('gateway', { name: 'ready' })).toBe(GATEWAY_CAUSES.ready.says);
    expect(reason('shard', { name: 'closedForResume', closeCode: 1006 })).toBe(
      `${CAUSES.closedForResume.says} (1006 Abnormal closure)`,
    );
  });

  it.each([
    ['shard', 'constructor'],
    ['shard', 'helloSent'],
    ['gateway', 'helloBeforeResume'],
    ['lamp', 'ready'],
  ])('is the name of a cause that the chart %s does not have: %s', (chart, name) => {
    expect(reason(chart, { name })).toBe(name);
  });
});

describe('the clause of a cause', () => {
  it.each([
    ['shard', 'ready', 'gateway#ready-event'],
    ['shard', 'waited', 'policy#waits'],
    ['gateway', 'tooMany', 'gateway#rate-limiting'],
    ['gateway', 'ackWithheld', 'fault'],
    ['shard', 'tooMany', null],
    ['gateway', 'constructor', null],
  ])('is that of its side: %s, %s', (chart, cause, spec) => {
    expect(clauseOf(chart, cause)).toBe(spec);
  });

  it.each([
    ['gateway#hello-event', 'Hello Event', 'https://docs.discord.com/developers/events/gateway#hello-event'],
    [
      'gateway#gateway-url-query-string-params',
      'Gateway Url Query String Params',
      'https://docs.discord.com/developers/events/gateway#connecting-gateway-url-query-string-params',
    ],
    [
      'gateway#gateway-close-event-codes',
      'Gateway Close Event Codes',
      'https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes',
    ],
    ['policy#waits', 'our policy: waits', null],
    ['user', 'an order of yours', null],
    ['fault', 'a fault that was ordered', null],
  ])('links the documentation, and tells it from our own: %s', (spec, text, href) => {
    expect(clause(spec)).toEqual({ text, href });
  });
});

describe('what is done', () => {
  it.each<[Effect, says: string]>([
    [effect('locateGateway'), 'looks up the Gateway URL'],
    [effect('openSocket', { url: 'wss://gateway.discord.gg/?v=10' }), 'opens a WebSocket to gateway.discord.gg/?v=10'],
    [effect('openSocket', { url: 'ws://127.0.0.1:80' }), 'opens a WebSocket to 127.0.0.1:80'],
    [effect('openSocket', { url: null }), 'opens a WebSocket to the Gateway'],
    [effect('sendHeartbeat', { sequence: null }), 'sends a heartbeat'],
    [effect('sendHeartbeat', { sequence: 0 }), 'sends a heartbeat with s 0'],
    [effect('requestPermit'), 'asks for a permit to identify'],
    [effect('sendIdentify'), 'sends Identify'],
    [effect('sendResume', { sequence: 7 }), 'sends Resume from s 7'],
    [effect('closeSocket', { code: 4900 }), 'closes with 4900'],
    [effect('closeSocket', { code: 1000 }), 'closes with 1000, which ends the session'],
    [effect('dropSocket'), 'lets go of the socket'],
    [effect('sendHello', { interval: 1 }), 'sends Hello (op 10)'],
    [effect('sendReplay', { dispatches: [1, 2] }), 'replays what was missed: 2 dispatches'],
    [effect('sendReplay', {}), 'replays what was missed'],
    [effect('sendAck'), 'acknowledges it (op 11)'],
    [effect('sendHeartbeatRequest'), 'asks for a heartbeat (op 1)'],
    [effect('sendReconnect'), 'asks to reconnect (op 7)'],
    [effect('sendInvalidSession', { resumable: true }), 'sends Invalid Session (op 9), d true'],
    [effect('sendRaw', { kind: 'helloWithoutData' }), 'sends something malformed: hello without data'],
    [effect('close', { code: 4004 }), 'closes with 4004'],
    [effect('answerClose', { code: 1000 }), 'answers the close with 1000'],
    [effect('sendPresence'), 'send presence'],
    [effect('constructor'), 'constructor'],
  ])('is a clause: %j', (done, says) => {
    expect(doing(done)).toBe(says);
  });

  it('is listed for a moment without what is over before it is worth a word', () => {
    const effects = ['cancelLocate', 'dropSocket', 'openSocket', 'cancelPermit', 'sendIdentify'].map((type) =>
      effect(type),
    );
    expect(deeds(moment({ effects }))).toEqual(['opens a WebSocket to the Gateway', 'sends Identify']);
    expect(deeds(moment({}))).toEqual([]);
  });
});

describe('the headline of a moment', () => {
  it.each<[what: string, Partial<Moment>, says: string]>([
    ['its own words', { kind: 'end', says: 'The shard has stopped.', event: 'stop' }, 'The shard has stopped.'],
    [
      'its causes',
      { causes: [{ name: 'started' }, { name: 'gatewayUnknown' }], event: 'start' },
      `${CAUSES.started.says}; ${CAUSES.gatewayUnknown.says}`,
    ],
    ['the beginning', { kind: 'begin', event: 'start' }, 'here it begins'],
    ['its event', { event: 'hello' }, 'Hello (op 10)'],
    ['a step of which nothing is known', {}, 'a step'],
  ])('is %s', (_, rest, says) => {
    expect(headline('shard', moment(rest))).toBe(says);
  });
});

describe('an event', () => {
  it('has words if the shard chart knows it', () => {
    const types = new Set(
      [...(chartOf('shard')?.nodes.values() ?? [])].flatMap((node) => [...node.transitions.keys()]),
    );
    expect(types.size).toBeGreaterThan(20);
    for (const type of types) expect(happening(type), type).not.toBe(type);
  });

  it('is said as people do, a timer by its name, and any other as it is', () => {
    expect([happening('timer.hello'), happening('invalidSession'), happening('toggle')]).toEqual([
      'the timer hello ran out',
      'Invalid Session (op 9)',
      'toggle',
    ]);
  });
});

describe('a state', () => {
  it.each([
    ['running.connection.open(session.ready.settled + heartbeat.beating.acked)', 'ready · heartbeat acked'],
    [
      'running.connection.open(session.ready.settled + heartbeat.beating.overdue.listening + reading.flowing)',
      'ready · ACK overdue',
    ],
    [
      'running.connection.open(session.queuedForIdentify + heartbeat.jittering + reading.paused)',
      'queuedForIdentify · first heartbeat to come · reading paused',
    ],
    [
      'running.connection.open(session.ready.settling + heartbeat.resting.aWhile + reading.flowing)',
      'ready · heartbeat a while',
    ],
    ['running.waiting', 'waiting'],
    ['running.connection.closing.reconnecting', 'reconnecting'],
    ['stopped', 'stopped'],
    [
      'connection.open(session.live + heartbeat.expected + leaving.staying + answers.complete)',
      'live · heartbeat expected',
    ],
    ['connection.open(session.greeting.due + heartbeat.unknown)', 'greeting · heartbeat unknown'],
    ['listening.keeping', 'keeping'],
    ['(left.a + right.b)', '(left.a + right.b)'],
    ['', ''],
  ])('is made of %s: %s', (name, words) => {
    expect(stateInWords(name)).toBe(words);
  });
});

describe('a close code', () => {
  it('is said with its name and what it asks for', () => {
    expect(closeCodeInWords(4004)).toBe(`Authentication failed: ${CLOSE_CODES[4004].says}`);
    expect(closeCodeInWords(4999)).toMatch(/^Unknown close code: /);
  });
});

describe('names and times', () => {
  it.each([
    ['sendHelloAgain', 'send hello again'],
    ['hello', 'hello'],
    ['', ''],
  ])('are put apart for people: %s', (name, words) => {
    expect(spaced(name)).toBe(words);
  });

  it.each([
    [0, '0.00'],
    [1_234, '1.23'],
    [59_990, '59.99'],
    [60_000, '1:00.00'],
    [61_000, '1:01.00'],
    [3_605_250, '60:05.25'],
  ])('tell the time since the beginning: %d is %s', (ms, words) => {
    expect(clock(ms)).toBe(words);
  });
});
