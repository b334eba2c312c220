/** Shows shards, charts and the simulator in Stately's inspector, or in any receiver of its protocol. */

import type { InspectionEvent } from 'xstate';
import { demandGiven, withMethods } from '../../machines/kit/shape.js';
import { Conversation } from './conversation.js';
import { messageOf, type StatelyMessage } from './messages.js';
import { type Shown, shownBy } from './shown.js';

/** Where the inspector's messages go. Nothing of it may throw. */
export interface StatelyReceiver {
  send(message: StatelyMessage): void;
  close?(): void | Promise<void>;
}

/** What an inspector is made from. */
export interface StatelyOptions extends Shown {
  /** Leaves out the messages for which it returns false. */
  readonly filter?: ((message: StatelyMessage) => boolean) | undefined;
}

/** An inspector: XState's `inspect` option takes it, and so do `createShard`, `createShardLogic` and the simulator. */
export interface Inspector {
  /** Hears what XState tells. Never throws. */
  next(seen: InspectionEvent): void;
  /** Lets go of the receiver. */
  close(): Promise<void>;
}

/** An inspector that tells a receiver. One inspector may be given to several actors, and then shows who told whom. */
export function inspectorFor(receiver: StatelyReceiver, options: StatelyOptions = {}): Inspector {
  demandGiven('the receiver', receiver, withMethods('send'));
  const conversation = new Conversation();
  const shown = shownBy(options);
  const { filter = () => true } = options;
  const send = (message: StatelyMessage) => {
    if (filter(message)) receiver.send(message);
  };
  /** XState tells of an actor before that has a snapshot: it is shown a moment later, and before anything else. */
  let newcomers: InspectionEvent[] = [];
  const introduceNewcomers = () => {
    const introduced = newcomers;
    newcomers = [];
    for (const newcomer of introduced) {
      conversation.join(newcomer.actorRef.sessionId, chartOf(newcomer));
      const message = messageOf(newcomer, shown);
      if (message !== null) send(message);
    }
  };
  const observe = (seen: InspectionEvent): void => {
    if (seen.type === '@xstate.actor') {
      newcomers.push(seen);
      queueMicrotask(() => quietly(introduceNewcomers));
      return;
    }
    introduceNewcomers();
    const { sessionId } = seen.actorRef;
    if (seen.type === '@xstate.action') {
      for (const message of conversation.heard(seen, shown)) send(message);
      return;
    }
    const message = messageOf(seen, shown);
    if (message === null) return;
    if (message.type !== '@xstate.event') send(message);
    else {
      for (const introduction of conversation.introduce(sessionId, message.event)) send(introduction);
      send({ ...message, sourceId: message.sourceId ?? conversation.sourceOf(sessionId, message.event) });
    }
    if (message.type === '@xstate.snapshot' && !isActive(message.snapshot)) conversation.leave(sessionId);
  };
  return {
    next: (seen) => quietly(() => observe(seen)),
    close: async () => receiver.close?.(),
  };
}

/** An inspector must not break what it looks at; what it cannot show it leaves out. */
function quietly(run: () => void): void {
  try {
    run();
  } catch {
    // nobody to tell: the receiver itself may be what throws
  }
}

function chartOf({ actorRef }: InspectionEvent): unknown {
  return (actorRef as { logic?: { config?: { id?: unknown } } }).logic?.config?.id;
}

function isActive(snapshot: unknown): boolean {
  return (snapshot as { status?: unknown } | null)?.status === 'active';
}
