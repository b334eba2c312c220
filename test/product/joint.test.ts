import { afterEach, describe, expect, it } from 'vitest';
import { gatewayMachine } from '../../machines/gateway/chart.js';
import { stateName } from '../../machines/index.js';
import { shardMachine } from '../../machines/shard/chart.js';
import { type StateFinder, variant } from '../../src/exploring/variant.js';
import { Joint } from '../../src/product/joint.js';
import type { Draft, JointState } from '../../src/product/joint-state.js';
import { codeOf, isForeign, kindOf, messageOf, numberOf } from '../../src/product/messages.js';
import { EMPTY, queueOf } from '../../src/product/queues.js';
import { CHARTS, ProductRun, TO_READY } from '../support/product-run.js';

const CONNECTION = 'running.connection';
const beforeHello = TO_READY.slice(0, 4);
const heartbeat = { type: 'sendHeartbeat', params: { sequence: null } };

const ours = new Joint(CHARTS);
afterEach(() => {
  ours.witness = undefined;
});

/** A run with another shard, up to the state after these moves. */
function runOf(moves: readonly string[], edit?: (state: StateFinder) => void): ProductRun {
  const run = new ProductRun(edit === undefined ? ours : { shard: variant(shardMachine, edit) });
  run.make(...moves);
  return run;
}

const around = ({ shard: _, gateway: __, ...rest }: JointState) => rest;

describe('the two charts, joined', () => {
  it('begin with nothing on its way, nothing asked and no socket', () => {
    const world = new Joint(CHARTS).begin();
    expect(around(world)).toEqual({
      up: EMPTY,
      down: EMPTY,
      socket: 'none',
      isSeated: false,
      question: 'none',
      late: 'none',
      isLateFollowed: false,
      colour: 0,
      isDelivered: false,
      aside: 0,
    });
    expect([world.shard, world.gateway].map(({ snapshot }) => stateName(snapshot.value))).toEqual([
      'stopped',
      'listening.empty',
    ]);
  });

  it('are told of events one by one, and say whether they handle them', () => {
    const joint = new Joint(CHARTS);
    const draft: Draft = { ...joint.begin() };
    expect(joint.tellShard(draft, 1, () => ({ type: 'stop' }))).toBe(false);
    expect(stateName(draft.shard.snapshot.value)).toBe('stopped');
    expect(joint.tellShard(draft, 2, () => ({ type: 'start' }))).toBe(true);
    expect(stateName(draft.shard.snapshot.value)).toBe('running.locating');
    expect(draft.question).toBe('locate');
    expect(joint.tellGateway(draft, 1, () => ({ type: 'requestHeartbeat' }))).toBe(false);
  });

  it('have what each sends put on its way to the other', () => {
    const run = runOf(TO_READY.slice(0, 7));
    expect([run.up, run.down]).toEqual([['identify'], []]);
    run.make('to the Gateway', 'timer.ready of the Gateway', 'dispatch');
    expect([run.up, run.down]).toEqual([[], ['ready', 'dispatch']]);
    expect(numberOf(run.world.down.text.charCodeAt(1))).toBe(2);
  });

  it('have every dispatch of a replay put on its way by itself', () => {
    const run = new ProductRun({ gatewayInput: { settings: { replayBuffer: 2, replayBatch: 2 } } });
    run.make(...TO_READY, 'dispatch', 'dispatch', 'the network fails');
    run.make('to the shard', 'to the Gateway', 'timer.reconnect of the shard', 'the socket is accepted');
    run.make('to the shard', 'timer.hello of the Gateway', 'to the shard', 'to the Gateway');
    run.make('timer.replay of the Gateway');
    expect(run.down).toEqual(['dispatch', 'dispatch']);
    run.make('timer.replay of the Gateway');
    expect(run.down).toEqual(['dispatch', 'dispatch', 'resumed']);
  });
});

