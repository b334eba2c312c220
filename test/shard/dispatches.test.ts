import { describe } from 'vitest';
import type { Dispatch } from '../../src/host/audience.js';
import { DispatchReader } from '../../src/shard/dispatches.js';
import { type Check, testEach } from '../support/checks.js';

const dispatch = (sequence: number, name = 'A'): Dispatch => ({
  name,
  data: {},
  sequence,
  replayed: false,
  session: null,
});

/** Plays with a reader and notes what comes. */
async function read(
  play: (reader: DispatchReader, note: (line: unknown) => void) => void | Promise<void>,
  names: readonly string[] | null = null,
  owner: { hasRoom?: () => boolean; isTold?: boolean } = {},
): Promise<unknown[]> {
  const lines: unknown[] = [];
  const reader = new DispatchReader(
    names && new Set(names),
    { dispatches: 2, bytes: 100 },
    {
      hasRoom: owner.hasRoom ?? (() => false),
      read: () => owner.isTold && lines.push('read'),
      ended: () => lines.push('ended'),
    },
  );
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
        reader.push(dispatch(3), 2, 1);
        reader.push(dispatch(4), 3, 1);
        note(reader.handledUpTo);
        tell(note, reader.next());
        tell(note, reader.next());
        await null;
        note(`up to ${reader.handledUpTo}`);
        tell(note, reader.next());
        note(`up to ${reader.handledUpTo}`);
        reader.push(dispatch(5), 4, 1);
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
          reader.push(dispatch(3, 'B'), 2, 1);
          reader.push(dispatch(4, 'A'), 3, 1);
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
        for (const s of [1, 2, 3, 4]) if (!reader.push(dispatch(s), s - 1, 1)) reader.overflow();
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
        reader.push(dispatch(1), 0, 1);
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
          reader.push(dispatch(1), 0, 1);
          note(reader.waiting);
          void reader.next();
          note(reader.waiting);
          void reader.next();
          reader.push(dispatch(2), 1, 1);
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
    'what is handed on at once, or is not asked for, needs no room',
    () =>
      read(
        (reader, note) => {
          void reader.next();
          note(reader.push(dispatch(1), 0, 1));
          note([2, 3, 4].map((s) => reader.push(dispatch(s), s - 1, 1)));
          note(reader.push(dispatch(5, 'B'), 4, 1));
        },
        ['A'],
      ),
    [true, [true, true, false], true],
  ],
  [
    'what there is no room for is kept if its owner has some',
    () =>
      read((reader, note) => note([1, 2, 3].map((s) => reader.push(dispatch(s), s - 1, 1))), null, {
        hasRoom: () => true,
      }),
    [[true, true, true]],
  ],
  [
    'what waits of some types is left out and counted, what was taken of them is not',
    () =>
      read(
        async (reader, note) => {
          reader.push(dispatch(1, 'B'), 0, 1);
          tell(note, reader.next());
          reader.push(dispatch(2, 'A'), 1, 1);
          reader.push(dispatch(3, 'B'), 2, 1);
          reader.push(dispatch(4, 'B'), 3, 1);
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
    'the bytes that wait are those of what waits, also once some are left out, or all',
    () =>
      read(
        async (reader, note) => {
          reader.push(dispatch(1, 'B'), 0, 5);
          reader.push(dispatch(2, 'A'), 1, 7);
          note(reader.waitingBytes);
          reader.leaveOut(new Set(['B']));
          note(reader.waitingBytes);
          reader.abandon();
          note(reader.waitingBytes);
        },
        null,
        { hasRoom: () => true },
      ),
    [12, 7, 0],
  ],
  [
    'who leaves leaves everything',
    () =>
      read(async (reader, note) => {
        reader.push(dispatch(1), 0, 1);
        tell(note, reader.next());
        reader.push(dispatch(2), 1, 1);
        note(reader[Symbol.asyncIterator]() === reader);
        tell(note, reader.return());
        note(`up to ${reader.handledUpTo}`);
        tell(note, reader.next());
      }),
    [true, 'ended', 'up to null', 'ended', 1, 'done', 'done'],
  ],
];

describe('an iterator over dispatches', () => testEach(READERS));
