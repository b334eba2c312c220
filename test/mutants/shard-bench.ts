/** What surrounds a shard's chart and host, without either: records, latency and the iterator. Expected values by hand. */
import type { Dispatch } from '../../src/host/host.js';
import { DispatchReader } from '../../src/shard/dispatches.js';
import { LatencyMeter } from '../../src/shard/latency.js';
import { checkRecord, type Identity, resumeRecord, sessionFrom } from '../../src/shard/record.js';
import { encode, isTooLarge } from '../../src/wire/encode.js';
import { decoding } from '../support/decoding.js';
import { type Check, judgeChecks } from './scripts.js';

const WIRE = { version: 10, encoding: 'json', compress: false } as const;
const IDENTITY: Identity = { identify: { shard: [1, 4], intents: 3 }, wire: WIRE };
const TRUST = { gatewayUrl: 'wss://gateway.discord.gg/' };
const RECORD = resumeRecord({ id: 's', url: 'wss://gateway-b.discord.gg/' }, 7, IDENTITY, 1.6);

const failureOf = (record: unknown) => {
  try {
    checkRecord(record);
    return null;
  } catch (error) {
    return (error as Error).message.replace(/^The resume record cannot be used: (.*)\. Leave.*$/, '$1');
  }
};
const startOf = (change: object, identify: object = {}, wire: object = {}) =>
  sessionFrom(
    { ...RECORD, ...change },
    { identify: { ...IDENTITY.identify, ...identify }, wire: { ...WIRE, ...wire } },
    TRUST,
  );
const KEPT = { session: { id: 's', url: 'wss://gateway-b.discord.gg/' }, sequence: 7 };

const NO_WIRE = 'it does not say its version, encoding and compression';
const RECORDS: readonly Check[] = [
  [
    'a record says everything',
    () => RECORD,
    {
      version: 1,
      sessionId: 's',
      resumeUrl: 'wss://gateway-b.discord.gg/',
      sequence: 7,
      shard: [1, 4],
      intents: 3,
      wire: { version: 10, encoding: 'json', compress: false },
      savedAt: 2,
    },
  ],
  ['a record is one', () => failureOf(RECORD), null],
  ['none is one', () => failureOf(null), null],
  ['text is none', () => failureOf('x'), 'it is no object'],
  ['version', () => failureOf({ ...RECORD, version: 2 }), 'its version is 2, not 1'],
  ['id missing', () => failureOf({ ...RECORD, sessionId: undefined }), 'it has no sessionId'],
  ['id empty', () => failureOf({ ...RECORD, sessionId: '' }), 'it has no sessionId'],
  ['sequence 0', () => failureOf({ ...RECORD, sequence: 0 }), null],
  ['sequence -1', () => failureOf({ ...RECORD, sequence: -1 }), 'its sequence is no number'],
  ['sequence missing', () => failureOf({ ...RECORD, sequence: undefined }), 'its sequence is no number'],
  ['URL null', () => failureOf({ ...RECORD, resumeUrl: null }), null],
  ['URL 7', () => failureOf({ ...RECORD, resumeUrl: 7 }), 'its resumeUrl is neither a string nor null'],
  ['shard', () => failureOf({ ...RECORD, shard: 1 }), 'it does not say its shard and intents'],
  ['intents', () => failureOf({ ...RECORD, intents: 'x' }), 'it does not say its shard and intents'],
  ['wire missing', () => failureOf({ ...RECORD, wire: undefined }), NO_WIRE],
  ['wire null', () => failureOf({ ...RECORD, wire: null }), NO_WIRE],
  ['resumed', () => startOf({}), KEPT],
  ['none', () => sessionFrom(null, IDENTITY, TRUST), {}],
  ['without URL', () => startOf({ resumeUrl: null }), { ...KEPT, session: { id: 's', url: null } }],
  ['strange URL', () => startOf({ resumeUrl: 'wss://evil.example' }), { ...KEPT, session: { id: 's', url: null } }],
  ['another id', () => startOf({}, { shard: [0, 4] }), {}],
  ['another count', () => startOf({}, { shard: [1, 5] }), {}],
  ['other intents', () => startOf({}, { intents: 1 }), {}],
  ['another version', () => startOf({}, {}, { version: 9 }), {}],
  ['another encoding', () => startOf({}, {}, { encoding: 'etf' }), {}],
  ['another compression', () => startOf({}, {}, { compress: 'payload' }), {}],
];

