import { describe, expect, it } from 'vitest';
import type { EdgeView, GraphView, Invariant, NodeView } from '../../../../../machines/kit/invariants.js';
import { bans } from '../../../../../machines/shard/laws/invariants/bans.js';
import { causes } from '../../../../../machines/shard/laws/invariants/causes.js';
import { deadlines } from '../../../../../machines/shard/laws/invariants/deadlines.js';
import { duties } from '../../../../../machines/shard/laws/invariants/duties.js';
import { endings } from '../../../../../machines/shard/laws/invariants/endings.js';
import { heartbeats } from '../../../../../machines/shard/laws/invariants/heartbeats.js';
import { SHARD_INVARIANTS } from '../../../../../machines/shard/laws/invariants/index.js';
import { session } from '../../../../../machines/shard/laws/invariants/session.js';
import { shardObserver } from '../../../../../machines/shard/laws/observer.js';
import type { ShardContext, ShardEvent } from '../../../../../machines/shard/vocabulary.js';
import { unknownSpecs } from '../../../../support/documentation.js';
import { closed, EVENT, type ShardState, shardBench } from '../../../../support/shard-steps.js';

type ShardPlace = NodeView<ShardContext, ShardEvent> & { readonly edges: EdgeView<ShardContext, ShardEvent>[] };

const bench = shardBench(SHARD_INVARIANTS);
const place = (hand: ShardState): ShardPlace => ({ ...bench.place(hand), edges: [] });

function leading(from: ShardPlace, event: ShardEvent, to: ShardPlace): ShardPlace {
  from.edges.push({ ...bench.move({ event }), from, to });
  return from;
}

describe('the invariants of the shard', () => {
  it('hold those of every subject, which know what the observer has seen', () => {
    for (const { says } of [...bans, ...duties, ...heartbeats, ...session, ...endings, ...deadlines, ...causes]) {
      const found = SHARD_INVARIANTS.filter((each) => each.says === says);
      expect(found.map(({ observer }) => observer)).toEqual([shardObserver]);
    }
  });

  it('hold what is true of every chart with timers and with a table of what is ignored', () => {
    const specs = SHARD_INVARIANTS.map(({ spec }) => spec);
    expect(specs.filter((spec) => spec === 'chart#timers' || spec === 'chart#ignored')).toHaveLength(4);
  });

  it('refer to sections of the documentation, to orders of the user, to the policy, or to the form of the chart', () => {
    const own = [
      'user',
      'policy#deadlines',
      'policy#deadlines.ready',
      'policy#deadlines.resumed',
      'policy#waits',
      'policy#resumeBudget',
    ];
    const form = [
      'policy#backpressure',
      'chart#timers',
      'chart#ignored',
      'chart#questions',
      'chart#effects',
      'chart#causes',
    ];
    expect(
      unknownSpecs(
        SHARD_INVARIANTS.map(({ spec }) => spec),
        [...own, ...form],
      ),
    ).toEqual([]);
  });

  it.each([
    ['Nothing is sent before Hello', 'gateway#hello-event'],
    ['At most one Identify or Resume is sent on a connection', 'gateway#identifying'],
    ['Resume carries the session and the last sequence received in it', 'gateway#resume'],
    ['A requested heartbeat is sent at once', 'gateway#heartbeat-requests'],
    ['Our close code keeps the session exactly if it is kept', 'gateway#initiating-a-disconnect'],
    ['Once permitted, Identify goes out', 'gateway#identifying'],
    ['After Invalid Session the connection is closed', 'gateway#invalid-session'],
  ])('%s: by %s', (says, spec) => {
    expect(SHARD_INVARIANTS.find((each) => each.says === says)?.spec).toBe(spec);
  });

  it('say each something else', () => {
    const sentences = SHARD_INVARIANTS.map(({ says }) => says);
    expect(new Set(sentences).size).toBe(sentences.length);
  });
});

describe('Every state but stopped and failed has a way on without any message', () => {
  it.each<[string, ShardState, string | null]>([
    ['holds where a deadline runs', { value: { running: 'waiting' }, armed: ['reconnect'] }, null],
    ['holds where the shard has stopped', { value: 'stopped' }, null],
    ['holds where the shard has failed', { value: 'failed' }, null],
    ['is broken where no deadline runs', { value: { running: 'waiting' } }, 'no deadline runs: it would wait for ever'],
  ])('%s', (_, state, broken) => {
    expect(bench.state('Every state but stopped and failed has a way on without any message', state)).toBe(broken);
  });
});

describe('From every state the shard is ready again, if the Gateway behaves and nobody ended it', () => {
  const says = 'From every state the shard is ready again, if the Gateway behaves and nobody ended it';
  const { graph } = SHARD_INVARIANTS.find((each) => each.says === says) as Invariant<ShardContext, ShardEvent>;
  const stuck = (...nodes: readonly ShardPlace[]) => {
    const world: GraphView<ShardContext, ShardEvent> = { nodes, nameOf: ({ key }) => key, ignoredIn: () => [] };
    return [...(graph?.(world) ?? [])].map((found) => `${found.node.key}: ${found.broken}`);
  };
  const broken = 'no events of a Gateway that behaves lead to READY or RESUMED';
  const ready = place({ key: 'ready', tags: ['streaming'] });

  it('holds where the answers of a Gateway lead to a session', () => {
    const identifying = leading(place({ key: 'identifying' }), EVENT.ready, ready);
    const waiting = leading(place({ key: 'waiting' }), { type: 'timer.reconnect' }, identifying);
    expect(stuck(ready, identifying, waiting)).toEqual([]);
  });

  it('holds in a shard that has ended', () => {
    expect(stuck(place({ value: 'stopped' }), place({ value: 'failed' }))).toEqual([]);
  });

  it.each<ShardEvent>([
    EVENT.located,
    EVENT.opened,
    EVENT.hello,
    EVENT.heartbeatAck,
    EVENT.permitGranted,
    EVENT.ready,
    EVENT.resumed,
    { type: 'timer.close' },
    { type: 'timer.reconnect' },
    { type: 'timer.firstHeartbeat' },
    { type: 'timer.heartbeat' },
  ])('holds where $type leads on', (event) => {
    expect(stuck(leading(place({ key: 'here' }), event, ready), ready)).toEqual([]);
  });

  it.each<ShardEvent>([
    EVENT.restart,
    EVENT.stop,
    EVENT.locateFailed,
    EVENT.permitDelayed,
    closed(1006),
    EVENT.reconnectRequested,
    EVENT.invalidated,
    EVENT.dispatch,
    { type: 'timer.replay' },
    { type: 'timer.silence' },
    { type: 'timer.ready' },
  ])('is broken where $type alone leads on', (event) => {
    expect(stuck(leading(place({ key: 'here' }), event, ready), ready)).toEqual([`here: ${broken}`]);
  });

  it('is broken by a replay that never ends', () => {
    expect(stuck(place({ key: 'resuming', tags: ['streaming', 'replaying'] }))).toEqual([`resuming: ${broken}`]);
  });
});
