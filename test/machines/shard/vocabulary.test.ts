import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createActor, SimulatedClock } from 'xstate';
import { pure } from '../../../machines/kit/pure.js';
import type { Cause, CauseName } from '../../../machines/shard/causes.js';
import { shardMachine } from '../../../machines/shard/chart.js';
import { DEFAULT_POLICY, LONGEST_TIMER, policyFrom } from '../../../machines/shard/policy.js';
import {
  arm,
  because,
  closeCodeUnder,
  disarm,
  drawDelays,
  onTraffic,
  type ShardContext,
  type ShardEvent,
  SPANS,
  sendHeartbeat,
  shardContext,
  shardSetup,
  TIMERS,
  type Timer,
  type Wait,
  waitFor,
} from '../../../machines/shard/vocabulary.js';
import { CONTEXT, closed, EVENT, MAIN_URL, RESUME_URL, SESSION } from '../../support/shard-steps.js';

/** One step of a chart that has one state, `here`, and what it says of events; `there` is where they may lead. */
function step(on: object, event: ShardEvent, context: Partial<ShardContext> = {}) {
  const machine = shardSetup.createMachine({
    context: { ...CONTEXT, ...context },
    initial: 'here',
    states: { here: { on }, there: {} },
  } as Parameters<typeof shardSetup.createMachine>[0]);
  const chart = pure(machine);
  const { snapshot, instructions } = chart.step(chart.initial({ policy: DEFAULT_POLICY }).snapshot, event);
  return { state: snapshot.value, context: snapshot.context as ShardContext, instructions };
}

const kept: Partial<ShardContext> = { session: SESSION, sequence: 42 };
const withoutUrl = { id: 's1', url: null };

describe('the context of a shard that has never run', () => {
  it('holds no session, and one attempt', () => {
    expect(shardContext({ policy: DEFAULT_POLICY })).toEqual({
      policy: DEFAULT_POLICY,
      session: null,
      sequence: null,
      gatewayUrl: null,
      connection: 0,
      request: 0,
      heartbeatInterval: 0,
      resumes: 0,
      attempts: 1,
      wait: { for: 'retry' },
      cause: { name: 'stopped' },
    });
  });

  it('takes a session with its sequence, and the Gateway URL', () => {
    expect(shardContext({ policy: DEFAULT_POLICY, gatewayUrl: MAIN_URL, session: SESSION, sequence: 0 })).toMatchObject(
      {
        session: { id: 's1', url: RESUME_URL },
        sequence: 0,
        gatewayUrl: MAIN_URL,
      },
    );
  });

  it('takes neither of a session and its sequence if one is missing', () => {
    const halves = [
      { session: SESSION, sequence: null },
      { session: SESSION },
      { session: null, sequence: 42 },
      { sequence: 42 },
    ];
    for (const half of halves) {
      expect(shardContext({ policy: DEFAULT_POLICY, ...half })).toMatchObject({ session: null, sequence: null });
    }
  });

  it.each([
    [{ policy: null }, 'policy is null; it must be a whole policy, as policyFrom({ … }) makes it of a part'],
    [{ policy: { resumeBudget: 1 } }, 'policy is an object; it must be a whole policy'],
    [{ gatewayUrl: 5 }, 'gatewayUrl is 5; it must be a URL or null'],
    [{ session: 's1' }, "session is 's1'; it must be { id, url } or null"],
    [{ sequence: 1.5 }, 'sequence is 1.5; it must be a whole number or null'],
  ])('is made of nothing else: %j', (input, says) => {
    expect(() => shardContext(input as never)).toThrow(says);
  });

  it('is made of null as of what is left out', () => {
    const none = { gatewayUrl: null, session: null, sequence: null };
    expect(shardContext(none)).toEqual(shardContext());
  });

  it('takes no URL of a session that is resumed at the main one', () => {
    const policy = policyFrom({ resumeAt: 'main' });
    const { session, sequence } = shardContext({ policy, session: { ...SESSION, id: 'c0ffee' }, sequence: 42 });
    expect([session, sequence]).toEqual([{ id: 'c0ffee', url: null }, 42]);
    expect(inspect(session)).not.toContain('c0ffee');
  });

  it('shows no session id when it is printed', () => {
    const context = shardContext({ policy: DEFAULT_POLICY, session: { ...SESSION, id: 'c0ffee' }, sequence: 1 });
    expect(inspect(context)).not.toContain('c0ffee');
    expect(JSON.stringify(context)).toContain('c0ffee');
  });
});

