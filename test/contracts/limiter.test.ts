import { describe, expect, it } from 'vitest';
import { limiterContract } from '../../src/contracts/limiter.js';
import { sendLimiter, UNLIMITED } from '../../src/limits/send-limiter.js';
import type { LimiterPort, OutgoingPayload, SendLimiter } from '../../src/ports/index.js';
import { brokenBy, claimsOf } from '../support/claims.js';

/** The contract for our limiter with something changed. */
const contractOf = (change: (limiter: SendLimiter) => Partial<SendLimiter> = () => ({}), inner = sendLimiter()) =>
  limiterContract(
    (): LimiterPort => ({
      open() {
        const limiter = inner.open();
        const own: SendLimiter = {
          connected: () => limiter.connected(),
          expectHeartbeat: (...given) => limiter.expectHeartbeat(...given),
          wait: (...given) => limiter.wait(...given),
          sent: (...given) => limiter.sent(...given),
          refused: (...given) => limiter.refused(...given),
          look: (now) => limiter.look(now),
        };
        return { ...own, ...change(limiter) };
      },
    }),
  );

const LIMIT = 'never lets 121 payloads arrive within 60 s, whenever heartbeats fall due';
const ROOM = 'leaves room for an answer to op 1, and for every scheduled heartbeat when many are asked for';
const PLACE = 'keeps a place for Identify, however many heartbeats are asked for before it';
const AFRESH = 'lets most of the budget go at once, and begins afresh with each connection';
const PRESENCES = 'lets five presences go in 20 s, on whatever connections, and holds up nothing else';
const MEMBERS = 'lets a guild be asked for all its members once in 30 s, and holds up nothing else';
const REFUSED = 'waits for as long as Discord has refused';
const LEFT = 'says how much is left, and when there is more';
const SET_BACK = 'waits for no longer after a clock was set back than if all had just been sent';

interface Fault {
  readonly fault: string;
  readonly breaks: string;
  readonly says: string;
  readonly change?: (limiter: SendLimiter) => Partial<SendLimiter>;
  readonly inner?: LimiterPort;
}

/** Other payloads are waited for and counted. */
const seeing = (see: (payload: OutgoingPayload) => OutgoingPayload) => (limiter: SendLimiter) => ({
  wait: (payload: OutgoingPayload, now: number) => limiter.wait(see(payload), now),
  sent: (payload: OutgoingPayload, now: number) => limiter.sent(see(payload), now),
});

/** Other waits. */
const waiting = (change: (wait: number, payload: OutgoingPayload) => number) => (limiter: SendLimiter) => ({
  wait: (payload: OutgoingPayload, now: number) => change(limiter.wait(payload, now), payload),
});

const FAULTS: readonly Fault[] = [
  { fault: 'counts nothing', breaks: LIMIT, says: '121 payloads within 60500 ms', inner: UNLIMITED },
  {
    fault: 'gives a place back after 60 s',
    breaks: LIMIT,
    says: '121 payloads within 60500 ms',
    inner: sendLimiter({ marginMs: 0 }),
  },
  {
    fault: 'knows of no heartbeats to come',
    breaks: LIMIT,
    says: '121 payloads within 60500 ms',
    change: () => ({ expectHeartbeat() {} }),
  },
  {
    fault: 'leaves no room for an answer',
    breaks: ROOM,
    says: 'an answer waits: expected 0, got',
    change: seeing((payload) => (payload.lane === 'answer' ? { ...payload, lane: 'user' } : payload)),
  },
  {
    fault: 'has every answer go at once',
    breaks: ROOM,
    says: '121 payloads within 60500 ms',
    change: waiting((wait, { lane }) => (lane === 'answer' ? 0 : wait)),
  },
  {
    fault: 'takes the place of Identify for its own',
    breaks: PLACE,
    says: '121 payloads within 60500 ms',
    change: (limiter) => ({
      connected() {
        limiter.connected();
        limiter.sent({ lane: 'session', op: 2, data: null }, -1_000_000);
      },
    }),
  },
  {
    fault: 'gives out little',
    breaks: AFRESH,
    says: '57 commands may be sent at once',
    inner: sendLimiter({ count: 61 }),
  },
  {
    fault: 'counts on over connections',
    breaks: AFRESH,
    says: 'commands on a new connection: expected 116, got',
    change: () => ({ connected() {} }),
  },
  {
    fault: 'knows no limit of presences',
    breaks: PRESENCES,
    says: 'presences at once: expected 5, got',
    change: seeing((payload) => (payload.op === 3 ? { ...payload, op: 99 } : payload)),
  },
  {
    fault: 'lets the sixth presence hold up everything',
    breaks: PRESENCES,
    says: 'a command waits: expected 0, got',
    change: seeing((payload) => (payload.lane === 'user' ? { ...payload, op: 3 } : payload)),
  },
  {
    fault: 'knows no limit of requests for all members',
    breaks: MEMBERS,
    says: 'the same guild waits for 0 ms',
    change: seeing((payload) => (payload.op === 8 ? { ...payload, op: 99 } : payload)),
  },
  {
    fault: 'takes all guilds for one',
    breaks: MEMBERS,
    says: 'another guild waits: expected 0, got',
    change: seeing((payload) =>
      payload.op === 8 ? { ...payload, data: { guild_id: '7', query: '', limit: 0 } } : payload,
    ),
  },
  {
    fault: 'does not listen to RATE_LIMITED',
    breaks: REFUSED,
    says: 'wait: expected 3000, got 0',
    change: () => ({ refused() {} }),
  },
  {
    fault: 'says that more are left than there are',
    breaks: LEFT,
    says: 'commands at once: expected 117, got 116',
    change: (limiter) => ({ look: (now) => ({ ...limiter.look(now), left: limiter.look(now).left + 1 }) }),
  },
  {
    fault: 'does not say when',
    breaks: LEFT,
    says: 'nextAt: expected',
    change: (limiter) => ({ look: (now) => ({ ...limiter.look(now), nextAt: null }) }),
  },
  {
    fault: 'waits for the hour by which a clock was set back',
    breaks: SET_BACK,
    says: 'a command waits for 3',
    change: waiting((wait) => (wait > 0 ? wait + 3_600_000 : 0)),
  },
  {
    fault: 'gives everything back when a clock was set back',
    breaks: SET_BACK,
    says: 'a command waits for 0 ms',
    change: (limiter) => ({
      wait: (payload, now) => (now < 1_000_000 ? 0 : limiter.wait(payload, now)),
    }),
  },
  {
    fault: 'never has anything go',
    breaks: LIMIT,
    says: 'a payload waits for more than 120000 ms',
    change: waiting(() => 1_000_000),
  },
];

describe('the limiter contract', () => {
  it.each(claimsOf(contractOf()))('is met by the limiter that is shipped: %s', async (claim) => {
    expect(await brokenBy(contractOf(), claim)).toBeNull();
  });

  it.each(FAULTS.map((each) => [each.fault, each] as const))(
    'finds a limiter that %s',
    async (_, { breaks, says, change, inner }) => {
      const broken = await brokenBy(contractOf(change, inner), breaks);
      expect(broken?.startsWith(says), broken ?? 'it holds').toBe(true);
    },
  );

  it('has each of its claims broken here', () => {
    expect(new Set(FAULTS.map(({ breaks }) => breaks))).toEqual(new Set(claimsOf(contractOf())));
  });
});
