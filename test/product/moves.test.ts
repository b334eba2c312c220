import { describe, expect, it } from 'vitest';
import { gatewayMachine } from '../../machines/gateway/chart.js';
import { GATEWAY_TIMERS, stateName, TIMERS } from '../../machines/index.js';
import { shardMachine } from '../../machines/shard/chart.js';
import { variant } from '../../src/exploring/variant.js';
import { Joint } from '../../src/product/joint.js';
import { codeOf, kindOf, messageOf } from '../../src/product/messages.js';
import { MOVES, type Move } from '../../src/product/moves.js';
import { queueOf } from '../../src/product/queues.js';
import { CHARTS, moveOf, ProductRun, TO_READY } from '../support/product-run.js';

const ours = new Joint(CHARTS);
const runOf = (moves: readonly string[], charts: ConstructorParameters<typeof ProductRun>[0] = ours) => {
  const run = new ProductRun(charts);
  run.make(...moves);
  return run;
};
const shardState = ({ world }: ProductRun) => stateName(world.shard.snapshot.value);
const ORDERS = ['stop', 'detach', 'reconnect', 'reconnect (fresh)'];
/** Between a connection that ended and the next Hello. */
const TO_HELLO_AGAIN = [
  'timer.reconnect of the shard',
  'the socket is accepted',
  'to the shard',
  'timer.hello of the Gateway',
  'to the shard',
] as const;

describe('the moves of the product', () => {
  const named = (kind: Move['kind']) => MOVES.filter((move) => move.kind === kind).map(({ name }) => name);

  it('have a name each', () => {
    expect(new Set(MOVES.map(({ name }) => name)).size).toBe(MOVES.length);
  });

  it('let every timer of both charts run out, those of the Gateway that stand for work at once', () => {
    const goodOf = (name: string) => moveOf(name).good;
    expect(named('timer').sort()).toEqual(
      [
        ...GATEWAY_TIMERS.map((timer) => `timer.${timer} of the Gateway`),
        ...TIMERS.map((timer) => `timer.${timer} of the shard`),
      ].sort(),
    );
    expect(named('timer').filter((name) => goodOf(name) === 'now')).toEqual([
      'timer.hello of the Gateway',
      'timer.ready of the Gateway',
      'timer.replay of the Gateway',
    ]);
    expect(new Set(named('timer').map(goodOf))).toEqual(new Set(['now', 'later']));
  });

  it('go on by themselves with a start, good answers, deliveries and timers alone', () => {
    const good = MOVES.filter((move) => move.good !== null && move.kind !== 'timer').map(({ name, good }) => [
      name,
      good,
    ]);
    expect(good).toEqual([
      ['start', 'now'],
      ['located', 'now'],
      ['permitGranted', 'now'],
      ['backlogDrained', 'now'],
      ['the socket is accepted', 'now'],
      ['to the shard', 'now'],
      ['to the Gateway', 'now'],
    ]);
  });

  it('are a fault where somebody refuses or something fails', () => {
    expect(named('fault').sort()).toEqual(
      [
        ...['locateFailed (unauthorized)', 'locateFailed (unreachable)'],
        ...['permitRefused (until later)', 'permitRefused (for good)', 'backlogFull'],
        'a dispatch finds no room',
        ...['the socket is refused', 'the network fails'],
        ...['invalidateSession (true)', 'invalidateSession (false)'],
        ...['closeWith (4000)', 'closeWith (4009)', 'closeWith (4004)'],
        ...['withholdHello', 'withholdReady', 'withholdResumed', 'swallowAcks', 'ignoreClose', 'stopReading'],
        ...['the fault ends', 'goSilent', 'dropTcp', 'malformed', 'malformed for good', 'skipSequence'],
      ].sort(),
    );
  });
});