describe('the row for a close code', () => {
  it('is that of the table', () => {
    expect(closeCodeUnder(DEFAULT_POLICY, 4009)).toMatchObject({ name: 'Session timed out', recovery: 'identify' });
    expect(closeCodeUnder(DEFAULT_POLICY, 4999)).toMatchObject({ name: 'Unknown close code', recovery: 'resume' });
  });

  it('has what the policy says laid over it', () => {
    const policy = policyFrom({
      closeCodes: { 4009: { recovery: 'resume' }, 4999: { name: 'Ours', recovery: 'stop' } },
    });
    expect(closeCodeUnder(policy, 4009)).toMatchObject({
      name: 'Session timed out',
      recovery: 'resume',
      fault: 'nobody',
    });
    expect(closeCodeUnder(policy, 4999)).toMatchObject({ name: 'Ours', recovery: 'stop', fault: 'nobody' });
    expect(closeCodeUnder(policy, 4004)).toMatchObject({ recovery: 'stop' });
  });
});

describe('the spans of the timers', () => {
  it.each<[Timer, number]>([
    ['locate', 15_000],
    ['open', 10_000],
    ['hello', 20_000],
    ['permit', 60_000],
    ['ready', 300_000],
    ['resumed', 60_000],
    ['close', 500],
    ['replay', 300_000],
    ['settle', 41_250],
    ['heartbeat', 41_250],
    ['overdue', 5_000],
    ['room', 60_000],
    ['silence', 250],
  ])('leave nothing to chance for %s: %i ms', (timer, ms) => {
    expect(SPANS[timer](CONTEXT)).toEqual([ms, ms]);
  });

  it('have the first heartbeat anywhere in the first interval', () => {
    expect(SPANS.firstHeartbeat(CONTEXT)).toEqual([0, 41_250]);
  });

  it('follow the policy and the heartbeat interval', () => {
    const policy = policyFrom({
      stability: 2,
      deadlines: { silence: 900, overdue: 8, ready: 7 },
      waits: { backoff: { cap: 2_000 } },
    });
    const context = { ...CONTEXT, policy, heartbeatInterval: 600 };
    const names = ['ready', 'replay', 'settle', 'silence', 'overdue'] as const;
    expect(names.map((timer) => SPANS[timer](context)[0])).toEqual([7, 7, 1_200, 600, 8]);
  });

  it('have a connection count as good only if it lasts longer than the waits between two of them', () => {
    expect(
      [500, 29_999, 41_250].map((heartbeatInterval) => SPANS.settle({ ...CONTEXT, heartbeatInterval })[1]),
    ).toEqual([30_000, 30_000, 41_250]);
  });
});

