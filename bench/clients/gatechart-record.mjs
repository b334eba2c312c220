/** Everything, parsed, while the run is recorded. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createShard } from 'gatechart';
import { meter } from '../meter.mjs';

const folder = mkdtempSync(join(tmpdir(), 'gatechart-bench-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const shard = createShard({
  token: meter.token,
  intents: ['GUILDS', 'GUILD_MESSAGES'],
  url: meter.url,
  record: join(folder, 'trace.jsonl'),
});
shard.on('dispatch', ({ data }) => meter.event(data));
await shard.start();
meter.ready();
