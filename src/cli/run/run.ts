import { fileStore } from '../../../adapters/file.js';
import { intentBits } from '../../../machines/index.js';
import { createShard } from '../../index.js';
import { BUCKET_SIZE } from '../../limits/identify-bucket.js';
import type { StorePort } from '../../ports/index.js';
import type { Shard, ShardOptions, Traffic } from '../../shard/index.js';
import { neverComes } from '../../shard/wanted.js';
import { counted, grouped } from '../../telling/numbers.js';
import { messageOf } from '../../telling/printable.js';
import { startInspection } from '../live/inspection.js';
import { alsoRecording, traceTo } from '../live/record.js';
import { Story } from '../live/story.js';
import { Tally } from '../live/tally.js';
import { Visits } from '../live/visits.js';
import { complain, type Io, interruption, UsageError } from '../terminal/io.js';
import { demandFolder } from '../terminal/output-file.js';
import { percent } from '../terminal/terminal.js';
import type { RunOptions } from './command.js';

/** Runs one shard until interrupted and tells what it does; 1 if it fails. */
export async function run(options: RunOptions, io: Io): Promise<number> {
  const token = tokenFrom(io);
  if (options.detach && options.resume === undefined) {
    throw new UsageError('--detach keeps the session for later: say where with --resume FILE');
  }
  if (options.detach && options.resume !== undefined) demandFolder(options.resume, '--resume');
  const story = new Story(io, options);
  const store = options.resume === undefined ? null : fileStore(options.resume);
  const visits = new Visits();
  const record = (await store?.load()) ?? null;
  const trace = traceTo(options.record);
  const inspection = await startInspection(options, story, io);
  const shard = shardFrom({
    token,
    allowInsecure: options.allowInsecure ?? false,
    intents: options.intents,
    shard: options.shard,
    resume: record,
    ...alsoRecording(inspection.shard(visits.inspect), trace),
    encoding: options.encoding,
    compress: options.compress,
    ...(options.url === undefined ? {} : { url: options.url }),
    ...(options.restUrl === undefined ? {} : { restUrl: options.restUrl }),
  });
  const tally = new Tally(shard);
  tell(shard, story, options);

  if (record !== null && shard.session === null) {
    story.say('The session on file is of another shard, other intents or another wire: a new one begins.');
  }
  story.say(`Shard ${options.shard.join(' of ')}, intents ${options.intents.join(', ')}. Ctrl-C ends it.`);
  story.say();
  for (const remark of undelivered(options)) story.fact('warning', 'warning', remark);
  const everySecond = setInterval(() => tellDispatches(story, tally, options), 1000);
  const failure = await untilEnd(shard, store, options, io);
  clearInterval(everySecond);
  tellDispatches(story, tally, options);

  summarize(story, tally, visits, shard);
  if (failure !== null) complain(io, failure);
  await inspection.linger();
  await inspection.close();
  return failure === null ? 0 : 1;
}

/** What `--events` names and `--intents` do not bring. */
function undelivered({ events = [], intents }: RunOptions): string[] {
  return events.flatMap((name) => neverComes(name, intentBits(intents)) ?? []);
}

/** The token comes from the environment alone: a command line can be read by everybody on the machine. */
function tokenFrom({ env }: Io): string {
  const token = env.DISCORD_TOKEN?.trim();
  if (token) return token;
  throw new UsageError(
    'DISCORD_TOKEN is not set: set it to the bot token (Developer Portal, Bot, Reset Token), for example with ' +
      '`read -rs DISCORD_TOKEN && export DISCORD_TOKEN`. `gatechart demo` needs none',
  );
}

/** Options of a shard by their names here. */
const NAMES: Readonly<Record<string, string>> = {
  allowInsecure: '--allow-insecure',
  compress: '--compress',
  restUrl: '--rest-url',
};

/** What the library says, with the options of this command; a URL may ask for a `compress` of its own. */
export const inCommand = (message: string): string =>
  message.replace(/(?<!asks for )\b(allowInsecure|compress|restUrl)\b(?!=)/g, (name) => NAMES[name] ?? name);

function shardFrom(options: ShardOptions): Shard {
  try {
    return createShard(options);
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) throw new UsageError(inCommand(error.message));
    throw error;
  }
}