describe('the waits of the policy', () => {
  const span = (context: Partial<ShardContext>) => SPANS.reconnect({ ...CONTEXT, ...kept, attempts: 0, ...context });

  it('are quick after a connection that had held, then double up to a cap', () => {
    expect(span({ attempts: 0, wait: { for: 'retry' } })).toEqual([0, 500]);
    expect([1, 2, 3, 7, 50].map((attempts) => span({ attempts, wait: { for: 'retry' } })[1])).toEqual([
      1_000, 2_000, 4_000, 60_000, 60_000,
    ]);
  });

  it('leave their second half to chance', () => {
    expect([1, 4, 50].map((attempts) => span({ attempts, wait: { for: 'retry' } })[0])).toEqual([500, 4_000, 30_000]);
  });

  it('are never quick in trouble', () => {
    expect([0, 1, 2].map((attempts) => span({ attempts, wait: { for: 'backoff' } }))).toEqual([
      [500, 1_000],
      [500, 1_000],
      [1_000, 2_000],
    ]);
  });

  it.each([
    ['invalidSession', [1_000, 5_000], [8_000, 16_000]],
    ['cooldown', [5_000, 10_000], [8_000, 16_000]],
  ] as const)('grow with the tries in a row after %s, to the cap of the back-off', (name, first, fifth) => {
    const wait = { for: name };
    expect([0, 1].map((attempts) => span({ wait, attempts }))).toEqual([first, first]);
    expect([5, 50].map((attempts) => span({ wait, attempts }))).toEqual([fifth, [30_000, 60_000]]);
  });

  const KINDS: readonly Wait[] = [
    { for: 'retry' },
    { for: 'backoff' },
    { for: 'invalidSession' },
    { for: 'cooldown' },
    { for: 'retryAfter', ms: 7_000 },
  ];

  it.each(KINDS)('never shrink with the tries in a row, whatever they are for: %j', (wait) => {
    const spans = Array.from({ length: 40 }, (_, attempts) => span({ wait, attempts }));
    for (const [at, [least, most]] of spans.entries()) {
      expect(least).toBeLessThanOrEqual(most);
      expect(least).toBeGreaterThanOrEqual(spans[at - 1]?.[0] ?? 0);
      expect(most).toBeGreaterThanOrEqual(spans[at - 1]?.[1] ?? 0);
    }
  });

  it.each(KINDS)('are bounded after any number of tries: %j', (wait) => {
    const told = wait.for === 'retryAfter' ? wait.ms : 0;
    const longest = [told + 30_000, told + 60_000];
    for (const attempts of [20, 1_024, 5_000, Number.MAX_SAFE_INTEGER]) {
      expect(span({ wait, attempts })).toEqual(longest);
    }
  });

  it('keep to the least that their reason asks for, where the cap of the back-off is below it', () => {
    const policy = policyFrom({ waits: { backoff: { base: 10, factor: 2, cap: 100 } } });
    const after = (wait: Wait) => span({ policy, wait, attempts: 50 });
    expect(after({ for: 'cooldown' })).toEqual([5_000, 10_000]);
    expect(after({ for: 'invalidSession' })).toEqual([1_000, 5_000]);
    expect(after({ for: 'retry' })).toEqual([50, 100]);
  });

  it('take the longer of both ends where they grow past their reason', () => {
    const policy = policyFrom({ waits: { cooldown: [1_000, 90_000] } });
    expect(span({ policy, wait: { for: 'cooldown' }, attempts: 4 })).toEqual([4_000, 90_000]);
  });

  it('are none where the back-off begins with none, after any number of tries', () => {
    const policy = policyFrom({ waits: { backoff: { base: 0, factor: 2, cap: 60_000 } } });
    expect([1, 9, 5_000].map((attempts) => span({ policy, attempts, wait: { for: 'retry' } }))).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
  });

  it('stay as they are where the policy has them so', () => {
    const policy = policyFrom({ waits: { backoff: { base: 3_000, factor: 1, cap: 60_000 } } });
    expect([1, 2, 5_000].map((attempts) => span({ policy, attempts, wait: { for: 'retry' } }))).toEqual([
      [1_500, 3_000],
      [1_500, 3_000],
      [1_500, 3_000],
    ]);
  });

  it('are none after an order, whatever failed before', () => {
    expect(span({ wait: { for: 'order' }, session: null, attempts: 50 })).toEqual([0, 0]);
  });

  it('follow what the server asked for', () => {
    expect(span({ wait: { for: 'retryAfter', ms: 7_000 } })).toEqual([7_000, 7_500]);
    expect(span({ wait: { for: 'retryAfter', ms: 0 }, attempts: 4 })).toEqual([4_000, 8_000]);
  });

  it('are no longer than a timer can hold', () => {
    for (const attempts of [0, 4])
      expect(span({ wait: { for: 'retryAfter', ms: LONGEST_TIMER }, attempts })).toEqual([
        LONGEST_TIMER,
        LONGEST_TIMER,
      ]);
  });
});

