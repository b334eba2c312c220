/** Faults of rate, one at a time, as somebody might make them: each in a chart, a policy, a span or a bucket. */
import { type AnyStateMachine, assign } from 'xstate';
import {
  DEFAULT_POLICY,
  type PolicyOptions,
  policyFrom,
  type ShardContext,
  SPANS,
  type Span,
  shardAbstraction,
  shardMachine,
  type Timer,
} from '../../machines/index.js';
import { IdentifyBucket } from '../../src/limits/identify-bucket.js';
import type { BoundName } from '../../src/rates/bounds.js';
import type { RateOptions } from '../../src/rates/rates.js';

/** A fault, and the bounds that it breaks. */
export interface RateFault {
  readonly machine: AnyStateMachine;
  readonly options: RateOptions;
  readonly breaks: readonly BoundName[];
}

/** A span changed; the chart alone takes its upper end. */
function spanned(timer: Timer, change: (span: Span, context: ShardContext) => Span, ...breaks: BoundName[]): RateFault {
  const span = (context: ShardContext) => change(SPANS[timer](context), context);
  const delays = { [timer]: ({ context }: { readonly context: ShardContext }) => span(context)[1] };
  return { machine: shardMachine.provide({ delays } as never), options: { spans: { [timer]: span } }, breaks };
}

/** The lower end of a wait changed where it is for something. */
function waitingLess(
  what: ShardContext['wait']['for'],
  least: (context: ShardContext) => number,
  ...breaks: BoundName[]
) {
  return spanned('reconnect', (span, c) => (c.wait.for === what ? [least(c), span[1]] : span), ...breaks);
}

const under = (policy: PolicyOptions, ...breaks: BoundName[]): RateFault => ({
  machine: shardMachine,
  options: { abstraction: { ...shardAbstraction, roots: { documented: { policy: policyFrom(policy) } } } },
  breaks,
});

const acting = (actions: Readonly<Record<string, unknown>>, ...breaks: BoundName[]): RateFault => ({
  machine: shardMachine.provide({ actions } as never),
  options: {},
  breaks,
});

const counts = (attempts: (context: ShardContext) => number, rest: Partial<ShardContext> = {}) =>
  assign((({ context }: { readonly context: ShardContext }) => ({ ...rest, attempts: attempts(context) })) as never);

const limitedBy = (make: () => IdentifyBucket, ...breaks: BoundName[]): RateFault => ({
  machine: shardMachine,
  options: { bucket: make },
  breaks,
});

/** Twice as many in a row. */
class DoubleBucket extends IdentifyBucket {
  readonly #other = new IdentifyBucket(1);
  override take(now: number): boolean {
    return super.take(now) || this.#other.take(now);
  }
  override wait(now: number): number {
    return Math.min(super.wait(now), this.#other.wait(now));
  }
}

/** Says that there is one when half the time is over, and then lets it go. */
class HastyBucket extends IdentifyBucket {
  override wait(now: number): number {
    return Math.max(0, super.wait(now) - 300_000);
  }
}

/** Counts every second one. */
class ForgetfulBucket extends IdentifyBucket {
  #taken = 0;
  override take(now: number): boolean {
    this.#taken += 1;
    return this.#taken % 2 === 0 || super.take(now);
  }
}

const { waits } = DEFAULT_POLICY;

export const FAULTS: Readonly<Record<string, RateFault>> = {
  'the back-off is drawn from 0 on': spanned(
    'reconnect',
    ([least, most], { attempts }) => [attempts === 0 ? least : 0, most],
    'growth',
    'perFailure',
  ),
  'the wait after Invalid Session grows at its upper end alone': waitingLess(
    'invalidSession',
    () => waits.invalidSession[0],
    'growth',
    'perFailure',
  ),
  'the wait after Invalid Session may be none': waitingLess('invalidSession', () => 0, 'invalidSession'),
  'the wait after 4008 may be none': waitingLess('cooldown', () => 0, 'cooldown'),
  'a wait that was told is drawn from 0 on': waitingLess('retryAfter', () => 0, 'told'),
  'a wait that was told takes the place of the back-off': waitingLess(
    'retryAfter',
    ({ wait }) => (wait.for === 'retryAfter' ? wait.ms : 0),
    'growth',
    'perFailure',
  ),
  'the back-off grows four times': spanned(
    'reconnect',
    (_, context) => SPANS.reconnect({ ...context, attempts: Math.min(context.attempts, 4) }),
    'growth',
    'perFailure',
  ),
  'the tries are counted to six, and then anew': acting(
    { countAttempt: counts(({ attempts }) => (attempts % 6) + 1) },
    'growth',
    'perConnection',
  ),
  'a dispatch that is new forgives tries, if there were more than two': acting(
    { forgiveResumes: counts(({ attempts }) => Math.min(attempts, 2), { resumes: 0 }) },
    'growth',
    'perConnection',
  ),
  'a connection holds after an interval, however short': spanned(
    'settle',
    (_, { policy, heartbeatInterval }) => {
      const ms = policy.stability * heartbeatInterval;
      return [ms, ms];
    },
    'growth',
    'perConnection',
  ),
  'how long a connection has to last is left to chance': spanned(
    'settle',
    ([, most]) => [0, most],
    'growth',
    'perConnection',
  ),
  'a policy without a back-off': under({ waits: { backoff: { base: 0 } } }, 'growth', 'perFailure'),
  'a policy whose back-off ends at 10 s': under({ waits: { backoff: { cap: 10_000 } } }, 'growth', 'perFailure'),
  'two buckets of identifies': limitedBy(() => new DoubleBucket(1), 'identifies', 'perIdentify'),
  'a bucket that lets go too early': limitedBy(() => new HastyBucket(1), 'identifies'),
  'a bucket that counts every second identify': limitedBy(() => new ForgetfulBucket(1), 'identifies', 'perIdentify'),
  'no bucket': { machine: shardMachine, options: { bucket: null }, breaks: ['identifies', 'perIdentify'] },
};
