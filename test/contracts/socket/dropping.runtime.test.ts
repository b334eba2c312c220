import { describe } from 'vitest';
import { ws } from '../../../adapters/ws.js';
import { DROPPING } from '../../../src/contracts/socket/dropping.js';
import { ABNORMAL } from '../../../src/contracts/socket/watch.js';
import type { Socket } from '../../../src/ports/index.js';
import { changedSocket, type SocketFault, testSocketClaims } from '../../support/socket-claims.js';

const OPENING = 'says nothing after drop while opening';
const OPENED = 'says nothing after drop in opened';
const BURST = 'stops in the middle of a burst on drop in a message';
const UNANSWERED = 'says nothing after drop where the peer never answers our close';
const SILENT = 'never throws from send, close or drop, in any state';
const NOTHING_OPEN = 'leaves nothing open behind';

const FAULTS: readonly SocketFault[] = [
  [
    'does not drop while opening',
    OPENING,
    'said after drop: expected [], got ["opened","message","closed"]',
    changedSocket({ socket: () => ({ drop() {} }) }),
  ],
  [
    'drops when it has read what lies in its buffer',
    OPENED,
    'said in all: expected ["opened"], got ["opened","message",',
    changedSocket({ socket: (socket) => ({ drop: () => setTimeout(() => socket.drop(), 20) }) }),
  ],
  [
    'finishes a burst after drop',
    BURST,
    'said in all: expected ["opened","message","message","message"], got ["opened","message","message","message","message",',
    changedSocket({ socket: (socket) => ({ drop: () => setTimeout(() => socket.drop()) }) }),
  ],
  [
    'tells of the end that it is ordered to make',
    UNANSWERED,
    'said after drop: expected ["opened","message"], got ["opened","message","closed"]',
    changedSocket({
      socket: (socket, { closed }) => ({
        drop() {
          socket.drop();
          closed(ABNORMAL);
        },
      }),
    }),
  ],
  [
    'does not wait for the answer to its close frame',
    UNANSWERED,
    'said before the peer answered: expected ["opened","message"], got ["opened","message","closed"]',
    changedSocket({ socket: (_, { closed }) => ({ close: () => closed(ABNORMAL) }) }),
  ],
  [
    'throws when it is not open',
    SILENT,
    'send while opening throws Error: not open',
    {
      open(url, options, callbacks) {
        let isOpen = false;
        const opened = () => {
          isOpen = true;
          callbacks.opened();
        };
        const socket = ws().open(url, options, { ...callbacks, opened });
        const send = (data: string | Uint8Array) => {
          if (!isOpen) throw new Error('not open');
          socket.send(data);
        };
        return Object.setPrototypeOf({ send }, socket) as Socket;
      },
    },
  ],
  [
    'refuses close codes that may not be sent',
    SILENT,
    'close(1001) while open throws RangeError: 1001',
    changedSocket({
      socket: (socket) => ({
        close(code) {
          if (code !== 1000 && !(code >= 3000 && code < 5000)) throw new RangeError(String(code));
          socket.close(code);
        },
      }),
    }),
  ],
  [
    'has less than nothing in its buffer',
    SILENT,
    'bufferedAmount while opening is -1',
    changedSocket({ socket: () => ({ bufferedAmount: -1 }) }),
  ],
  [
    'leaves timers running',
    NOTHING_OPEN,
    'still open: ',
    {
      open(url, options, callbacks) {
        for (let i = 0; i < 10; i += 1) setTimeout(() => {}, 3_000); // the claim waits 2 s for them
        return ws().open(url, options, callbacks);
      },
    },
  ],
];

describe('how a connection is dropped', () => {
  testSocketClaims(DROPPING, FAULTS);
});