describe('delays', () => {
  const args = (context: Partial<ShardContext> = {}) => ({ context: { ...CONTEXT, ...context } }) as never;

  it('are drawn from the span of their timer', () => {
    const at = (random: number) => drawDelays(() => random).firstHeartbeat(args());
    expect([0, 0.5, 0.999].map(at)).toEqual([0, 20_625, 41_250 * 0.999]);
    expect(drawDelays(() => 0.5).reconnect(args({ wait: { for: 'cooldown' } }))).toBe(7_500);
  });

  it('ask for chance only where there is a choice, with the timer and what XState gives', () => {
    const asked: unknown[] = [];
    const delays = drawDelays((given, timer) => {
      asked.push([given, timer]);
      return 0;
    });
    const given = args();
    expect(TIMERS.map((timer) => delays[timer](given))).toEqual([
      15_000, 10_000, 20_000, 60_000, 300_000, 60_000, 300_000, 41_250, 0, 41_250, 250, 5_000, 500, 500, 60_000,
    ]);
    expect(asked).toEqual([
      [given, 'firstHeartbeat'],
      [given, 'reconnect'],
    ]);
  });

  it.each(TIMERS)('end with the event of their timer: %s', (timer) => {
    const clock = new SimulatedClock();
    const states = { here: { entry: arm(timer), on: { [`timer.${timer}`]: 'there' } }, there: {} };
    const machine = shardSetup.createMachine({ context: CONTEXT, initial: 'here', states } as never);
    const actor = createActor(machine, { clock }).start();
    clock.increment(400_000);
    expect(actor.getSnapshot().value).toBe('there');
  });

  it('are the upper ends of the spans where the chart runs by itself', () => {
    const { instructions } = step({ stop: { actions: [arm('firstHeartbeat'), arm('close')] } }, EVENT.stop);
    expect(instructions).toEqual([
      { type: 'arm', params: { timer: 'firstHeartbeat', delay: 41_250 } },
      { type: 'arm', params: { timer: 'close', delay: 500 } },
    ]);
  });
});

