import { describe, expect, it } from 'vitest';
import { heartbeats } from '../../../../../machines/shard/laws/invariants/heartbeats.js';
import type { ShardSeen } from '../../../../../machines/shard/laws/observer.js';
import { policyFrom } from '../../../../../machines/shard/policy.js';
import { arms, type Cases, disarms, does, notShown } from '../../../../support/hand-steps.js';
import { EVENT, type ShardState, type ShardStep, shardBench } from '../../../../support/shard-steps.js';

const bench = shardBench(heartbeats);

const greeting: Partial<ShardSeen> = { run: 'running', socket: 'greeting' };
const live = (beat: ShardSeen['beat'], unanswered = 0): Partial<ShardSeen> => ({
  run: 'running',
  socket: 'open',
  stage: 'live',
  beat,
  unanswered,
});
const anyTraffic = { policy: policyFrom({ zombieTest: 'anyTraffic' }) };

const first = { type: 'timer.firstHeartbeat' } as const;
const due = { type: 'timer.heartbeat' } as const;
const silence = { type: 'timer.silence' } as const;
const lastCall = { type: 'timer.overdue' } as const;
const heartbeat = does('sendHeartbeat', { sequence: null });
const lap = arms('heartbeat', 41_250);
const close = does('closeSocket', { code: 4900 });
const listen = [disarms('silence'), arms('silence', 250)];

