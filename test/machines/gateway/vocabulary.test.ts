import { describe, expect, it } from 'vitest';
import { createActor, SimulatedClock } from 'xstate';
import type { GatewayCause, GatewayCauseName } from '../../../machines/gateway/causes.js';
import { gatewayMachine } from '../../../machines/gateway/chart.js';
import {
  armGateway,
  DEFAULT_GATEWAY_SETTINGS,
  disarmGateway,
  GATEWAY_TIMERS,
  type GatewayContext,
  type GatewayEvent,
  gatewayContext,
  gatewaySetup,
  reporting,
} from '../../../machines/gateway/vocabulary.js';
import { pure } from '../../../machines/kit/pure.js';
import { CONTEXT, closed, closeWith, EVENT, identify, kept, resume, SESSION } from '../../support/gateway-steps.js';

/** One step of a chart that has one state, `here`, and what it says of events; `there` is where they may lead. */
function step(on: object, event: GatewayEvent, context: Partial<GatewayContext> = {}) {
  const machine = gatewaySetup.createMachine({
    context: { ...CONTEXT, ...context },
    initial: 'here',
    states: { here: { on }, there: {} },
  } as Parameters<typeof gatewaySetup.createMachine>[0]);
  const chart = pure(machine);
  const { snapshot, instructions } = chart.step(chart.initial({}).snapshot, event);
  return { state: snapshot.value, context: snapshot.context as GatewayContext, instructions };
}

const withSession: Partial<GatewayContext> = { session: SESSION };

describe('the context of a Gateway without a client', () => {
  it('holds no session, and the default settings', () => {
    expect(gatewayContext({})).toEqual({
      settings: DEFAULT_GATEWAY_SETTINGS,
      connection: 0,
      session: null,
      offered: '',
      backlog: [],
    });
  });

  it('takes settings one by one', () => {
    expect(gatewayContext({ settings: { helloDelay: 7, replayBatch: 1 } }).settings).toEqual({
      ...DEFAULT_GATEWAY_SETTINGS,
      helloDelay: 7,
      replayBatch: 1,
    });
  });

  it('names the interval that is really seen, and leaves the session where a heartbeat is missing', () => {
    expect(DEFAULT_GATEWAY_SETTINGS).toMatchObject({ heartbeatInterval: 41_250, missedHeartbeatCode: 1000 });
  });

  it('answers at once, and keeps a thousand dispatches, of which it replays a hundred at a time', () => {
    const { helloDelay, readyDelay, replayDelay, replayBuffer, replayBatch } = DEFAULT_GATEWAY_SETTINGS;
    expect([helloDelay, readyDelay, replayDelay, replayBuffer, replayBatch]).toEqual([0, 0, 0, 1_000, 100]);
  });
});

describe('delays', () => {
  it('are those of the settings, one for each timer', () => {
    const settings = { ...DEFAULT_GATEWAY_SETTINGS, helloDelay: 1, readyDelay: 2, replayDelay: 3, reconnectGrace: 4 };
    const armed = GATEWAY_TIMERS.map(
      (timer) => step({ release: { actions: armGateway(timer) } }, EVENT.release, { settings }).instructions,
    );
    expect(armed.flat()).toEqual(
      Object.entries({
        hello: 1,
        ready: 2,
        replay: 3,
        heartbeat: 61_875,
        leave: 4,
        close: 5_000,
        retention: 180_000,
      }).map(([timer, delay]) => ({ type: 'arm', params: { timer, delay } })),
    );
  });

  it.each(GATEWAY_TIMERS)('end with the event of their timer: %s', (timer) => {
    const clock = new SimulatedClock();
    const states = { here: { entry: armGateway(timer), on: { [`timer.${timer}`]: 'there' } }, there: {} };
    const machine = gatewaySetup.createMachine({ context: CONTEXT, initial: 'here', states } as never);
    const actor = createActor(machine, { clock }).start();
    clock.increment(200_000);
    expect(actor.getSnapshot().value).toBe('there');
  });

  it('are given up by the name of the timer', () => {
    const { instructions } = step(
      { release: { actions: [armGateway('leave'), disarmGateway('leave')] } },
      EVENT.release,
    );
    expect(instructions.at(-1)).toEqual({ type: 'disarm', params: { timer: 'leave' } });
  });
});

