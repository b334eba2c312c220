import { createShard } from '../../index.js';
import type { Shard } from '../../shard/index.js';
import { type Simulator, startSimulator } from '../../simulator/index.js';
import { grouped } from '../../telling/numbers.js';
import { type Inspection, startInspection } from '../live/inspection.js';
import { type Balance, Ledger } from '../live/ledger.js';
import { alsoRecording, traceTo } from '../live/record.js';
import { until } from '../live/stage.js';
import { Story } from '../live/story.js';
import { Tally } from '../live/tally.js';
import { Visits } from '../live/visits.js';
import { complain, type Io, sleep } from '../terminal/io.js';
import { percent } from '../terminal/terminal.js';
import { CHAPTERS, type Stage } from './chapters.js';
import type { DemoOptions } from './command.js';

const HEARTBEAT_MS = 1000;
const DISPATCHES_PER_SECOND = 20;
/** Between chapters, to read. */
const PAUSE_MS = 1000;
/** Shorter than those of a bot, so that it is over soon; everything else is as in earnest. */
const WAITS = { backoff: { base: 500, factor: 2, cap: 2000 }, invalidSession: [1000, 1500] } as const;

/** In parts, so that a connection can be lost in the middle. */
const REPLAY = { replayBatch: 10, replayDelay: 5 };

/** Tells the life of a shard against a simulated Gateway, on real sockets; 1 unless all went as it must. */
export async function demo(options: DemoOptions, io: Io): Promise<number> {
  const trace = traceTo(options.record);
  const story = new Story(io, options);
  story.say(
    'A simulated Gateway on 127.0.0.1 and a real shard, on real sockets, for some 15 seconds: the life of a session ' +
      'from Hello to a fatal close. Heartbeats and waits are shorter than usual. Nothing leaves this machine, and no ' +
      'token is needed.',
  );
  const inspection = await startInspection(options, story, io);
  const simulator = await startSimulator({
    heartbeatInterval: HEARTBEAT_MS,
    dispatchesPerSecond: DISPATCHES_PER_SECOND,
    recordDispatches: true,
    settings: REPLAY,
    log: 0,
    ...inspection.gateway(),
  });
  const visits = new Visits();
  const shard = createShard({
    token: 'simulated',
    intents: ['GUILDS', 'GUILD_MESSAGES'],
    restUrl: simulator.restUrl,
    policy: { waits: WAITS },
    ...alsoRecording(inspection.shard(visits.inspect), trace),
  });
  const ledger = new Ledger();
  noteReceived(shard, ledger);
  const tally = new Tally(shard);
  let problem: unknown = null;
  try {
    await play(stageFor(simulator, shard, story, tally, inspection, io), inspection, io);
  } catch (error) {
    problem = error;
  }
  await shard.stop();
  const balances = simulator.sessions.map(({ sessionId, dispatched }) => {
    ledger.sent(sessionId, dispatched);
    return ledger.close(sessionId);
  });
  await simulator.close();
  if (io.signal.aborted) {
    story.say('Interrupted: nothing was checked.');
    await inspection.close();
    return 1;
  }
  const code = conclude(story, { balances, visits, tally, problem }, io);
  await inspection.linger();
  await inspection.close();
  return code;
}

/** What a session's client has to receive exactly once: everything but READY and RESUMED. */
function noteReceived(shard: Shard, ledger: Ledger): void {
  let session = '';
  shard.on('READY', ({ session_id }) => {
    session = session_id;
  });
  shard.on('dispatch', ({ name, sequence }) => {
    if (name !== 'READY' && name !== 'RESUMED' && sequence !== null) ledger.received(session, sequence);
  });
}

function stageFor(simulator: Simulator, shard: Shard, story: Story, tally: Tally, { note }: Inspection, io: Io): Stage {
  const stage: Stage = {
    simulator,
    shard,
    story,
    tally,
    laps: false,
    note,
    moreOf(cause, times = 1) {
      const goal = tally.count(cause) + times;
      return until(shard, io, `"${cause}"`, () => tally.count(cause) >= goal);
    },
    dispatches: (name, count) =>
      until(shard, io, `${name} number ${count}`, () => (tally.dispatches.get(name)?.total ?? 0) >= count),
  };
  shard.on('transition', (transition) => story.transition(transition, { laps: stage.laps }));
  shard.on('notice', ({ cause }) => story.notice(cause));
  return stage;
}

async function play(stage: Stage, { chapter }: Inspection, { signal }: Io): Promise<void> {
  for (const [at, { title, says, play }] of CHAPTERS.entries()) {
    stage.story.chapter(`${at + 1}. ${title}`, says);
    chapter(`${at + 1}. ${title}`, says);
    await play(stage);
    await sleep(PAUSE_MS, signal);
  }
}

interface Outcome {
  readonly balances: readonly Balance[];
  readonly visits: Visits;
  readonly tally: Tally;
  readonly problem: unknown;
}

function conclude(story: Story, { balances, visits, tally, problem }: Outcome, io: Io): number {
  const { states, rows } = visits;
  const isExact = balances.length > 0 && balances.every(({ lost, unexpected }) => lost === 0 && unexpected === 0);
  const hasPassed = isExact && problem === null;
  story.record('result', {
    passed: hasPassed,
    chapters: CHAPTERS.length,
    sessions: balances,
    replayed: tally.received.replayed,
    states,
    transitions: rows,
    ...(problem === null ? {} : { problem: String(problem) }),
  });
  if (problem !== null) complain(io, problem);
  if (!story.isJson) showOutcome(story, { balances, visits, tally, problem }, isExact);
  return hasPassed ? 0 : 1;
}

function showOutcome({ terminal }: Story, { balances, visits, tally, problem }: Outcome, isExact: boolean): void {
  const { bold, green, red, cyan } = terminal.colors;
  const numbers = (title: string) => ({ title, align: 'right' }) as const;
  terminal.heading('What came of it');
  terminal.table(
    [{ title: 'dispatches of' }, numbers('sent'), numbers('received'), numbers('lost'), numbers('twice')],
    balances.map(({ sent, received, lost, unexpected }, at) => [
      `session ${at + 1}`,
      ...[sent, received, lost, unexpected].map(grouped),
    ]),
  );
  terminal.line();
  terminal.table(
    [{ title: 'of the shard chart' }, numbers('visited'), numbers('of'), numbers('share')],
    (['states', 'rows'] as const).map((what) => {
      const { covered, of } = visits[what];
      return [what === 'rows' ? 'transitions' : what, grouped(covered), grouped(of), percent(covered, of)];
    }),
  );
  terminal.line();
  const verdict = (holds: boolean, text: string) =>
    terminal.line(holds ? `  ${green('ok')}    ${text}` : `  ${red('FAIL')}  ${text}`);
  verdict(problem === null, 'the shard did what it must in every chapter');
  verdict(
    isExact,
    `every dispatch arrived once and in order, ${grouped(tally.received.replayed)} of them by way of a replay`,
  );
  terminal.line();
  terminal.line(bold('Next'));
  const next = [
    ['gatechart serve', 'this Gateway, for a client of your own in any language'],
    ['gatechart paths', 'every path through the chart, as tests'],
    ['gatechart run', 'the same telling, for a real bot'],
    ['README.md', 'ten lines to a shard of your own'],
  ];
  for (const [what = '', why = ''] of next) terminal.line(`  ${cyan(what.padEnd(16))}  ${why}`);
}