describe('what can happen', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['in the beginning', [], ['start']],
    [
      'while the Gateway is asked for',
      ['start'],
      [...ORDERS, 'located', 'locateFailed (unauthorized)', 'locateFailed (unreachable)'],
    ],
    [
      'while a socket is asked for',
      ['start', 'located'],
      [...ORDERS, 'the socket is accepted', 'the socket is refused'],
    ],
    [
      'while the end of the handshake is on its way',
      TO_READY.slice(0, 3),
      [
        ...[...ORDERS, 'the network fails', 'to the shard', 'requestHeartbeat', 'requestReconnect'],
        ...['closeWith (4000)', 'closeWith (4009)', 'closeWith (4004)', 'withholdHello', 'the fault ends'],
        ...['goSilent', 'dropTcp', 'malformed', 'malformed for good'],
      ],
    ],
    [
      'while a permit is asked for',
      TO_READY.slice(0, 6),
      [
        ...[...ORDERS, 'permitGranted', 'permitRefused (until later)', 'permitRefused (for good)', 'the network fails'],
        ...['requestHeartbeat', 'requestReconnect', 'invalidateSession (true)', 'invalidateSession (false)'],
        ...['closeWith (4000)', 'closeWith (4009)', 'closeWith (4004)', 'the fault ends', 'goSilent', 'dropTcp'],
        ...['malformed', 'malformed for good'],
      ],
    ],
    [
      'while the session is ready',
      TO_READY,
      [
        ...[...ORDERS, 'backlogFull', 'the network fails', 'dispatch', 'dispatch, the coloured one'],
        ...['requestHeartbeat', 'requestReconnect', 'invalidateSession (true)', 'invalidateSession (false)'],
        ...['closeWith (4000)', 'closeWith (4009)', 'closeWith (4004)', 'the fault ends', 'goSilent', 'dropTcp'],
        ...['malformed', 'malformed for good', 'skipSequence'],
      ],
    ],
    [
      'once the shard has closed and the Gateway knows it',
      [...TO_READY, 'detach', 'to the Gateway'],
      [
        ...ORDERS,
        'to the shard',
        'dispatch',
        'dispatch, the coloured one',
        'invalidateSession (false)',
        'skipSequence',
      ],
    ],
  ])('%s, timers aside', (_, moves, expected) => {
    const can = runOf(moves).can('order', 'answer', 'late', 'delivery', 'occurrence', 'fault');
    expect(can.sort()).toEqual([...expected].sort());
  });

  it('is a timer that runs', () => {
    expect(runOf([]).can('timer')).toEqual([]);
    expect(runOf(TO_READY).can('timer').sort()).toEqual([
      'timer.firstHeartbeat of the shard',
      'timer.heartbeat of the Gateway',
      'timer.settle of the shard',
    ]);
  });

  it('is a late answer, once its question is given up', () => {
    const { world } = runOf(['start', 'timer.locate of the shard']);
    const may = (state: typeof world) =>
      MOVES.filter((move) => move.kind === 'late' && move.may(state)).map(({ name }) => name);
    expect(may(world)).toEqual(['located, too late, before another is asked']);
    expect(may({ ...world, isLateFollowed: true })).toEqual(['located, too late, after the next was asked']);
    expect(may({ ...world, late: 'permit' })).toEqual(['permitGranted, too late, before another is asked']);
    expect(may({ ...world, late: 'none' })).toEqual([]);
  });
});

describe('standing faults', () => {
  it.each([
    ['withholdHello', TO_READY.slice(0, 4), 'timer.hello of the Gateway'],
    ['withholdReady', TO_READY.slice(0, 8), 'timer.ready of the Gateway'],
  ] as const)('begin when they are about to show: %s', (fault, moves, instead) => {
    const run = runOf(moves);
    expect(run.can('fault')).toContain(fault);
    run.make(instead);
    expect(run.can('fault')).not.toContain(fault);
  });

  it.each([
    ['swallowAcks', ['timer.firstHeartbeat of the shard']],
    ['ignoreClose', ['reconnect']],
  ] as const)('begin when what they are about comes next: %s', (fault, moves) => {
    const run = runOf(TO_READY);
    expect(run.can('fault')).not.toContain(fault);
    run.make(...moves);
    expect(run.can('fault')).toContain(fault);
  });

  it('keep a close frame unanswered, or a heartbeat', () => {
    const closing = runOf([...TO_READY, 'reconnect', 'ignoreClose', 'to the Gateway']);
    expect(closing.down).toEqual([]);
    const beating = runOf([...TO_READY, 'timer.firstHeartbeat of the shard', 'swallowAcks', 'to the Gateway']);
    expect(beating.down).toEqual([]);
    expect(runOf([...TO_READY, 'timer.firstHeartbeat of the shard', 'to the Gateway']).down).toEqual(['heartbeatAck']);
  });

  it('keep the Gateway from reading until we have left', () => {
    const run = runOf(TO_READY);
    expect(run.can('fault')).not.toContain('stopReading');
    run.make('timer.firstHeartbeat of the shard', 'stopReading');
    expect(run.can('delivery', 'fault')).not.toEqual(expect.arrayContaining(['to the Gateway']));
    expect(run.can('fault')).not.toContain('the fault ends');
    run.make('reconnect', 'timer.close of the shard');
    expect(run.can('delivery')).toContain('to the Gateway');
  });
});