describe('guards', () => {
  type Guard = readonly [event: GatewayEvent, context: Partial<GatewayContext>, holds: boolean];
  const harsh = { settings: { ...DEFAULT_GATEWAY_SETTINGS, missedHeartbeatCode: 4009 } };
  const heartbeat = (sequence: number) => ({ ...EVENT.heartbeat, sequence });
  // biome-ignore format: a table
  const GUARDS: Readonly<Record<string, readonly Guard[]>> = {
    hasSession:           [[EVENT.release, {}, false], [EVENT.release, withSession, true]],
    hasBacklog:           [[EVENT.release, {}, false], [EVENT.release, { backlog: [kept(3)] }, true]],
    failsAuthentication:  [[identify(), {}, false], [identify({ tokenMatches: false }), {}, true], [resume(1, 's1', false), {}, true], [resume(1), {}, false], [EVENT.command, {}, false]],
    asksForInvalidVersion: [[identify(), {}, false], [identify({ versionValid: false }), {}, true], [resume(3), {}, false]],
    hasInvalidShard:      [[identify(), {}, false], [identify({ shardValid: false }), {}, true], [resume(3), {}, false]],
    needsSharding:        [[identify(), {}, false], [identify({ shardingRequired: true }), {}, true], [resume(3), {}, false]],
    hasInvalidIntents:    [[identify(), {}, false], [identify({ intentsValid: false }), {}, true], [resume(3), {}, false]],
    hasDisallowedIntents: [[identify(), {}, false], [identify({ intentsAllowed: false }), {}, true], [resume(3), {}, false]],
    comesTooSoon:         [[identify(), {}, false], [identify({ permitted: false }), {}, true], [resume(3), {}, false]],
    namesUnknownSession:  [[resume(3), withSession, false], [resume(3, 's0'), withSession, true], [resume(3), {}, true], [identify(), withSession, false]],
    namesUnknownSequence: [[resume(4), withSession, false], [resume(5), withSession, true], [resume(5), {}, false], [heartbeat(5), withSession, false]],
    comesTooLate:         [[resume(2), withSession, false], [resume(1), withSession, true], [resume(1), {}, false], [heartbeat(1), withSession, false]],
    isLost:               [[closed(1006), {}, true], [closed(1005), {}, false], [closeWith(1006), {}, false]],
    endsSession:          [[closed(1000), {}, true], [closed(1001), {}, true], [closed(1005), {}, false], [closed(1006), {}, false], [closed(4900), {}, false], [closed(4004), {}, false], [closeWith(1000), {}, false]],
    orderEndsSession:     [[closeWith(4009), {}, true], [closeWith(4004), {}, true], [closeWith(1000), {}, false], [closeWith(4000), {}, false], [closeWith(4999), {}, false], [closed(4009), {}, false]],
    silenceEndsSession:   [[EVENT.release, {}, false], [EVENT.release, harsh, true]],
    isResumable:          [[EVENT.interrupt, {}, true], [EVENT.invalidate, {}, false]],
  };

  it.each(Object.entries(GUARDS))('%s holds for what it says, and for nothing else', (guard, rows) => {
    const held = rows.map(
      ([event, context]) => step({ [event.type]: { guard, target: 'there' } }, event, context).state === 'there',
    );
    expect(held).toEqual(rows.map(([, , holds]) => holds));
  });

  it('know which answer is left out, and whether Hello was sent', () => {
    const { initial, step } = pure(gatewayMachine);
    const reported = (...events: readonly GatewayEvent[]) => {
      const start = step(initial({}).snapshot, { type: 'connected', number: 3 });
      const { instructions } = events.reduce((at, event) => step(at.snapshot, event), start);
      return instructions.flatMap(({ params }) => (params as { cause?: GatewayCause }).cause?.name ?? []);
    };
    const hello = { type: 'timer.hello' } as const;
    const adopt = { ...EVENT.adopt, session: { ...SESSION, buffer: [] } };
    const resuming = [hello, adopt, resume(4)];
    expect(reported({ type: 'fault.withholdHello' }, hello)).toEqual(['helloWithheld']);
    expect(reported(hello, { type: 'fault.withholdReady' }, identify(), { type: 'timer.ready' })).toEqual([
      'readyWithheld',
    ]);
    expect(reported(...resuming, { type: 'fault.withholdResumed' }, { type: 'timer.replay' })).toEqual([
      'resumedWithheld',
    ]);
    expect(reported(...resuming, { type: 'fault.resumeThenDrop' }, { type: 'timer.replay' })).toEqual([
      'resumeDropped',
    ]);
    expect(reported(hello, { type: 'fault.swallowAcks' }, EVENT.heartbeat)).toEqual(['ackWithheld']);
    expect(reported({ type: 'fault.swallowAcks' }, hello, EVENT.heartbeat)).toEqual(['ackWithheld']);
    expect(reported({ type: 'fault.withholdHello' }, hello, EVENT.heartbeat)).toEqual(['beforeHello']);
    expect(reported(identify())).toEqual(['helloSent', 'identified']);
  });
});

