/** What is mutated, and the tests that have to notice. */
import { readdirSync } from 'node:fs';

/** Sources whose mutants are played. To add one, name it here; it needs a unit test of its name. */
export const SOURCES: readonly string[] = [
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
];

/** Rooms whose unit tests judge the mutants, each of them those that it reaches. */
const ROOMS = ['test/limits', 'test/locating', 'test/host', 'test/shard', 'test/wire'];

/** Tests that judge nothing here: of types, of real time or memory, of chance, and those that need vitest itself. */
const LEFT_OUT = /^(types|clock|root|ancestors|stores|random|head|decoder-streams|etf)\b/;

/** The tests that judge. */
export const TESTS: readonly string[] = ROOMS.flatMap((room) =>
  readdirSync(room)
    .filter((name) => /^[^./]+\.test\.ts$/.test(name) && !LEFT_OUT.test(name))
    .map((name) => `${room}/${name}`),
).sort();
