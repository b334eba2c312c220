import type { TraceSink } from '../ports/index.js';
import { assert, assertEqual, assertSilent, type Claims, type ContractCase, cases, pause, within } from './contract.js';

/** What the contract of trace sinks needs. */
export interface TraceSinkContractOptions {
  /** A sink that nothing was written to, with room for 2 MB. */
  readonly sink: TraceSink | ((line: string) => void);
  /** All lines that are kept by now, the oldest first; asked again until they are there. */
  lines(): readonly string[] | Promise<readonly string[]>;
}

/** Less than frameworks give a test. */
const PATIENCE_MS = 4_000;

interface Opened {
  readonly sink: TraceSink;
  /** Settles, and expects these lines within some seconds. */
  keeps(expected: readonly string[], what: string): Promise<void>;
  readonly errors: readonly unknown[];
}

/** As a recording uses it. */
function opened({ sink: target, lines }: TraceSinkContractOptions): Opened {
  const sink: TraceSink = typeof target === 'function' ? { write: target } : target;
  const errors: unknown[] = [];
  sink.onError?.((error) => errors.push(error));
  return {
    sink,
    errors,
    async keeps(expected, what) {
      assertSilent(() => sink.settle?.(), 'settle');
      const ends = Date.now() + PATIENCE_MS;
      let found = await within(Promise.resolve(lines()), what);
      while (found.length < expected.length && Date.now() < ends) {
        await pause(10);
        found = await within(Promise.resolve(lines()), what);
      }
      assertEqual(found, expected, what);
    },
  };
}

const line = (at: number) => JSON.stringify({ type: 'warning', at, problem: 'of a test' });
const linesFrom = (first: number, count: number) => Array.from({ length: count }, (_, i) => line(first + i));
const write = (sink: TraceSink, lines: readonly string[]) => {
  for (const each of lines) assertSilent(() => sink.write(each), 'write');
};

const CLAIMS: Claims<TraceSinkContractOptions> = {
  async 'keeps every line, in order, once it is settled'(options) {
    const { sink, keeps } = opened(options);
    const lines = linesFrom(0, 1_000);
    write(sink, lines);
    await keeps(lines, 'what is kept');
  },

  async 'keeps a line as it is, whatever it holds and however long it is'(options) {
    const { sink, keeps } = opened(options);
    const problems = ['"quoted\\"', 'Überraschung 🎉', 'a\u2028b\u2029c\u0085d', 'a\nb\rc', 'x'.repeat(1_000_000)];
    const lines = problems.map((problem) => JSON.stringify({ type: 'warning', at: 0, problem }));
    write(sink, lines);
    await keeps(lines, 'what is kept');
  },

  async 'goes on after it was settled, which may come twice, or before any line'(options) {
    const { sink, keeps } = opened(options);
    await keeps([], 'what is kept at first');
    write(sink, linesFrom(0, 10));
    await keeps(linesFrom(0, 10), 'what is kept');
    await keeps(linesFrom(0, 10), 'what is kept, settled again');
    write(sink, linesFrom(10, 10));
    await keeps(linesFrom(0, 20), 'what is kept after that');
  },

  async 'begins a new file when it is told to, if it can, and has lost nothing'(options) {
    const { sink, keeps } = opened(options);
    if (sink.rotate === undefined) return;
    write(sink, linesFrom(0, 10));
    assertEqual(sink.rotate(), 0, 'lines that were lost');
    assert(sink.isFull !== true, 'it is full right after a new file was begun');
    write(sink, linesFrom(10, 10));
    await keeps(linesFrom(0, 20), 'what is kept');
  },

  async 'tells of no error while all is well'(options) {
    const { sink, keeps, errors } = opened(options);
    write(sink, linesFrom(0, 100));
    await keeps(linesFrom(0, 100), 'what is kept');
    assertEqual(errors.map(String), [], 'errors');
  },
};

/** What every implementation of `TraceSink` must do, and every function that takes lines. */
export function traceSinkContract(
  make: () => TraceSinkContractOptions | Promise<TraceSinkContractOptions>,
): ContractCase[] {
  return cases(make, CLAIMS);
}
