import { describe } from 'vitest';
import { MESSAGES } from '../../../src/contracts/socket/messages.js';
import { changedSocket, type SocketFault, testSocketClaims } from '../../support/socket-claims.js';

const TEXT = 'hands on text whole, in order and marked as text';
const BINARY = 'hands on binary messages as bytes';
const FRAGMENTS = 'puts a fragmented message together, also where a character is split';
const LARGE = 'hands on a message of 8 MB whole';
const BLOCKED = 'loses nothing of 4 MB that queue up while the event loop is blocked for 1 s';
const EMPTY = 'calls back when all that had arrived is handed on, if it can tell, and never after drop';
const SENT = 'sends strings as text and bytes as binary, whole and in order';
const PAYLOAD = 'takes a message of maxPayload bytes and ends the connection over a larger one';
const BUFFERED = 'counts in bufferedAmount what a peer that stops reading leaves behind';
const PAUSED = 'holds messages back while paused, if it can pause';

type Data = string | Uint8Array;
/** A socket that gives other messages. */
const giving = (change: (data: Data, isBinary: boolean) => readonly [data: Data, isBinary: boolean]) =>
  changedSocket({ on: ({ message }) => ({ message: (data, isBinary) => message(...change(data, isBinary)) }) });
/** A socket that sends otherwise. */
const sending = (send: (data: Data, send: (data: Data) => void) => void) =>
  changedSocket({ socket: (socket) => ({ send: (data) => send(data, (other) => socket.send(other)) }) });

const FAULTS: readonly SocketFault[] = [
  ['calls text binary', TEXT, 'a text message is marked as binary', giving((data) => [data, true])],
  [
    'changes what is not ASCII',
    TEXT,
    'bytes of text 1: expected [197,190,',
    giving((data, isBinary) => [Buffer.from(data).toString('latin1'), isBinary]),
  ],
  [
    'gives bytes as a string',
    BINARY,
    'a binary message is not given as bytes',
    giving((data, isBinary) => [`${data}`, isBinary]),
  ],
  [
    'loses the last byte of a message in many frames',
    BINARY,
    'binary message 1 has other bytes',
    giving((data, isBinary) => [data.length > 65_536 ? data.slice(0, -1) : data, isBinary]),
  ],
  [
    'decodes each frame by itself',
    FRAGMENTS,
    'fragmented text: expected "ž😀',
    giving((data, isBinary) => [isBinary ? data : Buffer.from(data).toString().replace('😀', '��'), isBinary]),
  ],
  [
    'puts binary frames together in another order',
    FRAGMENTS,
    'the fragmented bytes differ',
    giving((data, isBinary) => [isBinary ? Buffer.from(data).reverse() : data, isBinary]),
  ],
  ['refuses 8 MB', LARGE, 'closed with 1009 before message (2)', changedSocket({ maxPayload: 1e6 })],
  [
    'cuts what had to wait',
    BLOCKED,
    'a large message differs',
    giving((data, isBinary) => [isBinary ? data.slice(1) : data, isBinary]),
  ],
  [
    'takes a turn of the event loop for all',
    EMPTY,
    'messages handed on when it called back: expected [20], got [',
    changedSocket({ socket: () => ({ whenEmpty: (then) => queueMicrotask(then) }) }),
  ],
  [
    'calls back within the call',
    EMPTY,
    'calls back within the call: expected 0, got 1',
    changedSocket({ socket: () => ({ whenEmpty: (then) => then() }) }),
  ],
  [
    'calls back after drop',
    EMPTY,
    'calls after drop: expected [20], got [20,-1]',
    changedSocket({ socket: () => ({ whenEmpty: (then) => void setTimeout(then, 40) }) }),
  ],
  [
    'sends all as binary',
    SENT,
    'what the peer received: expected [{"isBinary":false,"size":17,',
    sending((data, send) => send(Buffer.from(data))),
  ],
  [
    'sends the whole buffer in which the bytes lie',
    SENT,
    'what the peer received: expected [{"isBinary":false,"size":17,',
    sending((data, send) => send(typeof data === 'string' ? data : new Uint8Array(data.buffer))),
  ],
  [
    'writes on the bytes of the caller',
    SENT,
    'the bytes of the caller after send: expected [9,1,2,255,9], got [9,0,0,0,9]',
    sending((data, send) => {
      send(data.slice());
      if (typeof data !== 'string') data.fill(0);
    }),
  ],
  [
    'takes any size',
    PAYLOAD,
    'the sizes that were taken: expected [1000,1000], got [1000,1000,1001,5]',
    changedSocket({ maxPayload: 1e9 }),
  ],
  [
    'refuses what just fits',
    PAYLOAD,
    'the sizes that were taken: expected [1000,1000], got []',
    changedSocket({ maxPayload: 999 }),
  ],
  [
    'counts nothing as buffered',
    BUFFERED,
    'bufferedAmount after 32 MB to a peer that does not read is 0',
    changedSocket({ socket: () => ({ bufferedAmount: 0 }) }),
  ],
  [
    'counts what was never sent',
    BUFFERED,
    'bufferedAmount before anything was sent: expected 0, got 1',
    changedSocket({ socket: () => ({ bufferedAmount: 1 }) }),
  ],
  [
    'does not pause',
    PAUSED,
    'said while paused: expected ["opened","message"], got ["opened","message","message",',
    changedSocket({ socket: () => ({ pause() {} }) }),
  ],
];

describe('what goes over a connection', () => {
  testSocketClaims(MESSAGES, FAULTS, [
    ['cannot pause', PAUSED, changedSocket({ socket: () => ({ pause: undefined, resume: undefined }) as object })],
  ]);
});
