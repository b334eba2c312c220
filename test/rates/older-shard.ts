/**
 * The shard chart as it was before it held in time, made of the chart as it is now: a connection held once it had been ready
 * for an interval, whatever the Gateway answered; the back-off was drawn from 0; the waits after Invalid Session and 4008
 * did not grow with it; RESUMED forgave resumes; and the chart counted identifies in a row itself, with a long wait after
 * five, where now there is a bucket.
 */
import { assign } from 'xstate';
import {
  type ShardContext,
  type ShardEvent,
  SPANS,
  type Span,
  shardAbstraction,
  shardMachine,
} from '../../machines/index.js';
import { only } from '../../src/exploring/model.js';
import { variant } from '../../src/exploring/variant.js';
import type { RateOptions } from '../../src/rates/rates.js';

type OlderContext = ShardContext & { readonly identifies?: number };

const IDENTIFY_BUDGET = 5;
const IDENTIFIES_SPENT: Span = [300_000, 600_000];

function reconnectSpan(context: ShardContext): Span {
  const { policy, session, resumes, identifies = 0, attempts, wait } = context as OlderContext;
  const { quick, backoff, invalidSession, cooldown } = policy.waits;
  const growing: Span = [0, Math.min(backoff.cap, backoff.base * backoff.factor ** Math.max(0, attempts - 1))];
  const retry = attempts === 0 ? quick : growing;
  if (wait.for === 'retryAfter') return [wait.ms, wait.ms + retry[1]];
  const isNew = session === null || resumes >= policy.resumeBudget;
  if (isNew && identifies >= IDENTIFY_BUDGET) return IDENTIFIES_SPENT;
  if (wait.for === 'order') return [0, 0];
  if (wait.for === 'cooldown') return cooldown;
  if (wait.for === 'invalidSession') return scaled(invalidSession, isNew ? identifies : 0, backoff.cap);
  return wait.for === 'backoff' ? growing : retry;
}

function scaled([least, most]: Span, failures: number, cap: number): Span {
  const factor = Math.max(1, Math.min(2 ** (failures - 1), cap / most));
  return [least * factor, most * factor];
}

const spans = {
  ...SPANS,
  settle: ({ policy, heartbeatInterval }: ShardContext): Span => {
    const ms = policy.stability * heartbeatInterval;
    return [ms, ms];
  },
  reconnect: reconnectSpan,
};

const SESSION = 'running.connection.open.session';

/** What of it is another than now. */
const assigns = (values: (args: { context: OlderContext; event: ShardEvent }) => Partial<OlderContext>) =>
  assign(values as never) as never;

export const older = variant(shardMachine, (state) => {
  state(`${SESSION}.identifying`).entry.unshift('startCounting'); // stands for countIdentify, below
  const [settle] = state(`${SESSION}.ready.settling`).on['timer.settle'] ?? [];
  if (settle === undefined) throw new Error('nothing settles');
  settle.target = 'settled';
  settle.actions = ['forgive', ...settle.actions];
  state(`${SESSION}.resuming`).on['resumed']?.[0]?.actions.unshift('forgiveResumes');
  state('stopped').on['start']?.[0]?.actions.splice(0, 1);
}).provide({
  guards: {
    cannotResume: ({ context }: { readonly context: ShardContext }) =>
      context.session !== null && context.resumes >= context.policy.resumeBudget,
  },
  actions: {
    startCounting: assigns(({ context: { identifies = 0 } }) => ({
      identifies: Math.min(identifies + 1, IDENTIFY_BUDGET),
    })),
    forgive: assigns(() => ({ resumes: 0, attempts: 0, identifies: 0 })),
  },
  delays: {
    settle: ({ context }: { readonly context: ShardContext }) => spans.settle(context)[1],
    reconnect: ({ context }: { readonly context: ShardContext }) => reconnectSpan(context)[1],
  },
} as never);

/** There was no bucket, and READY without a number was no READY. */
export const olderOptions: RateOptions = {
  spans,
  bucket: null,
  abstraction: only(shardAbstraction, (event) => event.type !== 'ready' || event.sequence !== null),
};