describe('heartbeats are expected', () => {
  const expects = (...events: readonly GatewayEvent[]) => {
    const { initial, step } = pure(gatewayMachine);
    const start = step(initial({}).snapshot, { type: 'connected', number: 3 });
    const { instructions } = events.reduce((at, event) => step(at.snapshot, event), start);
    return instructions.some(
      ({ type, params }) => type === 'arm' && (params as { timer: string }).timer === 'heartbeat',
    );
  };
  const hello = { type: 'timer.hello' } as const;
  const withhold = { type: 'fault.withholdHello' } as const;
  const [stopReading, startReading] = [{ type: 'fault.stopReading' }, { type: 'fault.startReading' }] as const;

  it('from Hello on, which an early Identify or Resume brings', () => {
    expect([hello, identify(), resume(3)].map((event) => expects(event))).toEqual([true, true, true]);
  });

  it('not where Hello is withheld', () => {
    expect([hello, identify(), resume(3)].map((event) => expects(withhold, event))).toEqual([false, false, false]);
    expect(expects(withhold, hello, identify())).toBe(false);
  });

  it('again once the connection is read again, if Hello was sent', () => {
    expect(expects(hello, stopReading, startReading)).toBe(true);
    expect(expects(hello, stopReading, { type: 'fault.end' })).toBe(true);
    expect(expects(stopReading, startReading)).toBe(false);
  });
});

