/** Stately's inspector in a window or frame of the browser. */

import { Deferred } from './deferred.js';
import type { StatelyMessage } from './messages.js';
import type { StatelyReceiver } from './stately.js';

/** Where the hosted inspector is. */
export const STATELY_URL = 'https://stately.ai/inspect';

/** What the inspector is shown in. */
export interface WindowOptions {
  /** The inspector's page: the hosted one unless told. It alone is told anything. */
  readonly url?: string | undefined;
  /** Shows it here; a window of its own unless told. */
  readonly iframe?: HTMLIFrameElement | undefined;
  /** Messages kept until the inspector is there: 1,000 unless told. */
  readonly history?: number | undefined;
}

/**
 * Opens the inspector and tells it everything, from the beginning. The page says that it is ready by a message; only
 * those from its own window and origin count, and it is told by name, not `*`.
 */
export function windowReceiver({ url = STATELY_URL, iframe, history = 1_000 }: WindowOptions = {}): StatelyReceiver {
  const { origin } = new URL(url, window.location.href);
  const waiting = new Deferred(history);
  let isReady = false;
  // Asked for each time: a frame gets another window when it loads.
  const opened = iframe === undefined ? window.open(url, 'gatechart-inspector') : null;
  const target = () => iframe?.contentWindow ?? opened;
  const post = (message: StatelyMessage) => target()?.postMessage(JSON.parse(JSON.stringify(message)), origin);
  const listen = ({ data, source, origin: from }: MessageEvent) => {
    if (source !== target() || from !== origin) return;
    if ((data as { type?: unknown } | null)?.type !== '@statelyai.connected') return;
    isReady = true;
    for (const message of waiting.all) post(message);
  };
  window.addEventListener('message', listen);
  if (iframe !== undefined) iframe.src = url;
  return {
    send(message) {
      waiting.send(message); // also for an inspector that is loaded anew
      if (isReady) post(message);
    },
    close() {
      window.removeEventListener('message', listen);
      target()?.postMessage({ type: '@statelyai.disconnected' }, origin);
    },
  };
}