function tell(shard: Shard, story: Story, { verbose = false, events }: RunOptions): void {
  shard.on('transition', (transition) => story.transition(transition, { laps: verbose, specs: verbose }));
  shard.on('notice', ({ cause }) => story.notice(cause));
  shard.on('warning', ({ problem, error }) => {
    story.fact('warning', 'warning', error instanceof Error ? `${problem}: ${messageOf(error)}` : problem);
  });
  shard.on('located', ({ shards, sessionStartLimit: limit }) => {
    if (shards === null || limit === null) return;
    const sentence = `${counted(shards, 'shard')} recommended, ${limit.remaining} of ${limit.total} identifies left today`;
    story.fact('located', 'Gateway', sentence, { shards, sessionStartLimit: limit });
  });
  shard.on('latency', ({ ms }) => {
    const rounded = Math.round(ms * 10) / 10;
    story.fact('latency', 'latency', `${rounded} ms`, { ms: rounded });
  });
  if (!verbose) return;
  shard.on('dispatch', ({ name, sequence, replayed }) => {
    if (events !== undefined && !events.includes(name)) return;
    story.fact('dispatch', `s ${sequence}`, replayed ? `${name} (replayed)` : name, { name, sequence, replayed });
  });
}

/** The dispatches of the last second, if there were any, and were not told one by one. */
function tellDispatches(story: Story, tally: Tally, { events, verbose = false }: RunOptions): void {
  if (verbose) return;
  const recent = tally.takeRecent().filter(([name]) => events?.includes(name) ?? true);
  if (recent.length === 0) return;
  const total = recent.reduce((sum, [, count]) => sum + count, 0);
  const names = recent.map(([name, count]) => `${name} ${grouped(count)}`).join(', ');
  story.fact('dispatches', counted(total, 'dispatch', 'dispatches'), names, {
    total,
    byName: Object.fromEntries(recent),
  });
}

/** Why the shard failed; null if it was told to end. */
async function untilEnd(
  shard: Shard,
  store: StorePort | null,
  { detach = false }: RunOptions,
  { signal }: Io,
): Promise<unknown> {
  shard.start().catch(() => {}); // `closed` says the same
  const failed = shard.closed.then(
    () => null,
    (error: unknown) => error,
  );
  await Promise.race([failed, interruption(signal)]);
  if (!signal.aborted || shard.state === 'failed') {
    await store?.clear();
    return failed;
  }
  const record = detach ? await shard.detach() : await shard.stop();
  if (record) await store?.save(record);
  else await store?.clear();
  return null;
}

function decompressed({ bytes, decompressedBytes }: Traffic): string {
  return bytes === decompressedBytes ? '' : `, ${grouped(decompressedBytes)} bytes when decompressed`;
}

function summarize(story: Story, tally: Tally, visits: Visits, shard: Shard): void {
  const { traffic } = shard;
  const { left } = shard.health().identifies;
  const { total, replayed } = tally.received;
  const { latency } = tally;
  const { states, rows } = visits;
  story.record('summary', {
    connections: tally.count('opened'),
    sessions: tally.count('ready'),
    resumes: tally.count('resumed'),
    identifiesLeft: left,
    dispatches: Object.fromEntries(tally.dispatches),
    latency,
    traffic,
    states,
    rows,
  });
  if (story.isJson) return;
  const { terminal } = story;
  const facts = [
    ['connections', grouped(tally.count('opened'))],
    ['new sessions', grouped(tally.count('ready'))],
    ['resumes', grouped(tally.count('resumed'))],
    ['identifies left', `${left} of ${BUCKET_SIZE} for this shard`],
    ['dispatches', `${grouped(total)}, of these ${grouped(replayed)} replayed`],
    ['received', `${grouped(traffic.bytes)} bytes in ${grouped(traffic.messages)} messages${decompressed(traffic)}`],
    ['heartbeat latency', latency === null ? 'no heartbeat yet' : `${latency.toFixed(1)} ms on average`],
    ['states visited', `${states.covered} of ${states.of}, ${percent(states.covered, states.of)}`],
    ['transitions visited', `${rows.covered} of ${rows.of}, ${percent(rows.covered, rows.of)}`],
  ];
  terminal.heading('Summary');
  for (const [what = '', value = ''] of facts) terminal.line(`  ${what.padEnd(20)} ${value}`);
  if (tally.dispatches.size === 0) return;
  terminal.line();
  const counts = [...tally.dispatches].sort(([, a], [, b]) => b.total - a.total);
  terminal.table(
    [{ title: 'dispatch' }, { title: 'received', align: 'right' }, { title: 'replayed', align: 'right' }],
    counts.map(([name, count]) => [name, grouped(count.total), grouped(count.replayed)]),
  );
}