const STEPS: Cases<ShardStep> = {
  'The interval is the one of Hello': [
    [
      'holds for the interval of Hello',
      { seen: greeting, event: { ...EVENT.hello, interval: 45_000 }, leaves: { heartbeatInterval: 45_000 } },
      null,
    ],
    [
      'holds for a second Hello that changes nothing',
      { seen: live('acked'), event: { ...EVENT.hello, interval: 1_000 } },
      null,
    ],
    ['is broken by an old interval', { seen: greeting, event: { ...EVENT.hello, interval: 45_000 } }, 'it is 41250 ms'],
    [
      'is broken by a second Hello that is taken',
      { seen: live('acked'), event: { ...EVENT.hello, interval: 1_000 }, leaves: { heartbeatInterval: 1_000 } },
      'it is 1000 ms',
    ],
    [
      'is broken by any other event',
      { seen: live('acked'), event: EVENT.stop, leaves: { heartbeatInterval: 0 } },
      'it is 0 ms',
    ],
  ],
  'A heartbeat is sent when one is due, when one is asked for, and at no other time': [
    ['holds for the first', { seen: live('jitter'), event: first, does: [heartbeat] }, null],
    ['holds for the next', { seen: live('acked'), event: due, does: [heartbeat] }, null],
    ['holds for the next when the ACK may be late', { seen: live('excused'), event: due, does: [heartbeat] }, null],
    ['holds for the next when the ACK is missing', { seen: live('awaiting'), event: due, does: [heartbeat] }, null],
    ['holds for those after that', { seen: live('overdue'), event: due, does: [heartbeat] }, null],
    ['holds for a late ACK', { seen: live('overdue'), event: EVENT.heartbeatAck }, null],
    ['holds for a requested one', { seen: live('awaiting'), event: EVENT.heartbeatRequested, does: [heartbeat] }, null],
    ['holds for silence after other traffic', { seen: live('alive'), event: silence }, null],
    ['holds for the next after other traffic', { seen: live('alive'), event: due, does: [heartbeat] }, null],
    ['holds for a request before Hello', { seen: greeting, event: EVENT.heartbeatRequested }, null],
    ['is broken by leaving out the first', { seen: live('jitter'), event: first }, '0 heartbeats go out instead of 1'],
    [
      'is broken by sending two',
      { seen: live('acked'), event: due, does: [heartbeat, heartbeat] },
      '2 heartbeats go out instead of 1',
    ],
    [
      'is broken by a missing ACK, after which none is sent',
      { seen: live('awaiting'), event: due },
      '0 heartbeats go out instead of 1',
    ],
    [
      'is broken by none while it is missing',
      { seen: live('overdue'), event: due },
      '0 heartbeats go out instead of 1',
    ],
    [
      'is broken by one for a late ACK',
      { seen: live('overdue'), event: EVENT.heartbeatAck, does: [heartbeat] },
      '1 heartbeats go out instead of 0',
    ],
    [
      'is broken by one for silence after other traffic',
      { seen: live('alive'), event: silence, does: [heartbeat] },
      '1 heartbeats go out instead of 0',
    ],
    [
      'is broken by a request that is not answered',
      { seen: live('acked'), event: EVENT.heartbeatRequested },
      '0 heartbeats go out instead of 1',
    ],
    [
      'is broken by an answer to an ACK',
      { seen: live('awaiting'), event: EVENT.heartbeatAck, does: [heartbeat] },
      '1 heartbeats go out instead of 0',
    ],
  ],
  'A heartbeat carries the last sequence of the session, or null before the first': [
    ['holds for null before the first', { event: first, does: [heartbeat] }, null],
    [
      'holds for the last sequence',
      { context: { sequence: 42 }, event: due, does: [does('sendHeartbeat', { sequence: 42 })] },
      null,
    ],
    [
      'is broken by a sequence that the chart takes for the last one, and is not',
      {
        context: { sequence: 42 },
        event: due,
        does: [does('sendHeartbeat', { sequence: 7 })],
        leaves: { sequence: 7 },
      },
      'a heartbeat carries another sequence than 42',
    ],
    [
      'is broken by an old sequence',
      { context: { sequence: 42 }, event: due, does: [does('sendHeartbeat', { sequence: 41 })] },
      'a heartbeat carries another sequence than 42',
    ],
    [
      'is broken by null after the first',
      { context: { sequence: 42 }, event: due, does: [heartbeat] },
      'a heartbeat carries another sequence than 42',
    ],
    [
      'is broken by 0 before the first',
      { event: first, does: [does('sendHeartbeat', { sequence: 0 })] },
      'a heartbeat carries another sequence than null',
    ],
  ],
  'A connection is a zombie when the ACK was missing for a lap and what lay in the buffer was read: it is closed': [
    ['holds for a close in the silence', { seen: live('overdue'), event: silence, does: [close] }, null],
    ['holds for a close at the last call', { seen: live('overdue'), event: lastCall, does: [close] }, null],
    ['holds for a connection with other traffic', { seen: live('alive'), event: lastCall }, null],
    ['holds when the ACK is found to be missing', { seen: live('awaiting'), event: due, does: [heartbeat] }, null],
    ['holds when it is missing for another lap', { seen: live('overdue'), event: due, does: [heartbeat] }, null],
    ['is broken by a zombie that stays', { seen: live('overdue'), event: silence }, 'it stays'],
    ['is broken by a zombie that stays after the last call', { seen: live('overdue'), event: lastCall }, 'it stays'],
    [
      'is broken by a close of a connection that is alive',
      { seen: live('alive'), event: silence, does: [close] },
      'it is closed alive',
    ],
  ],
  'A lap is one interval: neither an ACK nor a requested heartbeat stretches it': [
    ['holds for the first', { seen: live('jitter'), event: first, does: [heartbeat, lap] }, null],
    ['holds for the next', { seen: live('acked'), event: due, does: [heartbeat, lap] }, null],
    [
      'holds for the next when the ACK may be late',
      { seen: live('excused', 1), event: due, does: [heartbeat, lap] },
      null,
    ],
    [
      'holds for the next when the ACK is missing',
      { seen: live('awaiting', 1), event: due, does: [heartbeat, lap] },
      null,
    ],
    ['holds for those after that', { seen: live('overdue', 2), event: due, does: [heartbeat, lap] }, null],
    ['holds for an ACK', { seen: live('awaiting', 1), event: EVENT.heartbeatAck }, null],
    ['holds for a late ACK', { seen: live('overdue', 2), event: EVENT.heartbeatAck }, null],
    ['holds for silence after other traffic', { seen: live('alive'), event: silence }, null],
    [
      'holds for a requested heartbeat',
      { seen: live('awaiting', 1), event: EVENT.heartbeatRequested, does: [heartbeat] },
      null,
    ],
    [
      'is broken by a heartbeat without a timer',
      { seen: live('acked'), event: due, does: [heartbeat] },
      'a lap begins without its timer',
    ],
    [
      'is broken by a missing ACK that ends the laps',
      { seen: live('awaiting', 1), event: due, does: [heartbeat] },
      'a lap begins without its timer',
    ],
    [
      'is broken by a late ACK that restarts it',
      { seen: live('overdue', 2), event: EVENT.heartbeatAck, does: [lap] },
      'the lap begins anew',
    ],
    [
      'is broken by silence after other traffic that restarts it',
      { seen: live('alive'), event: silence, does: [lap] },
      'the lap begins anew',
    ],
    [
      'is broken by an ACK that restarts it',
      { seen: live('awaiting', 1), event: EVENT.heartbeatAck, does: [lap] },
      'the lap begins anew',
    ],
    [
      'is broken by a requested heartbeat that restarts it',
      { seen: live('awaiting', 1), event: EVENT.heartbeatRequested, does: [heartbeat, lap] },
      'the lap begins anew',
    ],
  ],
  'At most one heartbeat goes unanswered, another if reading was paused after it, and those that fall due while the buffer is read':
    [
      ['holds for the first', { seen: live('acked'), event: due, does: [heartbeat] }, null],
      ['holds for a second after a pause', { seen: live('excused', 1), event: due, does: [heartbeat] }, null],
      [
        'holds for requested heartbeats',
        { seen: live('awaiting', 1), event: EVENT.heartbeatRequested, does: [heartbeat, heartbeat] },
        null,
      ],
      ['holds until both are answered', { seen: live('catching', 2), event: EVENT.dispatch }, null],
      [
        'holds for the next when the ACK is missing',
        { seen: live('awaiting', 1), event: due, does: [heartbeat] },
        null,
      ],
      ['holds for those after that', { seen: live('overdue', 2), event: due, does: [heartbeat] }, null],
      ['holds for the third after a pause', { seen: live('catching', 2), event: due, does: [heartbeat] }, null],
      [
        'holds for a late ACK, which answers all but the last',
        { seen: live('overdue', 3), event: EVENT.heartbeatAck },
        null,
      ],
      ['holds for other traffic, which answers all but the last', { seen: live('alive'), event: silence }, null],
      [
        'is broken by a second without a pause',
        { seen: live('acked', 1), event: due, does: [heartbeat] },
        '2 are unanswered',
      ],
      [
        'is broken by a third after a pause',
        { seen: live('excused', 2), event: due, does: [heartbeat] },
        '3 are unanswered',
      ],
    ],
  'While an ACK is missing, nothing that comes makes the last call longer': [
    ['holds for a message', { seen: live('overdue'), event: EVENT.dispatch }, null],
    [
      'holds for a message that is a sign of life, whose burst is read to its end',
      { seen: live('overdue'), context: anyTraffic, event: EVENT.dispatch, does: listen },
      null,
    ],
    ['holds for the late ACK', { seen: live('overdue'), event: EVENT.heartbeatAck }, null],
    ['holds for the next lap', { seen: live('overdue'), event: due, does: [heartbeat, lap] }, null],
    [
      'holds where the ACK is found to be missing',
      { seen: live('awaiting'), event: due, does: [heartbeat, lap, arms('overdue', 5_000), ...listen] },
      null,
    ],
    [
      'holds for the end of the connection',
      { seen: live('overdue'), event: EVENT.reconnectRequested, does: [close] },
      null,
    ],
    ['holds for what is no message', { seen: live('overdue'), event: { type: 'timer.settle' } }, null],
    ['holds while an ACK is awaited', { seen: live('awaiting'), event: EVENT.dispatch }, null],
    [
      'is broken by a message that restarts the silence',
      { seen: live('overdue'), event: EVENT.dispatch, does: listen },
      'silence begins anew',
    ],
    [
      'is broken by a message that restarts both',
      { seen: live('overdue'), event: EVENT.malformed, does: [...listen, disarms('overdue'), arms('overdue', 5_000)] },
      'silence and overdue begins anew',
    ],
    [
      'is broken by a lap that restarts the last call',
      { seen: live('overdue'), event: due, does: [heartbeat, lap, disarms('overdue'), arms('overdue', 5_000)] },
      'overdue begins anew',
    ],
  ],
};

