/** What is mutated, and the tests that have to notice. */
import { readdirSync } from 'node:fs';

/** Sources whose mutants are played. To add one, name it here; it needs a unit test of its name. */
export const SOURCES: readonly string[] = [
  // What the names of the charts mean.
  'machines/shard/vocabulary.ts',
  'machines/shard/policy.ts',
  'machines/gateway/vocabulary.ts',
  'machines/gateway/replay-buffer.ts',
  'machines/kit/gate.ts',
  'machines/protocol/url.ts',

  'src/limits/identify-bucket.ts',
  'src/limits/budgeted-permits.ts',
  'src/limits/identify-day.ts',
  'src/limits/identify-storm.ts',
  'src/host/batch.ts',
  'src/host/connection.ts',
  'src/host/host.ts',
  'src/host/questions.ts',
  'src/host/tap.ts',
  'src/host/warnings.ts',
  'src/limits/memory-permits.ts',
  'src/limits/send-limiter.ts',
  'src/host/outgoing.ts',
  'src/locating/rest-locator.ts',
  'src/wire/decode.ts',
  'src/wire/decoder.ts',
  'src/wire/encode.ts',
  'src/shard/dispatches.ts',
  'src/shard/latency.ts',
  'src/shard/record.ts',
  'src/shard/listeners.ts',
  'src/shard/logic.ts',
  'src/shard/news.ts',
  'src/shard/running.ts',
  'src/shard/runs.ts',
  'src/shard/subscribers.ts',
  'src/shard/shard.ts',
  'src/shard/options.ts',
  'src/shard/errors.ts',
  'src/shard/backlog.ts',
  'src/shard/health.ts',

  'src/ports/clock.ts',
  'src/ports/first-inflate.ts',
  'src/wire/head.ts',
];

/** Folders whose unit tests judge the mutants, each of them those that it reaches. */
const FOLDERS = [
  'test/host',
  'test/limits',
  'test/locating',
  'test/machines',
  'test/machines/gateway',
  'test/machines/kit',
  'test/machines/protocol',
  'test/machines/shard',
  'test/ports',
  'test/shard',
  'test/wire',
];

/** Tests that judge nothing here: of types, of chance and memory, and those that need vitest itself. */
const LEFT_OUT = /^(types|root|ancestors|stores|random|house|decoder-streams|api-types|clauses|hosts)\b/;

/** The tests that judge. */
export const TESTS: readonly string[] = FOLDERS.flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => /^[^./]+\.test\.ts$/.test(name) && !LEFT_OUT.test(name))
    .map((name) => `${folder}/${name}`),
);

/** Those of them that stand where one looks for the tests of a source: of its name, or else in its folder. */
export function testsOf(source: string): readonly string[] {
  const place = source
    .replace(/^src/, 'test')
    .replace(/^(machines|adapters)/, 'test/$1')
    .replace(/\.ts$/, '');
  const ofItsName = TESTS.filter((test) => test.startsWith(`${place}.`) || test.startsWith(`${place}-`));
  const folder = place.replace(/[^/]+$/, '');
  return ofItsName.length > 0 ? ofItsName : TESTS.filter((test) => test.startsWith(folder));
}
