/** How long the timers of the shard chart take, in words, from the spans of its vocabulary and the default policy. */
import { spanInWords } from '../../machines/kit/durations.js';
import { DEFAULT_POLICY, type Span } from '../../machines/shard/policy.js';
import { type ShardContext, SPANS, shardContext, type Timer } from '../../machines/shard/vocabulary.js';

/** Any interval, long enough to be above every least time of the policy; in ms. */
const INTERVAL = 40_000;

/** What follows from the default policy; of a timer that waits for the next try it depends on what led there. */
export function defaultSpanOf(timer: Timer, heartbeatInterval = INTERVAL): Span {
  const context: ShardContext = { ...shardContext({ policy: DEFAULT_POLICY }), heartbeatInterval };
  return SPANS[timer](context);
}

/** How many heartbeat intervals a timer takes, such as `one heartbeat interval, 30 s at least`; null where they play no part. */
export function intervalsInWords(timer: Timer): string | null {
  const [short, long] = [defaultSpanOf(timer), defaultSpanOf(timer, 2 * INTERVAL)];
  if (`${short}` === `${long}`) return null;
  const [least, most] = [short[0] / INTERVAL, short[1] / INTERVAL];
  const laps = most === 1 ? 'one heartbeat interval' : `${most} heartbeat intervals`;
  const [floor] = defaultSpanOf(timer, 0);
  const bounded = floor === 0 ? laps : `${laps}, ${spanInWords(floor)} at least`;
  if (least === most) return bounded;
  return least === 0 ? `a random part of ${bounded}` : `between ${least} and ${bounded}`;
}
