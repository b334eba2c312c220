/** What is mutated, and the tests that have to notice. */

/** Sources whose mutants are played. To add one, name it here; it needs a unit test of its name. */
export const SOURCES: readonly string[] = [
  'src/host/host.ts',
  'src/host/memory-permits.ts',
  'src/host/rest-locator.ts',
  'src/wire/decode.ts',
  'src/wire/decoder.ts',
  'src/wire/encode.ts',
  'src/shard/dispatches.ts',
  'src/shard/latency.ts',
  'src/shard/record.ts',
  'src/shard/logic.ts',
  'src/shard/shard.ts',
  'src/shard/options.ts',
  'src/shard/errors.ts',
  'src/shard/backlog.ts',
  'src/shard/health.ts',
];

/** The tests: of each source the file of its name. All of them judge every mutant that they reach. */
export const TESTS: readonly string[] = SOURCES.map((source) =>
  source.replace(/^src/, 'test').replace(/\.ts$/, '.test.ts'),
);
