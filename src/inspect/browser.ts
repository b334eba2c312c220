/** Inspectors in a browser page. */
import { socketReceiver } from './socket.js';
import { type Inspector, inspectorFor, type StatelyOptions } from './stately.js';
import { type WindowOptions, windowReceiver } from './window.js';

export type { ActorMessage, EventMessage, SnapshotMessage, StatelyEvent, StatelyMessage } from './messages.js';
export type { Inspector, StatelyOptions, StatelyReceiver } from './stately.js';
export { inspectorFor } from './stately.js';
export { STATELY_URL } from './window.js';

/** What an inspector of a page is made from. */
export interface StatelyInspectorOptions extends StatelyOptions, WindowOptions {
  /** Tells this relay, by its `publishUrl`, instead of opening Stately's inspector. */
  readonly relay?: string | undefined;
}

/**
 * For XState's `inspect` option: shows shards, charts and the simulator in Stately's inspector, which opens in a window
 * of its own, or in `iframe`. That is a page of another site: it is told states and events, and no secrets.
 */
export function statelyInspector(options: StatelyInspectorOptions = {}): Inspector {
  const { relay, history } = options;
  const receiver =
    relay === undefined ? windowReceiver(options) : socketReceiver(globalThis.WebSocket, { url: relay, history });
  return inspectorFor(receiver, options);
}
