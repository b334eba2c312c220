import { describe } from 'vitest';
import { CLOSING } from '../../../src/contracts/socket/closing.js';
import type { Socket } from '../../../src/ports/index.js';
import { changedSocket, endingWith, type SocketFault, testSocketClaims } from '../../support/socket-claims.js';

const OURS = 'ends a closing handshake of ours with closed, once';
const OPEN = 'says whether it is open, where it says so at all';
const THEIRS = 'tells code and reason of a close that the peer starts, once';
const NO_CODE = 'tells 1005 for a close frame without a code';
const BOTH = 'tells closed once when both sides close at the same time';
const DROPPED = 'tells 1006, once, when the connection is dropped without a close frame';
const VIOLATION = 'tells 1006, once, when the peer breaks the protocol';

const twice = changedSocket({
  on: ({ closed }) => ({
    closed(end) {
      closed(end);
      closed(end);
    },
  }),
});

/** A socket that says of itself that it is open, whatever it is. */
const openIf = (isOpen: (socket: Socket) => boolean) =>
  changedSocket({
    socket: (socket) => Object.defineProperty({}, 'isOpen', { get: () => isOpen(socket) }),
  });

/** Whether a socket is open, or was at any time. */
function stayingOpen(): (socket: Socket) => boolean {
  let hasBeen = false;
  return ({ isOpen }) => {
    hasBeen ||= isOpen === true;
    return hasBeen;
  };
}

const FAULTS: readonly SocketFault[] = [
  [
    'closes with another code',
    OURS,
    'the code that went out: expected 1000, got 3000',
    changedSocket({ socket: (socket) => ({ close: () => socket.close(3000) }) }),
  ],
  [
    'tells the end twice',
    OURS,
    'what closed said: expected [{"code":1000,"reason":"","wasClean":true}], got [{"code":1000,"reason":"","wasClean":true},{',
    twice,
  ],
  [
    'does not wait for the answer to its close frame',
    OURS,
    'closed before close returned: expected [], got [{"code":1000,',
    changedSocket({
      socket: (_, { closed }) => ({ close: (code) => closed({ code, reason: '', wasClean: true }) }),
    }),
  ],
  ['is open at once', OPEN, 'open before opened: expected false, got true', openIf(() => true)],
  ['is never open', OPEN, 'open once a message came: expected true, got false', openIf(() => false)],
  ['is open while it closes', OPEN, 'open once close was called: expected false, got true', openIf(stayingOpen())],
  [
    'forgets the reason',
    THEIRS,
    'what closed said: expected [{"code":4004,"reason":"Authentication failed.","wasClean":true}], got [{"code":4004,"reason":"",',
    endingWith((end) => ({ ...end, reason: '' })),
  ],
  [
    'tells the end before the message that came with it',
    THEIRS,
    'order: expected ["opened","message","closed"], got ["opened","closed","message"]',
    changedSocket({
      on: ({ message }) => ({
        message(...args) {
          setTimeout(() => message(...args), 30);
        },
      }),
    }),
  ],
  [
    'makes 1000 of no code',
    NO_CODE,
    'what closed said: expected [{"code":1005,"reason":"","wasClean":true}], got [{"code":1000,',
    endingWith((end) => ({ ...end, code: end.code === 1005 ? 1000 : end.code })),
  ],
  ['tells the end for each side that closes', BOTH, 'how often closed was told: expected 1, got 2', twice],
  [
    'calls a lost connection clean',
    DROPPED,
    'what closed said: expected [{"code":1006,"reason":"","wasClean":false}], got [{"code":1006,"reason":"","wasClean":true}]',
    endingWith((end) => ({ ...end, wasClean: true })),
  ],
  [
    'tells the code that it closed with itself',
    VIOLATION,
    'what closed said: expected [{"code":1006,"reason":"","wasClean":false}], got [{"code":1002,',
    endingWith((end) => ({ ...end, code: end.code === 1006 ? 1002 : end.code })),
  ],
];

describe('how a connection ends', () => {
  testSocketClaims(CLOSING, FAULTS);
});
