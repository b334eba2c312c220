import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { alsoRecording, both, traceTo } from '../../../src/cli/live/record.js';
import { UsageError } from '../../../src/cli/terminal/io.js';
import type { TraceSink } from '../../../src/ports/index.js';
import type { ShardOptions } from '../../../src/shard/index.js';

const folder = await mkdtemp(join(tmpdir(), 'gatechart-record-'));
afterAll(() => rm(folder, { recursive: true }));

/** A sink that notes what is asked of it. */
function notingSink(isFull?: boolean): { readonly sink: Required<TraceSink>; readonly calls: unknown[] } {
  const calls: unknown[] = [];
  return {
    calls,
    sink: {
      write: (line) => void calls.push(line),
      isFull: isFull ?? false,
      rotate: () => {
        calls.push('rotate');
        return 3;
      },
      settle: () => void calls.push('settle'),
      onError: (listener) => void calls.push(listener),
    },
  };
}

describe('the trace of --record', () => {
  it('is none where no file is named', () => {
    expect(traceTo(undefined)).toBeUndefined();
  });

  it('goes to a file in a folder that is there', () => {
    expect(traceTo(join(folder, 'trace.jsonl'), { files: 1 })).toMatchObject({ write: expect.any(Function) });
  });

  it('is refused where nothing can be written, before anything starts', () => {
    const file = join(folder, 'nowhere', 'trace.jsonl');
    expect(() => traceTo(file)).toThrow(UsageError);
    expect(() => traceTo(file)).toThrow(`--record: ${file} cannot be written: ENOENT`);
  });
});

describe('a shard that is recorded as well', () => {
  const options: Pick<ShardOptions, 'token' | 'intents' | 'record'> = { token: 'T', intents: [] };

  it('keeps its options where there is no trace', () => {
    expect(alsoRecording(options, undefined)).toBe(options);
  });

  it('gets the trace', () => {
    const { sink } = notingSink();
    expect(alsoRecording(options, sink)).toEqual({ ...options, record: sink });
    expect(alsoRecording({ ...options, record: notingSink().sink }, sink).record).toBe(sink);
  });

  it('writes each line to the trace and to the function that had it before', () => {
    const { sink, calls } = notingSink();
    const shown: string[] = [];
    const { record } = alsoRecording({ record: (line: string) => void shown.push(line) }, sink);
    (record as unknown as TraceSink).write('{"type":"header"}');
    expect([shown, calls]).toEqual([['{"type":"header"}'], ['{"type":"header"}']]);
  });
});

describe('a trace that goes to two places', () => {
  it('is ruled by the sink: when a file is full, begins, or has to be written', () => {
    const { sink, calls } = notingSink(true);
    const lines: string[] = [];
    const trace = both(sink, (line) => lines.push(line));
    const onError = () => {};
    trace.onError?.(onError);
    trace.write('{}');
    expect([trace.isFull, trace.rotate?.()]).toEqual([true, 3]);
    trace.settle?.();
    expect(calls).toEqual([onError, '{}', 'rotate', 'settle']);
    expect(lines).toEqual(['{}']);
  });

  it('asks the sink each time whether it is full', () => {
    let isFull = false;
    const trace = both(
      {
        write: () => {},
        get isFull() {
          return isFull;
        },
      },
      () => {},
    );
    expect(trace.isFull).toBe(false);
    isFull = true;
    expect(trace.isFull).toBe(true);
  });

  it('is never full and loses nothing with a sink that has no files', () => {
    const trace = both({ write: () => {} }, () => {});
    expect([trace.isFull, trace.rotate?.()]).toEqual([false, 0]);
    expect(() => {
      trace.settle?.();
      trace.onError?.(() => {});
    }).not.toThrow();
  });
});