describe('guards', () => {
  type Guard = readonly [event: ShardEvent, context: Partial<ShardContext>, holds: boolean];
  const policy = policyFrom({ closeCodes: { 4000: { recovery: 'stop' }, 4004: { recovery: 'identify' } } });
  const identify = policyFrom({ invalidSession: 'identify' });
  const numbered = (sequence: number | null) => ({ ...EVENT.dispatch, sequence });
  // biome-ignore format: a table
  const GUARDS: Readonly<Record<string, readonly Guard[]>> = {
    hasSession:         [[EVENT.stop, {}, false], [EVENT.stop, kept, true]],
    hasResumeUrl:       [[EVENT.stop, {}, false], [EVENT.stop, kept, true], [EVENT.stop, { session: withoutUrl }, false]],
    knowsGateway:       [[EVENT.stop, { gatewayUrl: null }, false], [EVENT.stop, { gatewayUrl: MAIN_URL }, true]],
    cannotResume:       [[EVENT.stop, { ...kept, resumes: 2 }, false], [EVENT.stop, { ...kept, resumes: 3 }, true], [EVENT.stop, { resumes: 3 }, false],
                         [EVENT.stop, { ...kept, sequence: null }, true], [EVENT.stop, { ...kept, sequence: 0 }, false], [EVENT.stop, {}, false], [EVENT.stop, { ...kept, policy: policyFrom({ resumeBudget: 0 }) }, true]],
    isUnauthorized:     [[EVENT.unauthorized, {}, true], [EVENT.locateFailed, {}, false], [{ ...EVENT.permitRefused, reason: 'unauthorized' }, {}, false]],
    isRefusedForGood:   [[EVENT.permitRefused, {}, true], [EVENT.permitDelayed, {}, false]],
    isFresh:            [[EVENT.renew, {}, true], [EVENT.restart, {}, false]],
    mayResume:          [[EVENT.resumable, kept, true], [EVENT.invalidated, kept, false], [EVENT.resumable, {}, false], [EVENT.resumable, { ...kept, policy: identify }, false],
                         [EVENT.resumable, { session: SESSION }, false], [EVENT.resumable, { sequence: 42 }, false]],
    isNew:              [[EVENT.dispatch, kept, true], [numbered(42), kept, false], [numbered(7), kept, false], [numbered(null), kept, false], [numbered(null), {}, false],
                         [numbered(0), {}, true], [numbered(0), { sequence: 0 }, false], [numbered(1), { sequence: 0 }, true], [EVENT.dispatched, kept, true], [EVENT.stop, kept, false]],
    isNumbered:         [[EVENT.dispatch, kept, true], [numbered(7), kept, true], [numbered(0), {}, true], [numbered(null), kept, false], [EVENT.stop, kept, false]],
    trafficIsLife:      [[EVENT.stop, {}, false], [EVENT.stop, { policy: policyFrom({ zombieTest: 'anyTraffic' }) }, true]],
    forbidsReconnect:   [[closed(4004), {}, true], [closed(4009), {}, false], [closed(1006), {}, false], [closed(4000), { policy }, true], [closed(4004), { policy }, false]],
    demandsIdentify:    [[closed(4009), {}, true], [closed(4004), {}, false], [closed(1006), {}, false], [closed(4004), { policy }, true]],
    crossesForGood:     [[closed(4004), {}, true], [closed(4009), {}, false], [closed(4900), { policy: policyFrom({ closeCodes: { 4900: { recovery: 'stop' } } }) }, false],
                         [closed(3999), { policy: policyFrom({ closeCode: 3999, closeCodes: { 3999: { recovery: 'stop' } } }) }, false], [closed(4004), { policy: policyFrom({ closeCode: 3999 }) }, true]],
    crossesForIdentify: [[closed(4009), {}, true], [closed(4004), {}, false], [closed(1000), { policy: policyFrom({ closeCodes: { 1000: { recovery: 'identify' } } }) }, false]],
  };

  it.each(Object.entries(GUARDS))('%s holds for what it says, and for nothing else', (guard, rows) => {
    const held = rows.map(
      ([event, context]) => step({ [event.type]: { guard, target: 'there' } }, event, context).state === 'there',
    );
    expect(held).toEqual(rows.map(([, , holds]) => holds));
  });

  it('let reading be paused from READY on, but not while an ACK has to be read', () => {
    const { initial, step } = pure(shardMachine);
    let { snapshot } = initial({ policy: DEFAULT_POLICY, gatewayUrl: MAIN_URL });
    const pauses = () => step(snapshot, EVENT.backlogFull).instructions.some(({ type }) => type === 'pauseSocket');
    const seen = (...events: readonly ShardEvent[]) => {
      for (const each of events) {
        const number = { ...('connection' in each && { connection: 1 }), ...('request' in each && { request: 1 }) };
        ({ snapshot } = step(snapshot, { ...each, ...number }));
      }
      return pauses();
    };
    expect(seen(EVENT.start, EVENT.opened, EVENT.hello, EVENT.permitGranted)).toBe(false);
    expect(seen(EVENT.ready)).toBe(true);
    expect(seen({ type: 'timer.firstHeartbeat' })).toBe(true);
    expect(seen({ type: 'timer.heartbeat' })).toBe(false);
    expect(seen({ type: 'timer.heartbeat' })).toBe(false);
    expect(seen(EVENT.heartbeatAck)).toBe(true);
    expect(seen(EVENT.backlogFull, { type: 'timer.heartbeat' })).toBe(false);
  });
});

