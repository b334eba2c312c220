import { describe, expect, it } from 'vitest';
import { zlibInflate } from '../../adapters/zlib.js';
import { inflateContract } from '../../src/contracts/inflate.js';
import type { Compression, InflateCallbacks, InflatePort, Inflater } from '../../src/ports/index.js';
import { brokenBy, claimsOf } from '../support/claims.js';

const STREAM = 'zlib-stream';
const PAYLOAD = 'payload';

interface Change {
  supports?: InflatePort['supports'];
  /** Other callbacks. */
  on?(callbacks: InflateCallbacks): Partial<InflateCallbacks>;
  /** Other methods; `write` and `close` are those of the inflater. */
  inflater?(inflater: Inflater, callbacks: InflateCallbacks): Partial<Inflater>;
  maxBytes?: number;
}

/** The contract for inflaters on Node's zlib with something changed. */
function contractOf(compression: Compression, change: () => Change = () => ({})) {
  return inflateContract(() => {
    const { supports, on, inflater, maxBytes } = change();
    const zlib = zlibInflate();
    const port: InflatePort = {
      supports: supports ?? zlib.supports,
      open(which, options, callbacks) {
        const limits = maxBytes === undefined ? options : { maxBytes };
        const opened = zlib.open(which, limits, { ...callbacks, ...on?.(callbacks) });
        const methods: Inflater = {
          write: (data, isEnd) => opened.write(data, isEnd),
          close: () => opened.close(),
        };
        return { ...methods, ...inflater?.(methods, callbacks) };
      },
    };
    return { port, compression };
  });
}

const SUPPORTED = 'supports what it is made for';
const ONCE = 'gives each message once, in order';
const AT_ONCE = 'gives a message before the next is written';
const PARTS = 'gives a message that comes in parts as one, wherever it is cut';
const APART = 'keeps apart what belongs to different connections';
const CORRUPT = 'fails on corrupt data, once, and says nothing after it';
const UNSEEN = 'fails on what needs messages that it has not seen';
const CUT = 'fails on a payload that is cut short';
const LARGE = 'fails on a message that is too large';
const CLOSED = 'says nothing after close, which may come twice and at any time';

const FIRST = JSON.stringify('{"op":0,"s":1,"t":"A","d":"gatechart, gatechart: héllo 😀"}');

interface Fault {
  readonly fault: string;
  readonly breaks: string;
  readonly says: string;
  readonly change: () => Change;
  readonly compression?: Compression;
}

