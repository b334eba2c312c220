import { describe, expect, it } from 'vitest';
import type { ShardEvent } from '../../machines/index.js';
import { type Stimulus, stimulusOf } from '../../src/exploring/stimuli.js';

const connection = 4;
const URL = 'wss://gateway.discord.gg';
const RESUME_URL = 'wss://gateway-us-east1-b.discord.gg';
const frame = (payload: object) => ({ kind: 'frame', connection, payload }) as Stimulus;

/** By event what happens to a client; payloads as in "Gateway Events" and "Gateway Opcodes" of Discord's documentation. */
const STIMULI: readonly (readonly [event: ShardEvent, stimulus: Stimulus])[] = [
  [{ type: 'start' }, { kind: 'order', order: 'start' }],
  [{ type: 'stop' }, { kind: 'order', order: 'stop' }],
  [{ type: 'detach' }, { kind: 'order', order: 'detach' }],
  [
    { type: 'reconnect', fresh: true },
    { kind: 'order', order: 'reconnect', fresh: true },
  ],
  [
    { type: 'located', request: 1, url: URL },
    { kind: 'answer', request: 1, answer: 'located', url: URL },
  ],
  [
    { type: 'locateFailed', request: 2, reason: 'rateLimited', retryAfter: 5_000 },
    { kind: 'answer', request: 2, answer: 'locateFailed', reason: 'rateLimited', retryAfter: 5_000 },
  ],
  [
    { type: 'permitGranted', request: 3 },
    { kind: 'answer', request: 3, answer: 'permitGranted' },
  ],
  [
    { type: 'permitRefused', request: 3, reason: 'spent', retryAfter: null },
    { kind: 'answer', request: 3, answer: 'permitRefused', reason: 'spent', retryAfter: null },
  ],
  [
    { type: 'opened', connection },
    { kind: 'socket', connection, event: 'opened' },
  ],
  [
    { type: 'closed', connection, code: 4004, reason: 'Authentication failed.' },
    { kind: 'socket', connection, event: 'closed', code: 4004 },
  ],
  [{ type: 'backlogFull' }, { kind: 'backlog', backlog: 'full' }],
  [{ type: 'backlogDrained' }, { kind: 'backlog', backlog: 'drained' }],
  [{ type: 'timer.firstHeartbeat' }, { kind: 'timer', timer: 'firstHeartbeat' }],
  [{ type: 'timer.reconnect' }, { kind: 'timer', timer: 'reconnect' }],
  [
    { type: 'hello', connection, interval: 41_250 },
    frame({ op: 10, d: { heartbeat_interval: 41_250 }, s: null, t: null }),
  ],
  [{ type: 'heartbeatAck', connection }, frame({ op: 11, d: null, s: null, t: null })],
  [{ type: 'heartbeatRequested', connection }, frame({ op: 1, d: null, s: null, t: null })],
  [{ type: 'reconnectRequested', connection }, frame({ op: 7, d: null, s: null, t: null })],
  [{ type: 'invalidSession', connection, resumable: true }, frame({ op: 9, d: true, s: null, t: null })],
  [{ type: 'invalidSession', connection, resumable: false }, frame({ op: 9, d: false, s: null, t: null })],
  [
    { type: 'ready', connection, sequence: 1, session: { id: 'session-1', url: RESUME_URL } },
    frame({ op: 0, s: 1, t: 'READY', d: { v: 10, session_id: 'session-1', resume_gateway_url: RESUME_URL } }),
  ],
  [
    { type: 'ready', connection, sequence: 1, session: { id: 'session-1', url: null } },
    frame({ op: 0, s: 1, t: 'READY', d: { v: 10, session_id: 'session-1' } }),
  ],
  [{ type: 'ready', connection, sequence: 1, session: null }, frame({ op: 0, s: 1, t: 'READY', d: { v: 10 } })],
  [{ type: 'resumed', connection, sequence: 8 }, frame({ op: 0, s: 8, t: 'RESUMED', d: {} })],
  [{ type: 'dispatch', connection, sequence: 9 }, frame({ op: 0, s: 9, t: 'MESSAGE_CREATE', d: {} })],
  [{ type: 'unknownOpcode', connection, opcode: 99 }, frame({ op: 99, d: null, s: null, t: null })],
  [
    { type: 'undecodable', connection, problem: 'corrupt compression' },
    { kind: 'frame', connection, undecodable: true },
  ],
];

describe('an event of the shard chart as a stimulus', () => {
  it.each(STIMULI.map(([event, stimulus]) => [JSON.stringify(event), event, stimulus] as const))(
    'is what a client can meet: %s',
    (_, event, stimulus) => {
      expect(stimulusOf(event)).toEqual(stimulus);
    },
  );

  it('is a text that is no JSON for what is malformed', () => {
    const stimulus = stimulusOf({ type: 'malformed', connection, problem: 'not JSON' }) as { text: string };
    expect(stimulus).toMatchObject({ kind: 'frame', connection });
    expect(() => JSON.parse(stimulus.text)).toThrow(SyntaxError);
  });

  it('is none for a batch of dispatches, of which only our own host tells', () => {
    expect(stimulusOf({ type: 'dispatched', connection, sequence: 9, count: 2 })).toBeUndefined();
  });

  it('cannot be made of a message that the protocol does not have', () => {
    expect(() => stimulusOf({ type: 'voice', connection } as never)).toThrow(new TypeError('voice is no message'));
  });
});