describe('what the chart remembers', () => {
  /** What an action changes. */
  function changed(action: unknown, event: ShardEvent, context: Partial<ShardContext> = {}) {
    const before = { ...CONTEXT, ...context };
    const after = step({ [event.type]: { actions: action } }, event, context).context;
    return Object.fromEntries(
      Object.entries(after).filter(([name, value]) => value !== before[name as keyof ShardContext]),
    );
  }

  const limited = policyFrom({ closeCodes: { 4000: { attempts: 2 }, 4001: { attempts: 3 } } });
  const ACTIONS: readonly (readonly [
    action: string,
    event: ShardEvent,
    before: Partial<ShardContext>,
    change: object,
  ])[] = [
    ['numberConnection', EVENT.stop, {}, { connection: 4 }],
    ['numberRequest', EVENT.stop, {}, { request: 8 }],
    ['takeGatewayUrl', EVENT.located, { gatewayUrl: null }, { gatewayUrl: MAIN_URL }],
    ['takeGatewayUrl', EVENT.stop, {}, {}],
    ['takeInterval', { ...EVENT.hello, interval: 45_000 }, {}, { heartbeatInterval: 45_000 }],
    ['takeInterval', EVENT.stop, {}, {}],
    ['takeSession', EVENT.ready, { resumes: 2 }, { session: SESSION, sequence: 1, resumes: 0 }],
    ['takeSession', { ...EVENT.ready, session: null }, kept, { session: null, sequence: 1 }],
    ['takeSession', EVENT.ready, { policy: policyFrom({ resumeAt: 'main' }) }, { session: withoutUrl, sequence: 1 }],
    [
      'takeSession',
      { ...EVENT.ready, session: null },
      { ...kept, policy: policyFrom({ resumeAt: 'main' }) },
      { session: null, sequence: 1 },
    ],
    ['takeSession', EVENT.resumed, {}, {}],
    ['takeSequence', EVENT.dispatch, kept, { sequence: 43 }],
    ['takeSequence', EVENT.dispatched, {}, { sequence: 44 }],
    ['takeSequence', { ...EVENT.dispatch, sequence: 7 }, kept, {}],
    ['takeSequence', { ...EVENT.dispatch, sequence: null }, kept, {}],
    ['takeSequence', { ...EVENT.dispatch, sequence: null }, {}, {}],
    ['takeSequence', { ...EVENT.dispatch, sequence: 0 }, {}, { sequence: 0 }],
    ['takeSession', { ...EVENT.ready, sequence: null }, kept, { session: SESSION, sequence: null }],
    ['takeSequence', EVENT.malformed, kept, {}],
    ['forgetUrl', EVENT.stop, kept, { session: withoutUrl }],
    ['forgetUrl', EVENT.stop, { session: withoutUrl }, { gatewayUrl: null }],
    ['forgetUrl', EVENT.stop, {}, { gatewayUrl: null }],
    ['forgetSession', EVENT.stop, { ...kept, resumes: 2 }, { session: null, sequence: null, resumes: 0 }],
    ['countResume', EVENT.stop, { resumes: 1 }, { resumes: 2 }],
    ['countAttempt', EVENT.stop, { attempts: 1 }, { attempts: 2 }],
    ['limitResumes', closed(4001), kept, {}],
    ['limitResumes', closed(4001), { ...kept, resumes: 1 }, { resumes: 3 }],
    ['limitResumes', closed(1000), { ...kept, resumes: 2 }, { resumes: 3 }],
    ['limitResumes', closed(4001), { resumes: 1 }, {}],
    ['limitResumes', closed(4001), { ...kept, resumes: 3 }, {}],
    ['limitResumes', closed(4001), { ...kept, resumes: 5 }, {}],
    ['limitResumes', closed(4000), kept, {}],
    ['limitResumes', closed(4001), {}, {}],
    ['limitResumes', EVENT.stop, kept, {}],
    ['limitResumes', closed(4000), { ...kept, resumes: 2, policy: limited }, { resumes: 3 }],
    ['limitResumes', closed(4001), { ...kept, resumes: 1, policy: limited }, {}],
    ['forgiveResumes', EVENT.stop, { resumes: 2, attempts: 2 }, { resumes: 0 }],
    ['forgive', EVENT.stop, { resumes: 2, attempts: 4 }, { resumes: 0, attempts: 0 }],
    ['startCounting', EVENT.stop, { resumes: 2, attempts: 4 }, { resumes: 0, attempts: 1 }],
    ['waitAsCrossed', closed(4008), { wait: { for: 'order' } }, { wait: { for: 'cooldown' } }],
    ['waitAsCrossed', closed(4008), { wait: { for: 'retryAfter', ms: 9_000 } }, {}],
    ['waitAsCrossed', closed(4005), { wait: { for: 'retry' } }, { wait: { for: 'backoff' } }],
    ['waitAsCrossed', closed(4005), { wait: { for: 'invalidSession' } }, {}],
    ['waitAsCrossed', closed(4008), { wait: { for: 'invalidSession' } }, { wait: { for: 'cooldown' } }],
    ['waitAsCrossed', closed(1000), { wait: { for: 'order' } }, {}],
    ['waitAsCrossed', closed(1006), { wait: { for: 'invalidSession' } }, {}],
    [
      'waitAsCrossed',
      { type: 'closed', connection: 3, code: 1006, retryAfter: 3_000 },
      { wait: { for: 'order' } },
      { wait: { for: 'retryAfter', ms: 3_000 } },
    ],
    [
      'waitAsTold',
      { type: 'closed', connection: 3, code: 1006, retryAfter: 3_000 },
      {},
      { wait: { for: 'retryAfter', ms: 3_000 } },
    ],
    ['waitAsTold', closed(4008), {}, { wait: { for: 'cooldown' } }],
    ['waitAsTold', closed(4005), {}, { wait: { for: 'backoff' } }],
    ['waitAsTold', closed(4000), { wait: { for: 'order' } }, { wait: { for: 'retry' } }],
    ['waitAsTold', EVENT.permitDelayed, {}, { wait: { for: 'retryAfter', ms: 9_000 } }],
    ['waitAsTold', { ...EVENT.locateFailed, retryAfter: 0 }, {}, { wait: { for: 'retryAfter', ms: 0 } }],
    ['waitAsTold', EVENT.locateFailed, { wait: { for: 'order' } }, { wait: { for: 'retry' } }],
    ['waitAsTold', EVENT.permitRefused, { wait: { for: 'order' } }, { wait: { for: 'retry' } }],
  ];

  it.each([...new Set(ACTIONS.map(([action]) => action))])('is changed by %s as it says, and no further', (action) => {
    const rows = ACTIONS.filter(([name]) => name === action);
    expect(rows.map(([, event, before]) => changed(action, event, before))).toStrictEqual(
      rows.map(([, , , change]) => change),
    );
  });

  it('is what the next wait is for', () => {
    expect(changed(waitFor('invalidSession'), EVENT.stop)).toEqual({ wait: { for: 'invalidSession' } });
  });

  it('shows no session id when it is printed', () => {
    const { context } = step(
      { ready: { actions: 'takeSession' } },
      { ...EVENT.ready, session: { ...SESSION, id: 'c0ffee' } },
    );
    expect(inspect(context)).not.toContain('c0ffee');
    const without = step({ stop: { actions: 'forgetUrl' } }, EVENT.stop, { session: { ...SESSION, id: 'c0ffee' } });
    expect(inspect(without.context)).not.toContain('c0ffee');
  });
});

