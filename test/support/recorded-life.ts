import { readTrace } from '../../src/trace/read.js';
import { firstDifference } from '../../src/trace/replay.js';
import { ShardBench } from './shard-bench.js';

export const TOKEN = 'TOKENMARK.abcdef';

/** The trace of a shard that gets this READY, hears `between`, is closed with this reason, resumes and stops. */
export async function lifeWith(ready: object, reason: string, between: readonly object[] = [], options: object = {}) {
  const trace: string[] = [];
  const record = { to: (line: string) => void trace.push(line), contents: true };
  const bench = new ShardBench({ token: TOKEN, hears: ['warning', 'transition'], record, ...options });
  await bench.begin(ready);
  between.forEach((d, i) => {
    bench.dispatch(i + 2, 'VOICE_STATE_UPDATE', d);
  });
  await bench.pass(100);
  bench.sockets.at(-1)?.closed({ code: 4000, reason, wasClean: true });
  await bench.pass(5_000);
  bench.sockets.at(-1)?.opened();
  bench.say({ op: 10, d: { heartbeat_interval: 10_000 } });
  bench.dispatch(between.length + 2, 'RESUMED', {});
  await bench.pass(100);
  const stopped = bench.shard.stop();
  bench.close();
  await bench.pass(10_000);
  await stopped;
  return { bench, trace, text: trace.join('\n') };
}

/** Where a trace is replayed otherwise than it was recorded; null if nowhere. */
export const difference = (trace: readonly string[]) => firstDifference(readTrace(`${trace.join('\n')}\n`).lines);
