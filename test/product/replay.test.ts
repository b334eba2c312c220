import { describe, expect, it } from 'vitest';
import { shardMachine } from '../../machines/shard/chart.js';
import type { Charts } from '../../src/product/joint.js';
import { playMoves, type ReplayedMove } from '../../src/product/replay.js';
import { CHARTS, TO_READY } from '../support/product-run.js';

const stepsOf = (moves: readonly string[], charts: Partial<Charts> = {}) =>
  playMoves(moves, { ...CHARTS, ...charts }).steps;
/** The last step of a run. */
const lastOf = (...moves: readonly string[]) => stepsOf(moves).at(-1) as ReplayedMove;
/** What the last move of a run delivered. */
const messageOf = (...moves: readonly string[]) => lastOf(...TO_READY, ...moves).message;

const AWAY = [...TO_READY, 'the network fails', 'to the shard', 'to the Gateway'];
const BACK = [
  'timer.reconnect of the shard',
  'the socket is accepted',
  'to the shard',
  'timer.hello of the Gateway',
  'to the shard',
];

describe('a replay', () => {
  it('has for each move what was delivered and sent, and the states of both charts', () => {
    const steps = stepsOf(TO_READY.slice(0, 7)).map(({ move, kind, to, message, sent, shard, gateway, broken }) => [
      [move, kind, to],
      message,
      sent,
      [shard, gateway],
      broken,
    ]);
    const greeting = 'open(session.greeting.due + heartbeat.unexpected)';
    const awaiting = 'open(session.awaitingIdentify + heartbeat.expected)';
    const queued = 'open(session.queuedForIdentify + heartbeat.jittering + reading.flowing)';
    const identifying = 'open(session.identifying + heartbeat.jittering + reading.flowing)';
    expect(steps).toEqual([
      [['start', 'order', 'shard'], null, [], ['running.locating', 'listening.empty'], null],
      [['located', 'answer', 'shard'], null, [], ['reaching.opening', 'listening.empty'], null],
      [
        ['the socket is accepted', 'answer', 'gateway'],
        null,
        ['the Gateway sends the end of the handshake'],
        ['reaching.opening', greeting],
        null,
      ],
      [
        ['to the shard', 'delivery', 'shard'],
        'the end of the handshake',
        [],
        ['reaching.awaitingHello', greeting],
        null,
      ],
      [
        ['timer.hello of the Gateway', 'timer', 'gateway'],
        null,
        ['the Gateway sends Hello'],
        ['reaching.awaitingHello', awaiting],
        null,
      ],
      [['to the shard', 'delivery', 'shard'], 'Hello', [], [queued, awaiting], null],
      [['permitGranted', 'answer', 'shard'], null, ['the shard sends Identify'], [identifying, awaiting], null],
    ]);
  });

  it('of no moves has no steps', () => {
    expect(playMoves([], CHARTS)).toEqual({ steps: [], broken: null });
  });

  it('keeps every number as it is', () => {
    const moves = ['dispatch', 'dispatch', 'dispatch', 'to the shard', 'to the shard', 'to the shard'];
    expect(
      stepsOf([...TO_READY, ...moves])
        .slice(-3)
        .map(({ message }) => message),
    ).toEqual(['a dispatch (2)', 'a dispatch (3)', 'a dispatch (4)']);
  });

  it('marks what reaches nobody', () => {
    expect(lastOf(...TO_READY, 'the network fails', 'to the Gateway', 'reconnect').sent).toEqual([
      'the shard sends close (4900), to nobody',
    ]);
  });

  it('names the first property that is broken, and the step', () => {
    const ungated = Object.getPrototypeOf(shardMachine) as typeof shardMachine;
    const late = 'located, too late, after the next was asked';
    const { broken, steps } = playMoves(['start', 'reconnect', late, 'the socket is accepted'], {
      ...CHARTS,
      shard: ungated,
    });
    expect(broken).toBe('staleReceived');
    expect(steps.map((step) => step.broken)).toEqual([null, null, 'staleReceived', null]);
  });
});

describe('a message in words', () => {
  it.each<[string, readonly string[]]>([
    ['READY (1)', []],
    ['a dispatch (2)', ['dispatch', 'to the shard']],
    ['the coloured dispatch (2)', ['dispatch, the coloured one', 'to the shard']],
    ['Heartbeat', ['timer.firstHeartbeat of the shard', 'to the Gateway']],
    ['Heartbeat ACK', ['timer.firstHeartbeat of the shard', 'to the Gateway', 'to the shard']],
    ['a Heartbeat request', ['requestHeartbeat', 'to the shard']],
    ['Reconnect', ['requestReconnect', 'to the shard']],
    ['Invalid Session (true)', ['invalidateSession (true)', 'to the shard']],
    ['Invalid Session (false)', ['invalidateSession (false)', 'to the shard']],
    ['something malformed', ['malformed', 'to the shard']],
    ['bytes that corrupt the stream', ['malformed for good', 'to the shard']],
    ['close (4009)', ['closeWith (4009)', 'to the shard']],
    ['the loss of TCP', ['dropTcp', 'to the shard']],
    [
      'Heartbeat (of a connection given up)',
      [
        'timer.firstHeartbeat of the shard',
        'reconnect',
        'timer.close of the shard',
        'timer.reconnect of the shard',
        'the socket is accepted',
        'to the Gateway',
      ],
    ],
  ])('is %s', (words, moves) => {
    expect(messageOf(...moves)).toBe(words);
  });

  it('is that of a resume, with the last sequence', () => {
    const moves = [...AWAY, 'dispatch', ...BACK, 'to the Gateway'];
    expect(lastOf(...moves).message).toBe('Resume (after 1)');
    expect(lastOf(...moves, 'timer.replay of the Gateway', 'timer.replay of the Gateway').sent).toEqual([
      'the Gateway sends RESUMED (3)',
    ]);
  });

  it('is that of a socket that is refused, and of Identify', () => {
    expect(lastOf('start', 'located', 'the socket is refused', 'to the shard').message).toBe('a refusal');
    expect(lastOf(...TO_READY.slice(0, 8)).message).toBe('Identify');
  });
});

describe('a replay of what cannot be', () => {
  it.each([
    ['a move that cannot happen there', ['start', 'start'], 'Move 2, "start", cannot happen there.'],
    ['a move that no chart handles', ['stop'], 'Move 1, "stop", cannot happen there.'],
    ['a move that does not exist', ['start', 'explode'], 'There is no move "explode".'],
  ])('is refused at %s', (_, moves, message) => {
    expect(() => playMoves(moves, CHARTS)).toThrow(new RangeError(message));
  });
});