describe('because', () => {
  it.each<[CauseName, ShardEvent, Omit<Cause, 'name'>]>([
    ['stopped', EVENT.stop, {}],
    ['closedForResume', closed(1006), { closeCode: 1006 }],
    [
      'closedForGood',
      { ...closed(4004), reason: 'Authentication failed.' } as ShardEvent,
      { closeCode: 4004, reason: 'Authentication failed.' },
    ],
    [
      'closedForResume',
      { ...closed(1006), reason: '', httpStatus: 502 } as ShardEvent,
      { closeCode: 1006, httpStatus: 502 },
    ],
    [
      'closedForResume',
      { ...closed(1006), httpStatus: 429, retryAfter: 3_000 } as ShardEvent,
      { closeCode: 1006, httpStatus: 429, retryAfter: 3_000 },
    ],
    [
      'closedForResume',
      { ...closed(1006), systemCode: 'ECONNRESET' } as ShardEvent,
      { closeCode: 1006, systemCode: 'ECONNRESET' },
    ],
    ['repeated', { ...EVENT.dispatch, name: 'TYPING_START' }, { frame: 'TYPING_START' }],
    ['repeated', EVENT.dispatch, { frame: 'dispatch' }],
    ['readyInstead', EVENT.ready, { frame: 'ready' }],
    ['locateFailed', EVENT.locateFailed, { reason: 'unreachable' }],
    [
      'locateFailed',
      { ...EVENT.locateFailed, reason: 'rateLimited', retryAfter: 0 },
      { reason: 'rateLimited', retryAfter: 0 },
    ],
    [
      'locateFailed',
      { ...EVENT.locateFailed, systemCode: 'ENOTFOUND', httpStatus: 503 },
      { reason: 'unreachable', systemCode: 'ENOTFOUND', httpStatus: 503 },
    ],
    ['permitDelayed', EVENT.permitDelayed, { reason: 'no identify is left today', retryAfter: 9_000 }],
    ['permitRefused', EVENT.permitRefused, { reason: 'refused by the application' }],
    ['malformed', EVENT.malformed, { reason: 'not JSON' }],
    ['undecodable', EVENT.undecodable, { reason: 'corrupt compression' }],
    ['unknownOpcode', EVENT.unknownOpcode, { frame: 'op 99' }],
    ['unexpected', EVENT.hello, { frame: 'hello' }],
    ['unexpected', EVENT.ready, { frame: 'ready' }],
    ['unexpected', EVENT.resumed, { frame: 'resumed' }],
    ['unexpected', EVENT.dispatch, { frame: 'dispatch' }],
    ['aliveByTraffic', EVENT.dispatched, { frame: 'dispatch' }],
    ['acknowledged', EVENT.heartbeatAck, {}],
  ])('remembers and reports %s with what the event says: %j', (name, event, details) => {
    const { context, instructions } = step({ [event.type]: { actions: [...because(name)] } }, event);
    expect(context.cause).toStrictEqual({ name, ...details });
    expect(instructions).toStrictEqual([{ type: 'report', params: { cause: { name, ...details } } }]);
  });
});

