/** `--record`: a trace in a file. */
import { type TraceFileOptions, traceFile } from '../../../adapters/trace-file.js';
import type { TraceSink } from '../../ports/index.js';
import type { ShardOptions } from '../../shard/index.js';
import { demandFolder } from '../terminal/output-file.js';

/** A trace in the file that was named, if one was. Throws a `UsageError` if it cannot be written. */
export function traceTo(file: string | undefined, options: TraceFileOptions = {}): TraceSink | undefined {
  if (file === undefined) return undefined;
  demandFolder(file, '--record');
  return traceFile(file, options);
}

/** Options of a shard that also writes this trace. */
export function alsoRecording<T extends Pick<ShardOptions, 'record'>>(options: T, trace: TraceSink | undefined): T {
  const { record } = options;
  if (trace === undefined) return options;
  return { ...options, record: typeof record === 'function' ? both(trace, record) : trace };
}

/** A trace that also goes to whoever takes lines. */
export function both(trace: TraceSink, also: (line: string) => void): TraceSink {
  return {
    write(line) {
      also(line);
      trace.write(line);
    },
    get isFull() {
      return trace.isFull ?? false;
    },
    rotate: () => trace.rotate?.() ?? 0,
    settle: () => trace.settle?.(),
    onError: (listener) => trace.onError?.(listener),
  };
}