describe('a socket', () => {
  it('is asked for, takes the seat once it is accepted, and is open once the client knows', () => {
    const run = runOf(['start', 'located']);
    const states: unknown[] = [];
    const keep = () => states.push([run.world.socket, run.world.isSeated, run.down]);
    keep();
    run.make('the socket is accepted');
    keep();
    run.make('to the shard');
    keep();
    expect(states).toEqual([
      ['asked', false, []],
      ['answered', true, ['opened']],
      ['open', true, []],
    ]);
  });

  it('that opens is an outcome of the step', () => {
    const run = runOf(['start']);
    expect(run.joint.outcome.opensSocket).toBe(false);
    run.make('located');
    expect(run.joint.outcome.opensSocket).toBe(true);
    run.make('the socket is accepted');
    expect(run.joint.outcome.opensSocket).toBe(false);
  });

  it('that is dropped is lost to the Gateway behind what was sent, and to the shard but for one message', () => {
    const run = runOf([...TO_READY, 'timer.firstHeartbeat of the shard', 'dispatch', 'dispatch', 'reconnect']);
    run.make('timer.close of the shard');
    expect([run.up, run.down]).toEqual([['heartbeat', 'close', 'lost'], ['dispatch of age 1']]);
    expect(around(run.world)).toMatchObject({ socket: 'none', isSeated: false });
  });

  it('that is dropped is all that a Gateway learns which does not read', () => {
    const run = runOf([...TO_READY, 'timer.firstHeartbeat of the shard', 'stopReading', 'reconnect']);
    expect(run.up).toEqual(['heartbeat']); // the close frame is lost with all that is sent to it
    run.make('timer.close of the shard');
    expect(run.up).toEqual(['lost']);
  });

  it('that follows another makes what is left of that older still', () => {
    const run = runOf([...TO_READY, 'dispatch', 'reconnect', 'timer.close of the shard']);
    expect(run.down).toEqual(['dispatch of age 1']);
    run.make('timer.reconnect of the shard');
    expect([run.world.socket, run.down]).toEqual(['asked', ['dispatch of age 2']]);
  });

  it('that takes the seat has the Gateway answer the old one no more', () => {
    const run = runOf([...beforeHello, 'reconnect']);
    expect(run.up).toEqual(['lost']);
    run.make('the socket is accepted');
    expect([run.up, run.down]).toEqual([['lost of age 2'], ['opened']]);
    expect(run.world.gateway.facts.owes).toBe('hello');
  });

  it('that the Gateway drops takes with it what the client had sent', () => {
    const run = runOf([...TO_READY, 'timer.firstHeartbeat of the shard', 'dispatch', 'dropTcp']);
    expect([run.up, run.down]).toEqual([[], ['dispatch', 'lost']]);
  });
});

describe('a message to nobody', () => {
  it('of the Gateway is not on its way, and seen by a witness as such', () => {
    const joint = new Joint(CHARTS);
    const run = runOf(TO_READY);
    const seen: unknown[] = [];
    joint.witness = (by, message, isHeard) => seen.push([by, kindOf(message), isHeard]);
    const draft: Draft = { ...run.world, socket: 'over' };
    joint.tellGateway(draft, 1, () => ({ type: 'requestHeartbeat' }));
    expect([draft.down, seen]).toEqual([EMPTY, [['gateway', 'heartbeatRequested', false]]]);
    joint.tellGateway({ ...run.world }, 1, () => ({ type: 'requestHeartbeat' }));
    expect(seen[1]).toEqual(['gateway', 'heartbeatRequested', true]);
  });

  it('of the shard is not on its way, and seen by a witness as such', () => {
    const run = runOf([...TO_READY, 'the network fails', 'to the Gateway']);
    const seen: unknown[] = [];
    run.joint.witness = (by, message, isHeard) => seen.push([by, kindOf(message), codeOf(message), isHeard]);
    run.make('reconnect');
    expect([run.up, seen]).toEqual([[], [['shard', 'close', 4900, false]]]);
  });
});

describe('a session', () => {
  it('that the Gateway begins anew makes what is on its way foreign', () => {
    const run = runOf([...TO_READY, 'dispatch', 'reconnect', 'to the Gateway']);
    const { joint, world } = run;
    const draft: Draft = { ...world };
    expect(joint.tellGateway(draft, 1, () => ({ type: 'invalidateSession', resumable: false }))).toBe(true);
    expect(Array.from(draft.down.text, (message) => isForeign(message.charCodeAt(0)))).toEqual([true, false]);
    expect(run.down).toEqual(['dispatch', 'close']);
  });

  it('that the Gateway does not know is asked for without a sequence', () => {
    const run = runOf([...TO_READY, 'the network fails', 'to the shard', 'to the Gateway']);
    run.make('timer.retention of the Gateway', 'timer.reconnect of the shard', 'the socket is accepted');
    run.make('to the shard', 'timer.hello of the Gateway', 'to the shard');
    expect(run.up).toEqual(['resume']);
    const resume = run.world.up.head;
    expect([isForeign(resume), numberOf(resume)]).toEqual([true, 0]);
  });
});