describe('the helpers of the chart', () => {
  it('start and stop a timer by its name', () => {
    const { instructions } = step({ stop: { actions: [arm('hello'), disarm('hello')] } }, EVENT.stop);
    expect(instructions).toEqual([
      { type: 'arm', params: { timer: 'hello', delay: 20_000 } },
      { type: 'disarm', params: { timer: 'hello' } },
    ]);
  });

  it.each([null, 0, 42])('send a heartbeat with the last sequence received: %j', (sequence) => {
    const { instructions } = step({ stop: { actions: [sendHeartbeat] } }, EVENT.stop, { sequence });
    expect(instructions).toEqual([{ type: 'sendHeartbeat', params: { sequence } }]);
  });

  describe('on traffic', () => {
    const row = { guard: 'trafficIsLife', target: 'there', actions: [...because('aliveByTraffic')] } as const;
    const anyTraffic = { policy: policyFrom({ zombieTest: 'anyTraffic' }) };
    const seen = (event: ShardEvent, ...rows: readonly (typeof row | { target: string })[]) => {
      const { state, instructions } = step(onTraffic(...rows), event, anyTraffic);
      return [state, ...instructions.map(({ type, params }) => (params as { cause?: Cause }).cause?.name ?? type)];
    };

    it.each([
      EVENT.hello,
      EVENT.ready,
      EVENT.resumed,
      EVENT.dispatch,
      EVENT.dispatched,
      EVENT.unknownOpcode,
      EVENT.malformed,
    ])('take the rows for $type', (event) => {
      expect(seen(event, row)).toEqual(['there', 'aliveByTraffic']);
    });

    it('need do nothing', () => {
      expect(onTraffic({ target: 'there' }).hello).toEqual([{ target: 'there', actions: [] }]);
    });

    it('answer a requested heartbeat before anything else', () => {
      expect(seen(EVENT.heartbeatRequested, row)).toEqual([
        'there',
        'sendHeartbeat',
        'heartbeatRequested',
        'aliveByTraffic',
      ]);
      expect(seen(EVENT.heartbeatRequested, { target: 'here' })).toEqual([
        'here',
        'sendHeartbeat',
        'heartbeatRequested',
      ]);
    });

    it.each([EVENT.heartbeatAck, EVENT.reconnectRequested, EVENT.invalidated, EVENT.undecodable])(
      'leave out $type, which is an ACK or ends the connection',
      (event) => {
        expect(seen(event, row)).toEqual(['here']);
      },
    );

    it('take the first row whose guard holds', () => {
      expect(step(onTraffic(row, { target: 'here', reenter: true }), EVENT.dispatch, anyTraffic).state).toBe('there');
      expect(step(onTraffic(row, { target: 'here', reenter: true }), EVENT.dispatch).state).toBe('here');
    });
  });
});