const FAULTS: readonly Fault[] = [
  {
    fault: 'supports nothing',
    breaks: SUPPORTED,
    says: "supports('zlib-stream'): expected true, got false",
    change: () => ({ supports: () => false }),
  },
  {
    fault: 'gives each message twice',
    breaks: ONCE,
    says: 'what was told: expected [',
    change: () => ({
      on: ({ inflated }) => ({
        inflated(bytes) {
          inflated(bytes);
          inflated(bytes);
        },
      }),
    }),
  },
  {
    fault: 'gives nothing',
    breaks: ONCE,
    says: '3 calls, of which there were 0,: nothing within 4000 ms',
    change: () => ({ on: () => ({ inflated() {} }) }),
  },
  {
    fault: 'keeps a message until the next is written',
    breaks: AT_ONCE,
    says: '1 calls, of which there were 0,: nothing within 4000 ms',
    change: () => ({
      on({ inflated }) {
        let kept: Uint8Array | null = null;
        return {
          inflated(bytes) {
            if (kept !== null) inflated(kept);
            kept = bytes.slice();
          },
        };
      },
    }),
  },
  {
    fault: 'gives a message again a moment later',
    breaks: AT_ONCE,
    says: `what was told: expected [${FIRST}], got [${FIRST},${FIRST}]`,
    change: () => ({
      on: ({ inflated }) => ({
        inflated(bytes) {
          const copy = bytes.slice();
          inflated(bytes);
          setTimeout(() => inflated(copy), 10);
        },
      }),
    }),
  },
  {
    fault: 'takes every part for a message',
    breaks: PARTS,
    says: 'what was told: expected [',
    change: () => ({ inflater: ({ write }) => ({ write: (data) => write(data, true) }) }),
  },
  {
    fault: 'has one stream for all connections',
    breaks: APART,
    says: '2 calls, of which there were 1,: nothing within 4000 ms',
    change() {
      let shared: Inflater | undefined;
      return {
        inflater(inflater) {
          shared ??= inflater;
          return shared;
        },
      };
    },
  },
  {
    fault: 'tells of a failure twice',
    breaks: CORRUPT,
    says: `what was told: expected [${FIRST},"failed"], got [${FIRST},"failed","failed"]`,
    change: () => ({
      on: ({ failed }) => ({
        failed(problem) {
          failed(problem);
          failed(problem);
        },
      }),
    }),
  },
  {
    fault: 'does not say why it fails',
    breaks: CORRUPT,
    says: 'write of nonsense throws ContractError: a failure says no problem',
    change: () => ({ on: ({ failed }) => ({ failed: () => failed('') }) }),
  },
  {
    fault: 'throws what is corrupt',
    breaks: CORRUPT,
    says: 'write of nonsense throws Error: corrupt',
    change: () => ({
      inflater: ({ write }) => ({
        write(data, isEnd) {
          if (data[0] === 0xff) throw new Error('corrupt');
          write(data, isEnd);
        },
      }),
    }),
  },
  {
    fault: 'passes over what it does not understand',
    breaks: UNSEEN,
    says: '1 calls, of which there were 0,: nothing within 4000 ms',
    change: () => ({ on: () => ({ failed() {} }) }),
  },
  {
    fault: 'gives what there is of a payload',
    breaks: CUT,
    says: 'what was told: expected ["failed"], got [',
    change: () => ({ on: ({ inflated }) => ({ failed: () => inflated(new Uint8Array(3)) }) }),
    compression: PAYLOAD,
  },
  {
    fault: 'takes messages of any size',
    breaks: LARGE,
    says: 'what was told: expected [',
    change: () => ({ maxBytes: 1_000_000 }),
  },
  {
    fault: 'takes payloads of any size',
    breaks: LARGE,
    says: 'what was told: expected [',
    change: () => ({ maxBytes: 1_000_000 }),
    compression: PAYLOAD,
  },
  {
    fault: 'goes on after close',
    breaks: CLOSED,
    says: 'what was told: expected [',
    change: () => ({ inflater: () => ({ close() {} }) }),
  },
  {
    fault: 'cannot be closed twice',
    breaks: CLOSED,
    says: 'close throws Error: closed already',
    change: () => ({
      inflater({ close }) {
        let isOver = false;
        return {
          close() {
            if (isOver) throw new Error('closed already');
            isOver = true;
            close();
          },
        };
      },
    }),
  },
];

describe('the inflate contract', () => {
  describe.each([STREAM, PAYLOAD] as const)('for %s', (compression) => {
    it.each(claimsOf(contractOf(compression)))('is met by zlib: %s', async (claim) => {
      expect(await brokenBy(contractOf(compression), claim)).toBeNull();
    });
  });

  it.each(FAULTS.map((each) => [each.fault, each] as const))(
    'finds an inflater that %s',
    async (_, { breaks, says, change, compression = STREAM }) => {
      const broken = await brokenBy(contractOf(compression, change), breaks);
      expect(broken?.startsWith(says), broken ?? 'it holds').toBe(true);
    },
  );

  it.each([
    [PARTS, PAYLOAD],
    [UNSEEN, PAYLOAD],
    [CUT, STREAM],
  ] as const)('asks for nothing where a claim is not about the compression: %s, %s', async (claim, compression) => {
    const nothing = () => ({ on: () => ({ inflated() {}, failed() {} }) });
    expect(await brokenBy(contractOf(compression, nothing), claim)).toBeNull();
  });

  it('has each of its claims broken here', () => {
    expect(new Set(FAULTS.map(({ breaks }) => breaks))).toEqual(new Set(claimsOf(contractOf(STREAM))));
  });
});
