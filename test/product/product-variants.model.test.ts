/** What the product is worth: each of these charts has one fault, and each fault a counterexample that can be replayed. */
import { describe, expect, it } from 'vitest';
import { gatewayMachine, shardMachine } from '../../machines/index.js';
import { type EditableRow, variant } from '../../src/exploring/variant.js';
import {
  exploreProduct,
  mermaidDiagram,
  PROPERTIES,
  type ProductCharts,
  type ProductOptions,
  type Property,
  replayMoves,
  textDiagram,
} from '../../src/product/product.js';

const CONNECTION = 'running.connection';
const OPEN = `${CONNECTION}.open`;

/** The rows of an event without one of their actions. */
const without = (rows: readonly EditableRow[] | undefined, action: string) => {
  for (const row of rows ?? []) row.actions = row.actions.filter((one) => one !== action);
};

/** The chart that stands behind the gate. */
const ungated = <M extends object>(machine: M): M => Object.getPrototypeOf(machine) as M;

interface Case extends ProductCharts, Pick<ProductOptions, 'messages' | 'faults' | 'properties'> {
  readonly fault: string;
  readonly breaks: Property;
}

const CASES: readonly Case[] = [
  { fault: 'a shard without the gate', breaks: 'staleReceived', shard: ungated(shardMachine) },
  {
    fault: 'a Gateway without the gate',
    breaks: 'staleAnswered',
    gateway: ungated(gatewayMachine),
    messages: 2,
  },
  {
    fault: 'a shard without the gate, which takes a permit of an earlier connection',
    breaks: 'identifiedUnasked',
    shard: ungated(shardMachine),
    properties: ['identifiedUnasked'],
  },
  {
    fault: 'a shard that identifies without a permit',
    breaks: 'identifiedUnasked',
    shard: variant(shardMachine, (state) => {
      const [, toIdentify] = state(`${CONNECTION}.reaching.awaitingHello`).on['hello'] ?? [];
      if (toIdentify) toIdentify.target = `#shard.${OPEN}.session.identifying`;
    }),
  },
  {
    fault: 'a shard that keeps the session after Invalid Session (false)',
    breaks: 'sessionKept',
    shard: variant(shardMachine, (state) => without(state(OPEN).on['invalidSession'], 'forgetSession')),
  },
  {
    fault: 'a shard that forgets to drop its socket',
    breaks: 'twoSockets',
    shard: variant(shardMachine, (state) => {
      state(CONNECTION).exit = [];
    }),
  },
  {
    fault: 'a shard that sends before the socket is open',
    breaks: 'sentUnopened',
    shard: variant(shardMachine, (state) => {
      state(`${CONNECTION}.reaching.opening`).entry.push({ type: 'sendHeartbeat', params: { sequence: null } });
    }),
  },
  {
    fault: 'a shard that does not take the sequence while it resumes',
    breaks: 'deliveredTwice',
    shard: variant(shardMachine, (state) => without(state(`${OPEN}.session.resuming`).on['dispatch'], 'takeSequence')),
  },
  {
    fault: 'a shard that does not wait for Hello with its first heartbeat',
    breaks: 'faultOfClient',
    shard: variant(shardMachine, (state) => {
      state(`${CONNECTION}.reaching.awaitingHello`).entry.push({ type: 'sendHeartbeat', params: { sequence: null } });
    }),
  },
  {
    fault: 'a Gateway that keeps nothing for a client that is away',
    breaks: 'lost',
    gateway: variant(gatewayMachine, (state) => {
      for (const row of state('').on['dispatch'] ?? []) row.actions = ['numberResumed'];
    }),
  },
  {
    fault: 'a shard that heeds no close of the Gateway once it is closing itself',
    breaks: 'reconnected',
    shard: variant(shardMachine, (state) => {
      const closing = state(`${CONNECTION}.closing.reconnecting`);
      closing.on['closed'] = (closing.on['closed'] ?? []).slice(-1);
    }),
  },
  {
    fault: 'a shard that waits for Hello for ever',
    breaks: 'stuck',
    shard: variant(shardMachine, (state) => {
      delete state(`${CONNECTION}.reaching.awaitingHello`).on['timer.hello'];
    }),
  },
  {
    fault: 'a shard that waits for its next try for ever',
    breaks: 'deadlock',
    shard: variant(shardMachine, (state) => {
      delete state('running.waiting').on['timer.reconnect'];
    }),
    faults: false,
  },
  {
    fault: 'a shard that comes back without a wait',
    breaks: 'hammer',
    shard: variant(shardMachine, (state) => {
      for (const row of state(CONNECTION).on['closed'] ?? []) if (row.target === 'waiting') row.target = 'choosing';
    }),
  },
  {
    fault: 'a Gateway that replays the same again and again',
    breaks: 'spin',
    gateway: variant(gatewayMachine, (state) =>
      without(state('connection.open.session.replaying.due').on['timer.replay'], 'dropBatch'),
    ),
    properties: ['spin'],
    faults: false,
  },
];

describe('the product finds', () => {
  it.each(CASES)(
    '$fault: $breaks',
    ({ breaks, fault: _, ...options }) => {
      const { counterexamples } = exploreProduct({ limit: 400_000, first: true, ...options });
      const found = counterexamples.find(({ property }) => property === breaks);
      expect(counterexamples.map(({ property }) => property)).toContain(breaks);
      const run = replayMoves(found ?? { moves: [] }, options);
      expect(run.steps).toHaveLength(found?.moves.length ?? 0);
      expect(run.broken).toBe(PROPERTIES[breaks].kind === 'safety' ? breaks : null);
    },
    120_000,
  );

  it('what it shows as a sequence diagram, for terminals and for Mermaid', () => {
    const shard = ungated(shardMachine);
    const [found] = exploreProduct({ shard, first: true }).counterexamples;
    const run = replayMoves(found ?? { moves: [] }, { shard });
    expect(textDiagram(run).split('\n')).toMatchInlineSnapshot(`
      [
        "   world                           shard                                                      Gateway",
        "1    │──────────── start ───────────▶│                                                          │",
        "     │                               │ running.locating                                         │",
        "     │                               │                                                          │ listening.empty",
        "2    │────────── reconnect ─────────▶│                                                          │",
        "3    │── located, too late, after… ─▶│                                                          │",
        "     │                               │ reaching.opening                                         │",
      ]
    `);
    expect(mermaidDiagram(run)).toMatchInlineSnapshot(`
      "sequenceDiagram
        participant world
        participant shard
        participant Gateway
        world->>shard: start
        Note over shard: running.locating
        Note over Gateway: listening.empty
        world->>shard: reconnect
        world->>shard: located, too late, after the next was asked
        Note over shard: reaching.opening"
    `);
  });

  it('nothing to replay in a move that cannot happen', () => {
    expect(() => replayMoves({ moves: ['located'] })).toThrow('Move 1, "located", cannot happen there');
    expect(() => replayMoves({ moves: ['explode'] })).toThrow('There is no move "explode"');
  });
});