describe('what the chart remembers', () => {
  const after = (action: string, event: GatewayEvent, context: Partial<GatewayContext> = {}) =>
    step({ [event.type]: { actions: action } }, event, context).context;

  it('numbers a connection as its client does', () => {
    expect(after('numberConnection', EVENT.connected).connection).toBe(4);
    expect(after('numberConnection', EVENT.release).connection).toBe(3);
  });

  it('begins the session that Identify was offered, with READY as its first dispatch', () => {
    const { offered } = after('takeOffer', identify());
    expect(offered).toBe('s2');
    expect(after('takeOffer', EVENT.release, { offered: 's1' }).offered).toBe('s1');
    for (const before of [{}, withSession])
      expect(after('startSession', EVENT.release, { ...before, offered }).session).toEqual({
        id: 's2',
        sequence: 1,
        floor: 1,
        buffer: [], // nothing of the session before
      });
  });

  it('takes a session that comes over, and forgets one', () => {
    expect(after('takeSession', EVENT.adopt).session).toBe(SESSION);
    expect(after('takeSession', EVENT.release, withSession).session).toBe(SESSION);
    expect(after('forgetSession', EVENT.release, withSession).session).toBeNull();
  });

  it('keeps a dispatch with the next number', () => {
    const { session } = after('keepDispatch', EVENT.dispatch, withSession);
    expect({ ...session, buffer: session?.buffer.flat() }).toEqual({
      id: 's1',
      sequence: 5,
      floor: 2,
      buffer: [kept(3), kept(4), kept(5)],
    });
  });

  it('keeps no more dispatches than the settings allow, and knows the last that is lost', () => {
    const settings = { ...DEFAULT_GATEWAY_SETTINGS, replayBuffer: 2 };
    const { session } = after('keepDispatch', EVENT.dispatch, { ...withSession, settings });
    expect({ ...session, buffer: session?.buffer.flat() }).toEqual({
      id: 's1',
      sequence: 5,
      floor: 3,
      buffer: [kept(4), kept(5)],
    });
  });

  it('keeps no dispatch without a session', () => {
    expect(after('keepDispatch', EVENT.dispatch).session).toBeNull();
    expect(after('keepDispatch', EVENT.release, withSession).session).toBe(SESSION);
  });

  it.each([
    ['RESUMED', 'numberResumed'],
    ['what is malformed', 'numberRaw'],
  ])('gives %s a number of its own, which is not replayed', (_, action) => {
    expect(after(action, EVENT.release, withSession).session).toEqual({ ...SESSION, sequence: 5 });
    expect(after(action, EVENT.release).session).toBeNull();
  });

  it('skips as many numbers as were ordered', () => {
    expect(after('skipSequence', EVENT.skip, withSession).session).toEqual({ ...SESSION, sequence: 6 });
    expect(after('skipSequence', EVENT.skip).session).toBeNull();
    expect(after('skipSequence', EVENT.release, withSession).session).toBe(SESSION);
  });

  it('replays what came after the sequence of Resume', () => {
    expect(after('takeBacklog', resume(2), withSession).backlog).toEqual([kept(3), kept(4)]);
    expect(after('takeBacklog', resume(3), withSession).backlog).toEqual([kept(4)]);
    expect(after('takeBacklog', resume(4), withSession).backlog).toEqual([]);
    expect(after('takeBacklog', resume(3)).backlog).toEqual([]);
    expect(after('takeBacklog', { ...EVENT.heartbeat, sequence: 2 }, withSession).backlog).toEqual([]);
  });

  it('puts a dispatch that was kept behind what is replayed', () => {
    const context = { session: { ...SESSION, sequence: 5 }, backlog: [kept(4)] };
    expect(after('queueDispatch', EVENT.dispatch, context).backlog).toEqual([kept(4), kept(5)]);
    expect(after('queueDispatch', EVENT.dispatch).backlog).toEqual([]);
  });

  it('drops a part of a replay that was sent, or all', () => {
    const backlog = [kept(3), kept(4), kept(5)];
    const settings = { ...DEFAULT_GATEWAY_SETTINGS, replayBatch: 2 };
    expect(after('dropBatch', EVENT.release, { backlog, settings }).backlog).toEqual([kept(5)]);
    expect(after('dropBatch', EVENT.release, { backlog }).backlog).toEqual([]);
    expect(after('forgetBacklog', EVENT.release, { backlog }).backlog).toEqual([]);
  });
});

describe('reporting', () => {
  it.each<[GatewayCauseName, GatewayEvent, Omit<GatewayCause, 'name'>]>([
    ['lost', closed(1006), { closeCode: 1006 }],
    ['closedByOrder', closeWith(4009), { closeCode: 4009 }],
    ['commanded', EVENT.command, { frame: 'op 3' }],
    ['opcodeUnknown', EVENT.unknownOpcode, { frame: 'op 99' }],
    ['malformed', EVENT.malformed, { frame: 'notJson' }],
    ['heartbeat', EVENT.heartbeat, {}],
    ['identified', identify(), {}],
  ])('%s says what the event says: %j', (name, event, details) => {
    const { instructions } = step({ [event.type]: { actions: [reporting(name)] } }, event);
    expect(instructions).toEqual([{ type: 'report', params: { cause: { name, ...details } } }]);
  });

  it('names the function of its parameters after the cause, for the chart as data', () => {
    expect(reporting('helloSent').params.name).toBe('helloSent');
  });
});
