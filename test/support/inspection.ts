/** An inspector that collects its messages, and something for it to inspect. */
import { createActor, type InspectionEvent } from 'xstate';
import { DEFAULT_POLICY, shardMachine } from '../../machines/index.js';
import type { StatelyMessage } from '../../src/inspect/messages.js';
import { inspectorFor } from '../../src/inspect/stately.js';
import { simulatedClock } from '../../src/ports/clock.js';

/** The URL to resume at of the shard that is played: a secret. */
export const RESUME_URL = 'wss://gateway-us-east1-b.discord.gg';

/** Messages as they are, in order. */
export function collecting(options?: Parameters<typeof inspectorFor>[1]) {
  const messages: StatelyMessage[] = [];
  return { messages, inspector: inspectorFor({ send: (message) => messages.push(message) }, options) };
}

/** A short life of the bare chart, which two may look at. */
export function play(inspect: (seen: InspectionEvent) => void) {
  const actor = createActor(shardMachine, {
    input: { policy: DEFAULT_POLICY, gatewayUrl: 'wss://gateway.discord.gg' },
    clock: simulatedClock(),
    inspect,
  });
  actor.start();
  actor.send({ type: 'start' });
  actor.send({ type: 'opened', connection: 1 });
  actor.send({ type: 'hello', connection: 1, interval: 41_250 });
  actor.send({ type: 'permitGranted', request: 1 });
  actor.send({ type: 'ready', connection: 1, sequence: 1, session: { id: 'secret-session', url: RESUME_URL } });
  actor.send({ type: 'dispatch', connection: 1, sequence: 2 });
  actor.send({ type: 'closed', connection: 1, code: 4009 });
  actor.stop();
}

/** As JSON, without what depends on the moment. */
export const plain = (messages: readonly object[]) =>
  JSON.parse(JSON.stringify(messages.map((message) => ({ ...message, createdAt: 'now' }))));