describe('a question', () => {
  const asked = ({ world: { question, late, isLateFollowed } }: ProductRun) => [question, late, isLateFollowed];

  it('that is given up may be answered late, before the next and after', () => {
    const run = runOf(['start']);
    expect(asked(run)).toEqual(['locate', 'none', false]);
    run.make('timer.locate of the shard');
    expect(asked(run)).toEqual(['none', 'locate', false]);
    run.make('timer.reconnect of the shard');
    expect(asked(run)).toEqual(['locate', 'locate', true]);
  });

  it('about the Gateway is forgotten once a socket is open', () => {
    const run = runOf(['start', 'reconnect', 'located', 'the socket is accepted']);
    expect(asked(run)).toEqual(['none', 'locate', true]);
    run.make('to the shard');
    expect(asked(run)).toEqual(['none', 'none', false]);
  });

  it('for a permit is forgotten once the session is ready', () => {
    const run = runOf([...TO_READY.slice(0, 6), 'closeWith (4000)', 'to the shard', 'to the Gateway']);
    expect(asked(run)).toEqual(['none', 'permit', false]);
    run.make('timer.reconnect of the shard', ...TO_READY.slice(2, 6));
    expect(asked(run)).toEqual(['permit', 'permit', true]);
    run.make(...TO_READY.slice(6, -1));
    expect(asked(run)).toEqual(['none', 'permit', true]);
    run.make('to the shard');
    expect(asked(run)).toEqual(['none', 'none', false]);
  });

  it('is forgotten once the shard is stopped', () => {
    expect(asked(runOf(['start', 'stop']))).toEqual(['none', 'none', false]);
  });
});

describe('what a step breaks', () => {
  it('is the first thing that it breaks, until the next step', () => {
    const joint = new Joint(CHARTS);
    joint.breaks('lost');
    joint.breaks('twoSockets');
    expect(joint.outcome.broken).toBe('lost');
    joint.outcome.isPermitted = true;
    joint.outcome.opensSocket = true;
    joint.forget();
    expect(joint.outcome).toEqual({
      broken: null,
      opensSocket: false,
      isPermitted: false,
      endsSession: false,
      endsShard: false,
    });
  });

  it.each<[string, readonly string[], (state: StateFinder) => void]>([
    [
      'twoSockets',
      ['start', 'located', 'reconnect'],
      (state) => {
        state(CONNECTION).exit = [];
      },
    ],
    ['sentUnopened', ['start', 'located'], (state) => state(`${CONNECTION}.reaching.opening`).entry.push(heartbeat)],
    [
      'identifiedUnasked',
      TO_READY.slice(0, 6),
      (state) => state(`${CONNECTION}.open.session.queuedForIdentify`).entry.push({ type: 'sendIdentify', params: {} }),
    ],
    [
      'faultOfClient',
      [...beforeHello, 'to the Gateway'],
      (state) => state(`${CONNECTION}.reaching.awaitingHello`).entry.push(heartbeat),
    ],
  ])('is %s, at the last of these moves: %j', (property, moves, edit) => {
    const run = runOf([], edit);
    expect(moves.map((move) => run.make(move))).toEqual([...moves.slice(1).map(() => null), property]);
  });

  it('is nothing in a life without a fault', () => {
    const run = runOf([]);
    expect([...TO_READY, 'dispatch', 'to the shard'].map((move) => run.make(move)).filter(Boolean)).toEqual([]);
  });

  it.each<[string, Partial<Draft>, string | null]>([
    ['that the client has passed', { colour: 1 }, 'lost'],
    [
      'that is still to come',
      { colour: 2, down: queueOf(messageOf('dispatch', { sequence: 2, coloured: true })) },
      null,
    ],
    ['that was delivered', { colour: 1, isDelivered: true }, null],
    ['before it is sent', { colour: 0 }, null],
  ])('is no loss of the coloured dispatch unless it is one %s', (_, change, broken) => {
    const { joint, world } = runOf(TO_READY);
    joint.forget();
    joint.finished({ ...world, ...change });
    expect(joint.outcome.broken).toBe(broken);
  });
});

describe('a run that is exact', () => {
  const run = new ProductRun({ gateway: gatewayMachine }, true);
  run.make(...TO_READY, 'dispatch', 'dispatch', 'dispatch');

  it('keeps every number as it is', () => {
    expect(run.world.gateway.facts).toMatchObject({ sequence: 4, sessionId: 'session-1' });
    const renamed = runOf([
      ...TO_READY,
      'dispatch',
      'dispatch',
      'dispatch',
      'to the shard',
      'to the shard',
      'to the shard',
    ]);
    run.make('to the shard', 'to the shard', 'to the shard');
    // The replay buffer holds two: nothing tells of the first any more.
    expect([run, renamed].map(({ world }) => world.shard.facts.sequence)).toEqual([4, 3]);
  });

  it('loses the colour of what nobody follows any more', () => {
    run.make('dispatch, the coloured one', 'to the shard', 'dispatch', 'dispatch');
    expect([run.world.colour, run.world.gateway.facts.isColoured]).toEqual([0, false]);
  });
});
