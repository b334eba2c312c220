/**
 * Both sides of a conversation as two actors, frames between them as events. XState's inspection tells what each chart
 * hears, and from whom only within its own system; what crosses the wire between two charts is told here.
 *
 * Where the other side is not inspected itself, an actor without a chart stands for it, and hears what is sent to it.
 */
import type { InspectionEvent } from 'xstate';
import { own } from '../telling/tables.js';
import { baseOf, type StatelyEvent, type StatelyMessage } from './messages.js';

type Side = 'shard' | 'gateway';

/** How an effect looks to the other side. Only what goes over the wire is here. */
const SENT: Readonly<Record<Side, Readonly<Record<string, string>>>> = {
  shard: { sendHeartbeat: 'Heartbeat', sendIdentify: 'Identify', sendResume: 'Resume', closeSocket: 'close' },
  gateway: {
    sendHello: 'Hello',
    sendReady: 'READY',
    sendDispatch: 'dispatch',
    sendReplay: 'replay',
    sendResumed: 'RESUMED',
    sendAck: 'Heartbeat ACK',
    sendHeartbeatRequest: 'Heartbeat',
    sendReconnect: 'Reconnect',
    sendInvalidSession: 'Invalid Session',
    answerCommand: 'answers to a command',
    sendRaw: 'something malformed',
    close: 'close',
    answerClose: 'close',
  },
};

const STAND_INS: Readonly<Record<Side, string>> = { shard: 'Gateway', gateway: 'client' };

/** An actor that takes part. */
interface Participant {
  readonly side: Side;
  readonly sessionId: string;
}

/** The participants of all conversations that are inspected together. */
export class Conversation {
  readonly #participants = new Map<string, Participant>();
  readonly #standIns = new Set<string>();
  /** The Gateway's newest connection, if it is over. */
  #over: string | null = null;

  /** Somebody has come: the charts are known by their ids. */
  join(sessionId: string, chart: unknown): void {
    if (chart !== 'shard' && chart !== 'gateway') return;
    this.#participants.set(sessionId, { side: chart, sessionId });
    if (chart === 'gateway' && this.#over !== null) this.#forget(this.#over);
  }

  /** Somebody is gone. The Gateway's newest connection stays in mind: its last words may still be on their way. */
  leave(sessionId: string): void {
    const gone = this.#participants.get(sessionId);
    if (gone?.side === 'gateway' && this.#newestOfGateway === sessionId) this.#over = sessionId;
    else this.#forget(sessionId);
  }

  #forget(sessionId: string): void {
    this.#participants.delete(sessionId);
    this.#standIns.delete(sessionId);
    if (this.#over === sessionId) this.#over = null;
  }

  get #newestOfGateway(): string | undefined {
    return [...this.#participants.values()].findLast(({ side }) => side === 'gateway')?.sessionId;
  }

  /** Who sent what an actor hears, where XState does not know; undefined for what came from nobody else. */
  sourceOf(sessionId: string, event: { readonly type: string }): string | undefined {
    const participant = this.#participants.get(sessionId);
    // Only what comes over the wire carries the number of a connection.
    if (participant === undefined || !('connection' in event)) return undefined;
    return this.#peerOf(participant) ?? (this.#hasStandIn(sessionId) ? standInFor(sessionId) : undefined);
  }

  /** What an effect means for the other side: nothing if that is inspected itself, since it tells what it hears. */
  heard(
    { actorRef, action }: InspectionEvent & { type: '@xstate.action' },
    shown: <T>(value: T) => T,
  ): readonly StatelyMessage[] {
    const { sessionId } = actorRef;
    const participant = this.#participants.get(sessionId);
    const type = participant && own(SENT[participant.side], action.type);
    if (participant === undefined || type === undefined) return [];
    if (this.#peerOf(participant) !== undefined) return [];
    const peer = standInFor(sessionId);
    const details = typeof action.params === 'object' ? action.params : {};
    const event: StatelyEvent = shown({ ...details, type });
    return [
      ...this.#introduce(participant),
      { type: '@xstate.event', ...baseOf(peer, peer), event, sourceId: sessionId },
      { type: '@xstate.snapshot', ...baseOf(peer, peer), event, snapshot: { status: 'active' } },
    ];
  }

  /** The actor that stands for whoever is at the other end, unless it is inspected itself or was introduced. */
  introduce(sessionId: string, event: { readonly type: string }): readonly StatelyMessage[] {
    const participant = this.#participants.get(sessionId);
    if (participant === undefined || !('connection' in event)) return [];
    return this.#peerOf(participant) === undefined ? this.#introduce(participant) : [];
  }

  #introduce({ side, sessionId }: Participant): readonly StatelyMessage[] {
    if (this.#hasStandIn(sessionId)) return [];
    this.#standIns.add(sessionId);
    const peer = standInFor(sessionId);
    const name = STAND_INS[side];
    return [
      {
        type: '@xstate.actor',
        ...baseOf(peer, peer),
        name,
        definition: JSON.stringify({ id: name }),
        parentId: undefined,
        snapshot: { status: 'active' },
      },
    ];
  }

  #hasStandIn(sessionId: string): boolean {
    return this.#standIns.has(sessionId);
  }

  /** The other side, if it is certain who that is: with one shard, the newest connection of the Gateway. */
  #peerOf({ side }: Participant): string | undefined {
    const shards = [...this.#participants.values()].filter((other) => other.side === 'shard');
    if (shards.length !== 1) return undefined;
    return side === 'gateway' ? shards[0]?.sessionId : this.#newestOfGateway;
  }
}

const standInFor = (sessionId: string): string => `${sessionId}:peer`;
