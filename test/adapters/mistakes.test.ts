/** What is said of options and packages that an adapter cannot use. */
import * as fzstd from 'fzstd';
import { describe, expect } from 'vitest';
import { fileStore } from '../../adapters/file.js';
import { fzstdInflate } from '../../adapters/fzstd.js';
import { sharedTraceFile, traceFile } from '../../adapters/trace-file.js';
import { webSocket } from '../../adapters/web.js';
import { ws } from '../../adapters/ws.js';
import { zlibInflate } from '../../adapters/zlib.js';
import { zlibSyncInflate } from '../../adapters/zlib-sync.js';
import { type Check, failureOf, testEach } from '../support/checks.js';

type Making = readonly [make: (given: never) => unknown, given: unknown, says: string | null];

const FILE = 'it must be the name of a file, as a string';
const FZSTD = "it must be the package, as by import * as fzstd from 'fzstd'";
const ZLIB_SYNC = "it must be the package, as by import zlibSync from 'zlib-sync'";
const NO_OBJECT = 'TypeError: the argument is null; it must be an object';

const MAKINGS: readonly Making[] = [
  [fzstdInflate, undefined, `TypeError: fzstd is null; ${FZSTD}`],
  [fzstdInflate, {}, `TypeError: fzstd is an object; ${FZSTD}`],
  [fzstdInflate, () => {}, `TypeError: fzstd is a function; ${FZSTD}`],
  [fzstdInflate, fzstd, null],
  [zlibSyncInflate, undefined, `TypeError: zlibSync is null; ${ZLIB_SYNC}`],
  [zlibSyncInflate, { createInflate() {} }, `TypeError: zlibSync is an object; ${ZLIB_SYNC}`],
  [zlibInflate, null, 'TypeError: zlib is null; it must be an object with createInflate(), inflateSync()'],
  [zlibInflate, { level: 9 }, 'TypeError: zlib is an object; it must be an object with createInflate()'],
  [fileStore, undefined, `TypeError: path is null; ${FILE}`],
  [fileStore, '', `TypeError: path is ''; ${FILE}`],
  [fileStore, { path: 'x' }, `TypeError: path is an object; ${FILE}`],
  [traceFile, undefined, `TypeError: path is null; ${FILE}`],
  [traceFile, new URL('file:///x'), `TypeError: path is an object; ${FILE}`],
  [(options: never) => traceFile('x.jsonl', options), 5, 'RangeError: the argument is 5; it must be an object'],
  [(options: never) => traceFile('x.jsonl', options), null, NO_OBJECT],
  [
    (options: never) => traceFile('x.jsonl', options),
    { maxByte: 1 },
    'TypeError: there is no option maxByte: write maxBytes',
  ],
  [
    (options: never) => traceFile('x.jsonl', options),
    { files: 0 },
    'RangeError: files is 0; it must be a whole number above 0',
  ],
  [sharedTraceFile, '', `TypeError: record is ''; ${FILE}`],
  [webSocket, null, NO_OBJECT],
  [webSocket, { Websocket: class {} }, 'TypeError: there is no option Websocket: write WebSocket'],
  [webSocket, { WebSocket: 'ws' }, "TypeError: WebSocket is 'ws'; it must be a function"],
  [ws, null, NO_OBJECT],
  [ws, 'wss://x', 'TypeError: the argument is a string; it must be an object'],
  [ws, { agent: 'http://x' }, 'TypeError: agent is a string; it must be an object with addRequest()'],
  [ws, { agent: null }, null],
  [ws, { headers: 'X: y' }, 'TypeError: headers is a string; it must be an object'],
  [
    ws,
    { proxy: 'http://x' },
    'TypeError: ws() takes no proxy: give an agent, such as one of the package https-proxy-agent',
  ],
  [ws, { agnet: {} }, 'TypeError: ws() takes no agnet: write agent'],
  [ws, { header: {} }, 'TypeError: ws() takes no header: write headers'],
  [ws, { ALPNCallback() {} }, null],
  [ws, { maxPayload: 1 }, 'TypeError: ws() takes no maxPayload: it is an option of the shard'],
];

describe('an adapter', () =>
  testEach(
    MAKINGS.map(
      ([make, given, says], row): Check => [
        `${row}: ${says ?? 'takes what it can use'}`,
        () => failureOf(() => make(given as never)),
        says === null ? null : expect.stringContaining(says),
      ],
    ),
  ));