const paused = (seen: Partial<ShardSeen>): Partial<ShardSeen> => ({ ...seen, paused: true });

const full = { event: EVENT.backlogFull } as NonNullable<ShardState['edges']>[number];

const STATES: Cases<ShardState> = {
  'Wherever reading may be paused, a full buffer pauses it': [
    ['holds where a full buffer is handled', { seen: live('awaiting'), edges: [full] }, null],
    ['holds where reading is paused already', { seen: paused(live('acked')) }, null],
    ['holds while the ACK is missing', { seen: live('overdue') }, null],
    ['is broken where it is ignored', { seen: live('awaiting') }, 'a full buffer changes nothing'],
  ],
  'Reading is paused only while dispatches are handed on, never while an ACK has to be read': [
    ['holds for a pause in a session', { seen: paused(live('excused')), tags: ['paused'] }, null],
    [
      'holds for a pause in a replay',
      { seen: { ...paused(live('acked')), stage: 'resuming' }, tags: ['paused'] },
      null,
    ],
    ['holds while reading goes on', { seen: live('overdue') }, null],
    ['is broken by a pause without the tag', { seen: paused(live('acked')) }, 'the tag is wrong'],
    ['is broken by the tag without a pause', { seen: live('acked'), tags: ['paused'] }, 'the tag is wrong'],
    [
      'is broken by a pause while the ACK is missing',
      { seen: paused(live('overdue')), tags: ['paused'] },
      'it is paused while overdue',
    ],
    [
      'is broken by a pause while an excused ACK is awaited',
      { seen: paused(live('catching')), tags: ['paused'] },
      'it is paused while catching',
    ],
    [
      'is broken by a pause before READY',
      { seen: { ...paused(live('jitter')), stage: 'identifying' }, tags: ['paused'] },
      'it is paused while jitter',
    ],
  ],
};

describe.each(Object.entries(STEPS))('%s', (says, cases) => {
  it.each(cases)('%s', (_, step, broken) => {
    expect(bench.step(says, step)).toBe(broken);
  });
});

describe.each(Object.entries(STATES))('%s', (says, cases) => {
  it.each(cases)('%s', (_, state, broken) => {
    expect(bench.state(says, state)).toBe(broken);
  });
});

describe('the invariants of heartbeats', () => {
  it('are each shown kept and broken', () => {
    expect(notShown(heartbeats, STEPS, STATES)).toEqual([]);
  });
});
