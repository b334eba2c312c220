/**
 * What must hold for the shard, in the order of the documentation. Transcribed from it by hand: what is expected here is
 * looked up neither in the chart nor in its tables, only the policy is, where the documentation leaves the choice to it.
 * One file for each subject; how they read a step stands in steps.ts.
 */
import { everyEventHasAPlace, leadsTo, TIMER_INVARIANTS } from '../../../kit/invariants.js';
import { SHARD_IGNORED } from '../ignored.js';
import { type ShardEdge, shardObserver } from '../observer.js';
import { bans } from './bans.js';
import { causes } from './causes.js';
import { deadlines } from './deadlines.js';
import { duties } from './duties.js';
import { endings } from './endings.js';
import { heartbeats } from './heartbeats.js';
import { session } from './session.js';
import { type ShardInvariant, type ShardNode, unless } from './steps.js';

/** What a Gateway sends, and what ports and timers do, when nothing goes wrong. */
const WELL_BEHAVED: readonly string[] = [
  'located',
  'opened',
  'hello',
  'heartbeatAck',
  'permitGranted',
  'ready',
  'resumed',
  'timer.close',
  'timer.reconnect',
  'timer.firstHeartbeat',
  'timer.heartbeat',
  'timer.room',
];

/** What must hold for the shard, in every state and on every step. */
export const SHARD_INVARIANTS: readonly ShardInvariant[] = [
  ...TIMER_INVARIANTS,
  everyEventHasAPlace(SHARD_IGNORED),
  ...[...bans, ...duties, ...heartbeats, ...session, ...endings, ...deadlines, ...causes].map((each) => ({
    ...each,
    observer: shardObserver,
  })),
  {
    spec: 'policy#deadlines',
    says: 'Every state but stopped and failed has a way on without any message',
    state: ({ armed, snapshot: { value } }) =>
      unless(armed.size > 0 || value === 'stopped' || value === 'failed', 'no deadline runs: it would wait for ever'),
  },
  leadsTo(
    {
      spec: 'gateway#connection-lifecycle',
      says: 'From every state the shard is ready again, if the Gateway behaves and nobody ended it',
      broken: 'no events of a Gateway that behaves lead to READY or RESUMED',
    },
    ({ event }: ShardEdge) => WELL_BEHAVED.includes(event.type),
    ({ snapshot }: ShardNode) =>
      snapshot.value === 'stopped' ||
      snapshot.value === 'failed' ||
      (snapshot.hasTag('streaming' as never) && !snapshot.hasTag('replaying' as never)),
  ),
];
