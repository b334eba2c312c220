/** The story of `gatechart demo`, chapter by chapter. Each makes something happen and waits for what has to follow. */
import { type CauseName, stateView } from '../../../machines/index.js';
import { GatewayClosedError } from '../../shard/errors.js';
import type { Shard } from '../../shard/index.js';
import type { Simulator } from '../../simulator/index.js';
import type { Story } from '../live/story.js';
import type { Tally } from '../live/tally.js';

/** What a chapter plays with. */
export interface Stage {
  readonly simulator: Simulator;
  readonly shard: Shard;
  readonly story: Story;
  readonly tally: Tally;
  /** Waits for a cause to have been given so often more than when this was called. */
  moreOf(cause: CauseName, times?: number): Promise<void>;
  /** Waits for so many dispatches of a name, since the beginning. */
  dispatches(name: string, count: number): Promise<void>;
  /** Tells whoever watches on a page what happens outside of the chart. */
  note(says: string): void;
  /** Whether heartbeats that go well are told. */
  laps: boolean;
}

/** A part of the story. `play` rejects if the shard does not do what it must. */
export interface Chapter {
  readonly title: string;
  readonly says: string;
  play(stage: Stage): Promise<void>;
}

/** Dispatches made in one go while the shard is away. */
const BURST = 25;
const GUILDS = 3;
const FATAL = 4014;

export const CHAPTERS: readonly Chapter[] = [
  {
    title: 'Connect and identify',
    says: 'Ask where the Gateway is, open a WebSocket, wait for Hello, identify when that is permitted.',
    async play({ shard, story, dispatches }) {
      shard.start().catch(() => {}); // told by its transitions
      await dispatches('GUILD_CREATE', GUILDS);
      story.fact('received', 'received', `READY, then GUILD_CREATE for each of ${GUILDS} guilds`);
    },
  },
  {
    title: 'Heartbeats',
    says: 'The first comes after a random part of the interval, which is 1 s here. Each has to be acknowledged before the next is due; the Gateway may ask for one at any time (op 1).',
    async play(stage) {
      stage.laps = true;
      await stage.moreOf('acknowledged', 2);
      gateway(stage, 'asks for a heartbeat: op 1');
      const asked = stage.moreOf('heartbeatRequested');
      stage.simulator.control.requestHeartbeat();
      await asked;
      stage.laps = false;
    },
  },
  {
    title: 'Reconnect (op 7)',
    says: 'The Gateway server is going away, as on every deploy. Close so that the session stays, come back, resume. What is dispatched meanwhile is replayed.',
    async play(stage) {
      await whileAway(stage, 'asks to reconnect: op 7', () => stage.simulator.control.requestReconnect());
    },
  },
  {
    title: 'A zombie',
    says: 'The Gateway goes dead while TCP stays up. Nothing says so but the missing ACK; even our close is not answered.',
    async play(stage) {
      await whileAway(stage, 'goes silent', () => stage.simulator.control.injectFault('goSilent'));
    },
  },
  {
    title: 'When it rains',
    says: 'TCP is cut. The host of the session refuses us with HTTP 503, so resume at the main URL; there TCP is cut again, in the middle of the replay.',
    async play(stage) {
      const { control } = stage.simulator;
      control.injectFault('refuseResumeHost');
      const off = stage.shard.on('dispatch', ({ replayed }) => {
        if (!replayed) return;
        off();
        gateway(stage, 'cuts TCP, while it replays');
        control.dropTcp();
      });
      await whileAway(stage, 'cuts TCP', () => control.dropTcp());
      control.clearFaults();
    },
  },
  {
    title: 'Invalid Session (op 9)',
    says: 'The session is gone. Close with 1000, wait, identify again at the main URL: a new session, counting from 1.',
    async play(stage) {
      gateway(stage, 'ends the session: op 9, d false');
      const identified = stage.moreOf('ready');
      stage.simulator.control.invalidateSession(false);
      await identified;
      await stage.dispatches('GUILD_CREATE', 2 * GUILDS);
    },
  },
  {
    title: `A fatal close (${FATAL})`,
    says: 'Some close codes forbid to reconnect. The shard fails once, and says what a person has to do.',
    async play(stage) {
      gateway(stage, `closes with ${FATAL}`);
      const failed = stage.moreOf('closedForGood');
      const ended = stage.shard.closed.then(
        () => null,
        (reason: unknown) => reason,
      );
      stage.simulator.control.closeWith(FATAL);
      await failed;
      const error = await ended;
      if (!(error instanceof GatewayClosedError) || error.closeCode !== FATAL) {
        throw new Error(`the shard ended with ${String(error)} instead of a GatewayClosedError`);
      }
      stage.story.fact('error', 'error', error.message);
    },
  },
];

/** Makes something happen that the session survives, dispatches meanwhile, and waits until that was replayed. */
async function whileAway(stage: Stage, says: string, happen: () => void): Promise<void> {
  const { simulator, shard, story, tally, moreOf } = stage;
  gateway(stage, says);
  const before = tally.received.replayed;
  const resumed = moreOf('resumed');
  const off = shard.on('transition', ({ to }) => {
    if (stateView(to).run !== 'running.waiting') return;
    off();
    for (let n = 1; n <= BURST; n += 1) {
      simulator.control.dispatch('MESSAGE_CREATE', { content: `message ${n} of ${BURST} while you were away` });
    }
  });
  happen();
  await resumed;
  const replayed = tally.received.replayed - before;
  story.fact('replayed', 'replayed', `${replayed} dispatches that were made while the shard was away`, { replayed });
  if (replayed < BURST) throw new Error(`${BURST} dispatches were made while the shard was away, ${replayed} replayed`);
}

function gateway({ story, note }: Stage, says: string): void {
  story.fact('gateway', 'the Gateway', says);
  note(`The Gateway ${says}`);
}
