import type { ShardEvent } from 'gatechart/machines';
import { type Effect, type SystemUnderTest, stimulusOf } from 'gatechart/testing';
import { GRACE_MS, type MiniClient, type World } from './client.js';

/** What of the chart the client claims to do. Not among it: orders, deadlines, refusals, messages that make no sense. */
export const CLAIMED = new Set<ShardEvent['type']>([
  ...(['start', 'located', 'permitGranted', 'opened', 'closed', 'hello', 'ready', 'resumed', 'dispatch'] as const),
  ...(['heartbeatAck', 'heartbeatRequested', 'reconnectRequested', 'invalidSession', 'unknownOpcode'] as const),
  ...(['timer.reconnect', 'timer.close', 'timer.firstHeartbeat', 'timer.heartbeat', 'timer.silence'] as const),
]);
/** Codes after which it comes back; when to give up is left to its owner. */
export const CODES = [1006, 4009];
/** What it shows. */
export const OBSERVED = ['sendHeartbeat', 'sendIdentify', 'sendResume', 'closeSocket'];

/** The adapter: events of the chart become calls, calls of the client become effects. */
export function adapter(Client: new (world: World) => MiniClient): SystemUnderTest<ShardEvent> {
  const effects: Effect[] = [];
  let turn = () => {};
  /** What runs when the next heartbeat is due, and when an ACK was missing for too long. */
  const timers = { lap: () => {}, grace: () => {} };
  const client = new Client({
    connect: () => ({
      send: (text) => effects.push(effectOf(JSON.parse(text))),
      close: (code) => effects.push({ type: 'closeSocket', params: { code } }),
    }),
    after: (ms, run) => {
      const name = ms === GRACE_MS ? 'grace' : 'lap';
      timers[name] = run;
      return () => (timers[name] = () => {});
    },
    turn: (run) => (turn = run),
  });
  return {
    send(event) {
      const on = stimulusOf(event);
      if (on?.kind === 'frame') client.message('payload' in on ? JSON.stringify(on.payload) : '');
      else if (event.type === 'located' || event.type === 'timer.reconnect') client.connect('wss://gateway.discord.gg');
      else if (event.type === 'permitGranted') turn();
      else if (event.type === 'closed') client.closed(event.code);
      else if (event.type === 'timer.close') client.closed(1006);
      else if (event.type === 'timer.silence') timers.grace();
      else if (event.type.startsWith('timer.')) timers.lap();
    },
    observe: () => effects.splice(0),
  };
}

function effectOf({ op, d }: { op: number; d: Record<string, unknown> }): Effect {
  if (op === 1) return { type: 'sendHeartbeat', params: { sequence: d } };
  if (op === 2) return { type: 'sendIdentify' };
  return { type: 'sendResume', params: { sessionId: d['session_id'], sequence: d['seq'] } };
}
