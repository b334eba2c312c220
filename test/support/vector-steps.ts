/** What vectors say, from their files alone: events for our own chart and host, and whether what was done is right. */
import { Opcode, type ShardEvent } from '../../machines/index.js';
import type { FramePayload, Stimulus } from '../../src/exploring/stimuli.js';
import type { ExpectedEffect, VectorStep } from '../../src/exploring/vectors/file.js';

/** The event of the shard chart that a stimulus is. */
export function eventOf(on: Stimulus): ShardEvent {
  switch (on.kind) {
    case 'order':
      return on.order === 'reconnect' ? { type: on.order, fresh: on.fresh } : { type: on.order };
    case 'timer':
      return { type: `timer.${on.timer}` } as ShardEvent;
    case 'backlog':
      if (on.backlog === 'overflowed') return { type: 'backlogOverflowed', sequence: on.sequence };
      return { type: on.backlog === 'full' ? 'backlogFull' : 'backlogDrained' };
    case 'answer': {
      const { kind, answer, ...facts } = on;
      return { type: answer, ...facts } as unknown as ShardEvent;
    }
    case 'socket': {
      const { kind, event, ...facts } = on;
      return { type: event, ...facts } as ShardEvent;
    }
    case 'frame': {
      const { connection } = on;
      if ('payload' in on) return messageOf(connection, on.payload);
      return 'text' in on
        ? { type: 'malformed', connection, problem: 'not JSON' }
        : { type: 'undecodable', connection, problem: 'corrupt' };
    }
    default:
      throw new TypeError(`nothing of the kind ${on.kind} happens to a client`);
  }
}

function messageOf(connection: number, { op, d, s = null, t }: FramePayload): ShardEvent {
  const data = d as { heartbeat_interval: number; session_id?: string; resume_gateway_url?: string };
  switch (op) {
    case Opcode.Hello:
      return { type: 'hello', connection, interval: data.heartbeat_interval };
    case Opcode.HeartbeatAck:
      return { type: 'heartbeatAck', connection };
    case Opcode.Heartbeat:
      return { type: 'heartbeatRequested', connection };
    case Opcode.Reconnect:
      return { type: 'reconnectRequested', connection };
    case Opcode.InvalidSession:
      return { type: 'invalidSession', connection, resumable: d === true };
    case Opcode.Dispatch: {
      if (t === 'RESUMED') return { type: 'resumed', connection, sequence: s };
      if (t !== 'READY') return { type: 'dispatch', connection, sequence: s };
      const { session_id: id, resume_gateway_url: url = null } = data;
      return { type: 'ready', connection, sequence: s, session: id === undefined ? null : { id, url } };
    }
    default:
      return { type: 'unknownOpcode', connection, opcode: op };
  }
}

/** The rule of docs/vectors.md: all that is expected was done, and nothing else but what may be; order as in `inOrder`. */
export function isRight(
  { expect, may }: Pick<VectorStep, 'expect' | 'may'>,
  done: readonly ExpectedEffect[],
  inOrder: readonly string[],
  fits = fitsExactly,
): boolean {
  const rest = lastOfTimers(done);
  for (const effect of expect) {
    const at = rest.findIndex((each) => fits(effect, each));
    if (at < 0) return false;
    rest.splice(at, 1);
  }
  const ordered = (effects: readonly ExpectedEffect[]) =>
    effects.map((effect) => effect.do).filter((name) => inOrder.includes(name));
  return rest.every((each) => may.some((effect) => fits(effect, each))) && `${ordered(expect)}` === `${ordered(done)}`;
}

function lastOfTimers(effects: readonly ExpectedEffect[]): ExpectedEffect[] {
  const last = new Map(effects.map((effect) => [timerIn(effect), effect]));
  return effects.filter((effect) => timerIn(effect) === undefined || last.get(timerIn(effect)) === effect);
}

function timerIn(effect: ExpectedEffect): unknown {
  return effect.do === 'arm' || effect.do === 'disarm' ? effect['timer' as never] : undefined;
}

/** Timers by their longest time, which is what a chart arms. */
function fitsExactly(expected: ExpectedEffect, done: ExpectedEffect): boolean {
  const longest = ({ ms, ...effect }: Record<string, unknown>) => ({ ...effect, ms: (ms as [number, number])?.[1] });
  return JSON.stringify(longest({ ...expected })) === JSON.stringify(longest({ ...done }));
}
