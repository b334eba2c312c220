/** The program that this page came from, over its relay. */
import { lineOf } from '../model/lines.js';
import type { Listener } from './source.js';

/** Where the session is kept: this tab, so that it survives a reload. */
const SESSION = 'gatechart.relay';

/** Close code of the relay for a key that is not good. */
const UNAUTHORIZED = 4401;

/**
 * Connects to the relay that served this page, if one did. The key stands behind `#` and is taken out of sight at once;
 * it works once, and is exchanged for a session.
 */
export function listenToRelay(listener: Listener): boolean {
  if (location.protocol !== 'http:') return false;
  const key = new URLSearchParams(location.hash.slice(1)).get('key');
  if (key !== null) history.replaceState(null, '', location.pathname);
  const kept = sessionStorage.getItem(SESSION);
  if (key === null && kept === null) {
    listener.status({ kind: 'none', says: 'Not connected: open the address that the program printed' });
    return false;
  }
  connect(key === null ? { session: kept } : { key }, listener);
  return true;
}

function connect(hello: object, listener: Listener): void {
  const socket = new WebSocket(`ws://${location.host}/live`);
  socket.onopen = () => socket.send(JSON.stringify(hello));
  socket.onmessage = ({ data }) => {
    const message = parsed(data);
    const { type, session } = (message ?? {}) as { type?: unknown; session?: unknown };
    if (type === 'relay.session' && typeof session === 'string') {
      sessionStorage.setItem(SESSION, session);
      listener.status({ kind: 'live', says: 'Connected to a program on this machine' });
      return;
    }
    const line = lineOf(message);
    if (line === null) listener.strange();
    else listener.line(line);
  };
  socket.onclose = ({ code }) => {
    if (code === UNAUTHORIZED) sessionStorage.removeItem(SESSION);
    const says =
      code === UNAUTHORIZED
        ? 'This address has been used already: run the program again for a new one'
        : 'The program has ended: what it did can still be looked at';
    listener.status({ kind: 'lost', says });
  };
}

function parsed(data: unknown): unknown {
  try {
    return JSON.parse(String(data));
  } catch {
    return null;
  }
}
