import { describe } from 'vitest';
import { ws } from '../../../adapters/ws.js';
import { OPENING } from '../../../src/contracts/socket/opening.js';
import { ABNORMAL } from '../../../src/contracts/socket/watch.js';
import type { Socket } from '../../../src/ports/index.js';
import { changedSocket, endingWith, type SocketFault, testSocketClaims } from '../../support/socket-claims.js';

const OPENED = 'tells opened before any message, also when Hello comes in the same segment as the upgrade';
const REFUSED = 'tells 1006, once and in a later task, when the connection is refused';
const STATUS = 'tells 1006, once, when the upgrade is refused with an HTTP status';
const NO_URL = 'tells 1006, once and in a later task, for a URL that cannot be opened';
const GIVEN_UP = 'gives up the handshake on close while opening, and tells 1006 once';

const FAULTS: readonly SocketFault[] = [
  [
    'tells opened late',
    OPENED,
    'order: expected ["opened","message","message","closed"], got ["message",',
    changedSocket({ on: ({ opened }) => ({ opened: () => setTimeout(opened) }) }),
  ],
  [
    'loses what comes with the upgrade',
    OPENED,
    'order: expected ["opened","message","message","closed"], got ["opened","closed"]',
    changedSocket({
      on({ opened, message }) {
        let isListening = false;
        const listen = () => {
          opened();
          setTimeout(() => {
            isListening = true;
          });
        };
        return { opened: listen, message: (...args) => isListening && message(...args) };
      },
    }),
  ],
  [
    'tells of a refusal before open returns',
    REFUSED,
    'said before a later task: expected [], got ["closed"]',
    {
      open(url, options, callbacks) {
        callbacks.closed(ABNORMAL);
        return ws().open(url, options, { ...callbacks, closed() {} });
      },
    },
  ],
  [
    'tells of a refusal twice',
    REFUSED,
    'order: expected ["closed"], got ["closed","closed"]',
    changedSocket({
      on: ({ closed }) => ({
        closed(end) {
          closed(end);
          closed(end);
        },
      }),
    }),
  ],
  [
    'takes the HTTP status for a close code',
    STATUS,
    'what closed said: expected [{"code":1006,"reason":"","wasClean":false}], got [{"code":400,',
    endingWith((end) => ({ ...end, code: end.httpStatus ?? end.code })),
  ],
  [
    'tells another HTTP status',
    STATUS,
    'the status, if told: expected 400, got 200',
    endingWith((end) => ({ ...end, httpStatus: 200 })),
  ],
  [
    'tells the end of what it cannot open at once',
    NO_URL,
    'said before a later task: expected [], got ["closed"]',
    {
      open(url, options, callbacks) {
        const isValid = /^wss?:\/\/\w/.test(url);
        if (!isValid) callbacks.closed(ABNORMAL);
        return ws().open(url, options, isValid ? callbacks : { ...callbacks, closed() {} });
      },
    },
  ],
  [
    'throws when it is told to send before it is open',
    NO_URL,
    'send throws Error: not open',
    changedSocket({
      socket: () => ({
        send() {
          throw new Error('not open');
        },
      }),
    }),
  ],
  [
    'cannot be closed while it opens',
    GIVEN_UP,
    'order: expected ["closed"], got ["opened","message","closed"]',
    {
      open(url, options, callbacks) {
        let isOpen = false;
        const opened = () => {
          isOpen = true;
          callbacks.opened();
        };
        const socket = ws().open(url, options, { ...callbacks, opened });
        const close = (code: number) => void (isOpen && socket.close(code));
        return Object.setPrototypeOf({ close }, socket) as Socket;
      },
    },
  ],
  [
    'tells within close that it is closed',
    GIVEN_UP,
    'said before close returned: expected [], got ["closed"]',
    changedSocket({ socket: (_, { closed }) => ({ close: () => closed(ABNORMAL) }) }),
  ],
];

describe('how a connection begins', () => {
  testSocketClaims(OPENING, FAULTS, [
    ['does not tell the HTTP status', STATUS, endingWith(({ code, reason, wasClean }) => ({ code, reason, wasClean }))],
  ]);
});
