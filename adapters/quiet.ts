/**
 * Where a platform does not tell what has arrived and is not read yet, it counts as read when no message came for so long,
 * in ms, while the event loop was on time. It is looked at every tick; of the time before the question, of which nobody
 * knows whether the loop was on time, half as much counts at most.
 */
const QUIET_MS = 500;
const TICK_MS = 50;

/** What is known of a socket; `lastMessage` and the result of `performance.now()` are on one clock. */
export interface Quietness {
  readonly lastMessage: number;
  /** Whether nobody wants to know any more. */
  readonly isOver: boolean;
}

/** Calls back once a socket has been quiet. */
export function whenQuiet(socket: Quietness, then: () => void): void {
  let due = performance.now();
  let since = Math.max(socket.lastMessage, due - QUIET_MS / 2);
  const look = () => {
    const now = performance.now();
    if (socket.isOver) return;
    since = now - due > TICK_MS ? now : Math.max(since, socket.lastMessage);
    if (now - since >= QUIET_MS) return then();
    due = now + TICK_MS;
    setTimeout(look, TICK_MS);
  };
  setTimeout(look);
}
