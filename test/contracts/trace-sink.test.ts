import { describe, expect, it } from 'vitest';
import { traceSinkContract } from '../../src/contracts/trace-sink.js';
import type { TraceSink } from '../../src/ports/index.js';
import { brokenBy, claimsOf } from '../support/claims.js';

type Change = (sink: Required<TraceSink>, kept: string[]) => Partial<TraceSink>;

/** A sink in memory, with something changed. */
function memorySink(change: Change = () => ({})) {
  const kept: string[] = [];
  const write = (line: string) => void kept.push(line);
  const sink = { write, isFull: false, rotate: () => 0, settle() {}, onError() {} };
  return { sink: { ...sink, ...change(sink, kept) }, lines: () => kept };
}

const whole = traceSinkContract(() => memorySink());
const onlyFunction = traceSinkContract(() => {
  const { sink, lines } = memorySink();
  return { sink: sink.write, lines };
});

const ORDER = 'keeps every line, in order, once it is settled';
const AS_IT_IS = 'keeps a line as it is, whatever it holds and however long it is';
const SETTLED = 'goes on after it was settled, which may come twice, or before any line';
const ROTATED = 'begins a new file when it is told to, if it can, and has lost nothing';
const NO_ERROR = 'tells of no error while all is well';

const line = (at: number) => JSON.stringify(JSON.stringify({ type: 'warning', at, problem: 'of a test' }));

const FAULTS: readonly (readonly [fault: string, breaks: string, says: string, change: Change])[] = [
  [
    'turns the order',
    ORDER,
    `got [${line(999)},${line(998)},`,
    (_, kept) => ({ write: (each) => void kept.unshift(each) }),
  ],
  [
    'leaves the last line in its buffer',
    ORDER,
    'what is kept: expected [',
    ({ write }) => {
      let last: string | null = null;
      return {
        write(each) {
          if (last !== null) write(last);
          last = each;
        },
      };
    },
  ],
  [
    'throws once it is written to',
    ORDER,
    'write throws Error: disk full',
    () => ({
      write() {
        throw new Error('disk full');
      },
    }),
  ],
  [
    'cuts lines',
    AS_IT_IS,
    'what is kept: expected [',
    ({ write }) => ({ write: (each) => write(each.slice(0, 10_000)) }),
  ],
  [
    'replaces what is not ASCII',
    AS_IT_IS,
    '?berraschung ??',
    ({ write }) => ({ write: (each) => write(each.replace(/[^ -~]/g, '?')) }),
  ],
  [
    'splits a line at a line separator',
    AS_IT_IS,
    'what is kept: expected [',
    (_, kept) => ({ write: (each) => void kept.push(...each.split('\u2028')) }),
  ],
  [
    'ends when it is settled',
    SETTLED,
    'write throws Error: over',
    ({ write }) => {
      let isOver = false;
      return {
        settle() {
          isOver = true;
        },
        write(each) {
          if (isOver) throw new Error('over');
          write(each);
        },
      };
    },
  ],
  [
    'throws when there is nothing to settle',
    SETTLED,
    'settle throws Error: empty',
    (_, kept) => ({
      settle() {
        if (kept.length === 0) throw new Error('empty');
      },
    }),
  ],
  [
    'writes again what was settled',
    SETTLED,
    'what is kept, settled again: expected [',
    (_, kept) => {
      let settled = 0;
      return {
        settle() {
          settled += 1;
          if (settled === 3) kept.push(...kept);
        },
      };
    },
  ],
  [
    'forgets what it had',
    ROTATED,
    'what is kept: expected [',
    (_, kept) => ({
      rotate() {
        kept.length = 0;
        return 0;
      },
    }),
  ],
  [
    'counts what it had as lost',
    ROTATED,
    'lines that were lost: expected 0, got 10',
    (_, kept) => ({ rotate: () => kept.length }),
  ],
  ['stays full', ROTATED, 'it is full right after a new file was begun', () => ({ isFull: true })],
  [
    'cries wolf',
    NO_ERROR,
    'errors: expected [], got ["Error: wolf"]',
    () => ({ onError: (listener) => listener(new Error('wolf')) }),
  ],
];

describe('the trace sink contract', () => {
  it.each(claimsOf(whole))('is met by a sink in memory: %s', async (claim) => {
    expect(await brokenBy(whole, claim)).toBeNull();
  });

  it.each(claimsOf(onlyFunction))('is met by a function that takes lines: %s', async (claim) => {
    expect(await brokenBy(onlyFunction, claim)).toBeNull();
  });

  it('waits for a sink that is slow to show its lines', async () => {
    const slow = traceSinkContract(() => {
      const { sink, lines } = memorySink();
      let asked = 0;
      return {
        sink,
        async lines() {
          asked += 1;
          return asked < 10 ? [] : lines();
        },
      };
    });
    expect(await brokenBy(slow, ORDER)).toBeNull();
  });

  it.each(FAULTS)('finds a sink that %s', async (_, breaks, says, change) => {
    expect(
      await brokenBy(
        traceSinkContract(() => memorySink(change)),
        breaks,
      ),
    ).toContain(says);
  });

  it('has each of its claims broken here', () => {
    expect(new Set(FAULTS.map(([, breaks]) => breaks))).toEqual(new Set(claimsOf(whole)));
  });
});