describe('the network', () => {
  it('that fails takes what is on its way and tells both sides', () => {
    const run = runOf([...TO_READY, 'dispatch', 'timer.firstHeartbeat of the shard', 'the network fails']);
    expect([run.up, run.down]).toEqual([['lost'], ['lost']]);
  });

  it('that fails leaves what is of older connections', () => {
    const run = runOf([
      ...TO_READY,
      'dispatch',
      'reconnect',
      'timer.close of the shard',
      'timer.reconnect of the shard',
    ]);
    run.make('the socket is accepted', 'the network fails');
    expect([run.up, run.down]).toEqual([
      ['close of age 2', 'lost'],
      ['dispatch of age 2', 'lost'],
    ]);
  });

  it('cannot fail where there is no connection', () => {
    expect(runOf(['start', 'located']).can('fault')).not.toContain('the network fails');
    expect(runOf(TO_READY).can('fault')).toContain('the network fails');
  });
});

describe('a delivery to the shard', () => {
  it('ends with WebSocket answering a close frame, by the same code', () => {
    const run = runOf([...TO_READY, 'closeWith (4000)', 'to the shard']);
    expect(run.up).toEqual(['close']);
    expect(codeOf(run.world.up.head)).toBe(4000);
    expect(shardState(run)).toBe('running.waiting');
  });

  it('is none while the shard is paused, and goes on afterwards', () => {
    const run = runOf([...TO_READY, 'dispatch', 'backlogFull']);
    expect(run.can('delivery', 'fault', 'answer')).not.toEqual(expect.arrayContaining(['to the shard']));
    expect(run.can('answer')).toEqual(['backlogDrained']);
    run.make('backlogDrained', 'to the shard');
    expect(run.world.shard.facts.sequence).toBe(2);
  });

  it('finds no room where dispatches are handed on and the session can be resumed, and is lost to the shard then', () => {
    const run = runOf([...TO_READY, 'dispatch', 'dispatch', 'a dispatch finds no room']);
    expect(shardState(run)).toBe('running.connection.closing.makingRoom');
    expect([run.down, run.world.shard.facts.sequence]).toEqual([['dispatch'], 1]);
    expect(run.can('answer')).toEqual(['backlogDrained']);
    run.make('to the shard');
    expect(run.can('fault')).not.toContain('a dispatch finds no room');
    expect(runOf([...TO_READY, 'requestHeartbeat']).can('fault')).not.toContain('a dispatch finds no room');
    expect(runOf([...TO_READY, 'dispatch', 'backlogFull']).can('fault')).not.toContain('a dispatch finds no room');
  });

  it('of a refusal has it wait', () => {
    const run = runOf(['start', 'located', 'the socket is refused', 'to the shard']);
    expect(shardState(run)).toBe('running.waiting');
  });

  it.each<[string, readonly string[], string]>([
    [
      'malformed',
      ['malformed'],
      'running.connection.open(session.ready.settling + heartbeat.jittering + reading.flowing)',
    ],
    ['undecodable', ['malformed for good'], 'running.connection.closing.reconnecting'],
    ['a reconnect', ['requestReconnect'], 'running.connection.closing.reconnecting'],
    ['the end of the session', ['invalidateSession (false)'], 'running.connection.closing.reconnecting'],
    ['the loss of TCP', ['dropTcp'], 'running.waiting'],
    ['a close that forbids a reconnect', ['closeWith (4004)'], 'failed'],
  ])('tells it of %s', (_, moves, state) => {
    const run = runOf([...TO_READY, ...moves, 'to the shard']);
    expect(shardState(run)).toBe(state);
  });

  it('that reaches it while dispatches are delivered is remembered, if it is coloured', () => {
    const run = runOf([...TO_READY, 'dispatch, the coloured one']);
    expect([run.world.colour, run.world.isDelivered]).toEqual([2, false]);
    run.make('to the shard');
    expect([run.world.colour, run.world.isDelivered]).toEqual([2, true]);
  });
});