const HELLO_ETF = Uint8Array.from([131, 116, 0, 0, 0, 1, 119, 2, 111, 112, 97, 11]);
const heardOf = (data: string | Uint8Array, isBinary: boolean) => {
  const { heard, decoder } = decoding({ encoding: 'etf' });
  decoder.receive(data, isBinary);
  return heard;
};
const TEXT_IN_ETF = { type: 'malformed', problem: 'a text message on a connection with encoding=etf' };
const TERMS: readonly Check[] = [
  ['a term', () => heardOf(HELLO_ETF, true), [{ type: 'heartbeatAck' }]],
  ['a term as text', () => heardOf(HELLO_ETF, false), [TEXT_IN_ETF]],
  ['text', () => heardOf('{"op":11}', false), [TEXT_IN_ETF]],
  [
    'no term',
    () => heardOf(new Uint8Array(), true),
    [{ type: 'malformed', problem: 'not ETF: the message ends within a term, at byte 0' }],
  ],
  ['a heartbeat in ETF', () => Array.from(encode(1, null, 'etf') as Uint8Array).length, 26],
  ['a heartbeat in JSON', () => encode(1, null), '{"op":1,"d":null}'],
  ['4096 bytes of ETF', () => isTooLarge(new Uint8Array(4096)), false],
  ['4097 bytes of ETF', () => isTooLarge(new Uint8Array(4097)), true],
];

function latencies(...ms: number[]): LatencyMeter {
  const meter = new LatencyMeter();
  for (const each of ms) meter.add(each);
  return meter;
}
const METERS: readonly Check[] = [
  ['no latency', () => latencies().read(), { average: null, recent: [] }],
  ['latencies', () => latencies(1, 2, 3, 4, 5, 9).read(), { average: 4, recent: [9, 5, 4, 3, 2] }],
  [
    'anew',
    () => {
      const meter = latencies(1, 2);
      meter.reset();
      const empty = meter.read();
      meter.add(8);
      return [empty, meter.read()];
    },
    [
      { average: null, recent: [] },
      { average: 8, recent: [8] },
    ],
  ],
];

const dispatch = (sequence: number, name = 'A'): Dispatch => ({ name, data: {}, sequence, replayed: false });

/** Plays with a reader and notes what comes. */
async function read(
  play: (reader: DispatchReader, note: (line: unknown) => void) => void | Promise<void>,
  names: readonly string[] | null = null,
  owner: { hasRoom?: () => boolean; isTold?: boolean } = {},
): Promise<unknown[]> {
  const lines: unknown[] = [];
  const reader = new DispatchReader(names && new Set(names), 2, {
    hasRoom: owner.hasRoom ?? (() => false),
    read: () => owner.isTold && lines.push('read'),
    ended: () => lines.push('ended'),
  });
  await play(reader, (line) => lines.push(line));
  for (let i = 0; i < 5; i += 1) await null;
  return lines;
}
const tell = (note: (line: unknown) => void, next: Promise<IteratorResult<Dispatch>>) =>
  void next.then(
    ({ done, value }) => note(done ? 'done' : value.sequence),
    (error: { code?: string }) => note(error.code ?? 'error'),
  );

const READERS: readonly Check[] = [
  [
    'what was there is read in order, what is asked for comes, and is handled once the next is asked for',
    () =>
      read(async (reader, note) => {
        note(reader.handledUpTo);
        reader.push(dispatch(3), 2);
        reader.push(dispatch(4), 3);
        note(reader.handledUpTo);
        tell(note, reader.next());
        tell(note, reader.next());
        await null;
        note(`up to ${reader.handledUpTo}`);
        tell(note, reader.next());
        note(`up to ${reader.handledUpTo}`);
        reader.push(dispatch(5), 4);
        note(`up to ${reader.handledUpTo}`);
      }),
    [null, 2, 3, 4, 'up to 3', 'up to null', 'up to 4', 5],
  ],
  [
    'what an iterator over all takes',
    () =>
      read((reader, note) => {
        note([reader.wantsAll, reader.wants('A')]);
        reader.finish();
        note([reader.wantsAll, reader.wants('A')]);
      }),
    [
      [true, true],
      [false, false],
    ],
  ],
  [
    'what an iterator over names takes',
    () =>
      read(
        (reader, note) => {
          note([reader.wantsAll, reader.wants('A'), reader.wants('B')]);
          reader.finish();
          note([reader.wantsAll, reader.wants('A')]);
        },
        ['A'],
      ),
    [
      [false, true, false],
      [false, false],
    ],
  ],
  [
    'others are left out',
    () =>
      read(
        async (reader, note) => {
          reader.push(dispatch(3, 'B'), 2);
          reader.push(dispatch(4, 'A'), 3);
          tell(note, reader.next());
        },
        ['A'],
      ),
    [4],
  ],
  [
    'a buffer that runs over ends it, after what it holds, once',
    () =>
      read(async (reader, note) => {
        for (const s of [1, 2, 3, 4]) if (!reader.push(dispatch(s), s - 1)) reader.overflow();
        for (let i = 0; i < 4; i += 1) tell(note, reader.next());
      }),
    ['ended', 'ended', 1, 2, 'ERR_BUFFER_OVERFLOW', 'done'],
  ],
  [
    'an end answers who asks',
    () =>
      read((reader, note) => {
        tell(note, reader.next());
        tell(note, reader.next());
        reader.finish();
        reader.finish({ error: { code: 'late' } });
        reader.push(dispatch(1), 0);
        tell(note, reader.next());
      }),
    ['ended', 'ended', 'ended', 'done', 'done', 'done'],
  ],
  [
    'an end with an error tells it once',
    () =>
      read((reader, note) => {
        tell(note, reader.next());
        tell(note, reader.next());
        reader.finish({ error: { code: 'why' } });
      }),
    ['ended', 'ended', 'why', 'done'],
  ],
  [
    'its owner hears what is taken from the buffer, not what is handed on at once, and that it ran over',
    () =>
      read(
        async (reader, note) => {
          reader.push(dispatch(1), 0);
          note(reader.waiting);
          void reader.next();
          note(reader.waiting);
          void reader.next();
          reader.push(dispatch(2), 1);
          note([reader.waiting, reader.hasEnded]);
          reader.overflow();
          note(reader.hasEnded);
        },
        null,
        { isTold: true },
      ),
    [1, 'read', 0, [0, false], 'read', true],
  ],
  [
    'what there is no room for is kept if its owner has some',
    () =>
      read((reader, note) => note([1, 2, 3].map((s) => reader.push(dispatch(s), s - 1))), null, {
        hasRoom: () => true,
      }),
    [[true, true, true]],
  ],
  [
    'what waits of some types is left out and counted, what was taken of them is not',
    () =>
      read(
        async (reader, note) => {
          reader.push(dispatch(1, 'B'), 0);
          tell(note, reader.next());
          reader.push(dispatch(2, 'A'), 1);
          reader.push(dispatch(3, 'B'), 2);
          reader.push(dispatch(4, 'B'), 3);
          note(reader.leaveOut(new Set(['B', 'C'])));
          note(reader.leaveOut(new Set(['B'])));
          note(reader.waiting);
          tell(note, reader.next());
        },
        null,
        { hasRoom: () => true },
      ),
    [2, 0, 1, 1, 2],
  ],
  [
    'who leaves leaves everything',
    () =>
      read(async (reader, note) => {
        reader.push(dispatch(1), 0);
        tell(note, reader.next());
        reader.push(dispatch(2), 1);
        note(reader[Symbol.asyncIterator]() === reader);
        tell(note, reader.return());
        note(`up to ${reader.handledUpTo}`);
        tell(note, reader.next());
      }),
    [true, 'ended', 'up to null', 'ended', 1, 'done', 'done'],
  ],
];

/** Says what is wrong with what surrounds the host, or null. */
export function judgeSurroundings(): Promise<string | null> {
  return judgeChecks([...RECORDS, ...TERMS, ...METERS, ...READERS]);
}