describe('a dispatch', () => {
  it('has a colour once at a time', () => {
    const coloured = 'dispatch, the coloured one';
    expect(runOf(TO_READY).can('occurrence')).toContain(coloured);
    expect(runOf([...TO_READY, coloured]).can('occurrence')).not.toContain(coloured);
  });

  it('is kept for a client that is away, and replayed up to RESUMED', () => {
    const run = runOf([...TO_READY, 'the network fails', 'to the shard', 'to the Gateway', 'dispatch']);
    expect(run.down).toEqual([]);
    run.make(...TO_HELLO_AGAIN);
    expect(run.up).toEqual(['resume']);
    run.make('to the Gateway', 'timer.replay of the Gateway');
    expect(run.can('fault')).toContain('withholdResumed');
    run.make('timer.replay of the Gateway');
    expect(run.down).toEqual(['dispatch', 'resumed']);
    expect([run.make('to the shard'), run.make('to the shard')]).toEqual([null, null]);
    expect(run.world.shard.facts).toMatchObject({ isReady: true, sequence: 3 });
  });

  it('comes before no replay that has two to go: it would never end', () => {
    const run = runOf([...TO_READY, 'the network fails', 'to the shard', 'to the Gateway', 'dispatch', 'dispatch']);
    run.make(...TO_HELLO_AGAIN, 'to the Gateway');
    expect(run.world.gateway.facts.backlog).toBe(2);
    expect(run.can('occurrence')).not.toContain('dispatch');
    run.make('timer.replay of the Gateway');
    expect(run.can('occurrence')).toContain('dispatch');
  });
});

describe('what a move breaks', () => {
  const ungated = <M extends object>(machine: M): M => Object.getPrototypeOf(machine) as M;

  it('is staleReceived where a late answer moves the shard, and nothing where it does not', () => {
    const moves = ['start', 'reconnect'];
    const late = 'located, too late, after the next was asked';
    expect(runOf(moves).make(late)).toBeNull();
    expect(runOf(moves, { shard: ungated(shardMachine) }).make(late)).toBe('staleReceived');
  });

  it('is staleReceived where a message of an old connection moves the shard', () => {
    const moves = [
      ...TO_READY,
      'reconnect',
      'to the Gateway',
      'timer.close of the shard',
      'timer.reconnect of the shard',
    ];
    const last = (run: ProductRun) => {
      expect(run.down).toEqual(['close of age 2']);
      return run.make('to the shard');
    };
    expect(last(runOf(moves))).toBeNull();
    expect(last(runOf(moves, { shard: ungated(shardMachine) }))).toBe('staleReceived');
  });

  it('is staleAnswered where a message of an old connection moves the Gateway', () => {
    const moves = [...TO_READY.slice(0, 4), 'reconnect', 'the socket is accepted'];
    const last = (run: ProductRun) => {
      expect(run.up).toEqual(['lost of age 2']);
      return run.make('to the Gateway');
    };
    expect(last(runOf(moves))).toBeNull();
    expect(last(runOf(moves, { gateway: ungated(gatewayMachine) }))).toBe('staleAnswered');
  });

  it('is deliveredTwice where the coloured dispatch comes once more', () => {
    const run = runOf([...TO_READY, 'dispatch, the coloured one', 'to the shard']);
    run.world = { ...run.world, down: queueOf(messageOf('dispatch', { sequence: 3, coloured: true })) };
    expect(run.make('to the shard')).toBe('deliveredTwice');
  });

  it('is sessionKept where the shard keeps a session that it was told to be over', () => {
    const keeping = variant(shardMachine, (state) => {
      for (const row of state('running.connection.open').on['invalidSession'] ?? []) {
        row.actions = row.actions.filter((action) => action !== 'forgetSession');
      }
    });
    const moves = [...TO_READY, 'invalidateSession (false)'];
    expect(runOf(moves, { shard: keeping }).make('to the shard')).toBe('sessionKept');
    expect(runOf(moves).make('to the shard')).toBeNull();
    expect(runOf([...TO_READY, 'invalidateSession (true)'], { shard: keeping }).make('to the shard')).toBeNull();
  });

  it('is reconnected where the shard goes on after a close that forbids it', () => {
    const stubborn = variant(shardMachine, (state) => {
      for (const row of state('running.connection').on['closed'] ?? []) row.target = '#shard.running.waiting';
    });
    const moves = [...TO_READY.slice(0, 6), 'closeWith (4004)'];
    expect(runOf(moves, { shard: stubborn }).make('to the shard')).toBe('reconnected');
    expect(runOf(moves).make('to the shard')).toBeNull();
  });
});

describe('a move', () => {
  it('changes nothing but its draft', () => {
    const { world, joint } = runOf(TO_READY);
    const before = { ...world };
    for (const move of MOVES.filter((each) => each.may(world))) move.run(joint, { ...world });
    expect(world).toEqual(before);
  });

  it('gives its socket the seat with the number of the next connection', () => {
    const run = runOf([...TO_READY.slice(0, 4), 'reconnect']);
    expect(run.world.gateway.facts.isConnected).toBe(true);
    run.make('the socket is accepted');
    expect([run.world.socket, Array.from(run.world.down.text, (message) => kindOf(message.charCodeAt(0)))]).toEqual([
      'answered',
      ['opened'],
    ]);
  });
});
