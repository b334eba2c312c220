/**
 * Faults that the product alone, with the properties that it had before, did not find: each is played twice, against all
 * that was checked then, completely, and against what finds it now.
 */
import { describe, expect, it } from 'vitest';
import { assign } from 'xstate';
import { gatewayMachine, isCurrent, shardMachine } from '../../machines/index.js';
import { derived } from '../../machines/kit/xstate-insides.js';
import { type EditableRow, variant } from '../../src/exploring/variant.js';
import {
  exploreProduct,
  PROPERTIES,
  type ProductCharts,
  type Property,
  replayMoves,
  type SliceName,
} from '../../src/product/product.js';

const CONNECTION = 'running.connection';
const OPEN = `${CONNECTION}.open`;
const BEATING = `${OPEN}.heartbeat.beating`;
const RECONNECTING = `${CONNECTION}.closing.reconnecting`;

/** What was checked before there were slices. */
const BEFORE: readonly Property[] = [
  'deliveredTwice',
  'lost',
  'staleReceived',
  'staleAnswered',
  'twoSockets',
  'sentUnopened',
  'identifiedUnasked',
  'sessionKept',
  'reconnected',
  'faultOfClient',
  'deadlock',
  'stuck',
  'spin',
  'hammer',
];

const without = (rows: readonly EditableRow[] | undefined, action: string) => {
  for (const row of rows ?? []) row.actions = row.actions.filter((one) => one !== action);
};

/** Rows with another close code. */
const closingWith = (rows: readonly EditableRow[] | undefined, code: number) => {
  for (const row of rows ?? []) {
    row.actions = row.actions.map((action) =>
      typeOf(action) === 'closeSocket' ? { type: 'closeSocket', params: { code } } : action,
    );
  }
};

const typeOf = (action: unknown) => (action as { readonly type?: string }).type;

/** What a timer begins anew with. */
const anew = (entry: readonly unknown[], timer: string) => [{ type: 'disarm', params: { timer } }, entry.at(-1)];

/** The shard with a gate that lets some answers in though they are late. */
const leaky = (isLet: (event: { readonly type: string }) => boolean) => {
  const inner = Object.getPrototypeOf(shardMachine) as typeof shardMachine;
  return derived(inner, {
    transition: (...[snapshot, event, scope]: Parameters<typeof inner.transition>) =>
      isLet(event) || isCurrent(snapshot.context, event) ? inner.transition(snapshot, event, scope) : snapshot,
  }) as typeof shardMachine;
};

interface Fault {
  readonly fault: string;
  readonly found: Property;
  readonly slice?: SliceName;
  readonly charts: ProductCharts;
}

const shard = (edit: Parameters<typeof variant>[1]): ProductCharts => ({ shard: variant(shardMachine, edit) });

const FAULTS: readonly Fault[] = [
  {
    fault: 'op 7 costs the session',
    found: 'leftBehind',
    charts: shard((state) => {
      for (const row of state(OPEN).on['reconnectRequested'] ?? []) row.actions.unshift('forgetSession');
    }),
  },
  {
    fault: 'a zombied connection is closed with 1000, and its session resumed',
    found: 'endedKept',
    charts: shard((state) => closingWith(state(`${BEATING}.overdue.listening`).on['timer.silence'], 1000)),
  },
  {
    fault: 'a stop closes with 4900, and leaves the session behind',
    found: 'leftBehind',
    charts: shard((state) => closingWith(state(OPEN).on['stop'], 4900)),
  },
  {
    fault: 'a shard whose close is not answered stops',
    found: 'idleUnasked',
    charts: shard((state) => {
      for (const row of state(RECONNECTING).on['timer.close'] ?? []) row.target = '#shard.stopped';
    }),
  },
  {
    fault: 'the deadline of READY begins anew with every heartbeat',
    found: 'unready',
    charts: shard((state) => {
      const identifying = state(`${OPEN}.session.identifying`);
      identifying.on['timer.heartbeat'] = [{ actions: anew(identifying.entry, 'ready') }];
    }),
  },
  {
    fault: 'the deadline of RESUMED begins anew with every heartbeat, and there is no other',
    found: 'unready',
    charts: shard((state) => {
      const resuming = state(`${OPEN}.session.resuming`);
      delete resuming.on['timer.replay'];
      const arming = resuming.entry.slice(0, -1); // the last arms `replay`
      resuming.entry = arming;
      resuming.on['timer.heartbeat'] = [{ actions: anew(arming, 'resumed') }];
    }),
  },
  {
    fault: 'the sequence goes back with a dispatch that is sent again',
    found: 'deliveredTwice',
    slice: 'repeats',
    charts: {
      shard: shardMachine.provide({
        guards: { isNew: ({ event }) => 'sequence' in event && event.sequence !== null },
        actions: {
          takeSequence: assign(({ event }) =>
            'sequence' in event && event.sequence !== null ? { sequence: event.sequence } : {},
          ),
        },
      }) as typeof shardMachine,
    },
  },
  {
    fault: 'the Gateway keeps a connection whose session another client has taken',
    found: 'unready',
    slice: 'taken',
    charts: {
      gateway: variant(gatewayMachine, (state) => {
        state('connection.open.session.live').on['release'] = [{ actions: ['forgetSession'] }];
      }),
    },
  },
  {
    fault: 'a code that allows one resume is followed by another',
    found: 'resumedTooOften',
    slice: 'codes',
    charts: shard((state) => without(state(CONNECTION).on['closed'], 'limitResumes')),
  },
  {
    fault: 'the same where the code crosses our own close',
    found: 'resumedTooOften',
    slice: 'codes',
    charts: shard((state) => without(state(RECONNECTING).on['closed'], 'limitResumes')),
  },
  {
    fault: 'a refusal by the locator counts, however late it comes',
    found: 'idleUnasked',
    slice: 'refusals',
    charts: { shard: leaky(({ type }) => type === 'locateFailed') },
  },
  {
    fault: 'a refusal of a permit counts, however late it comes',
    found: 'idleUnasked',
    slice: 'refusals',
    charts: { shard: leaky(({ type }) => type === 'permitRefused') },
  },
  {
    fault: 'resumes are not counted, so that the session is never given up',
    found: 'stuck',
    slice: 'standing',
    charts: shard((state) => {
      const resuming = state(`${OPEN}.session.resuming`);
      resuming.entry = resuming.entry.filter((action) => action !== 'countResume');
    }),
  },
  {
    fault: 'a session is resumed once more though its sequence was called invalid (4007)',
    found: 'sessionKept',
    slice: 'invents',
    charts: { policy: { closeCodes: { 4007: { recovery: 'resume' } } } },
  },
  {
    fault: 'the record of detach holds what was received',
    found: 'lost',
    slice: 'handled',
    charts: { record: 'received' },
  },
];

describe('the product finds what it did not find before', () => {
  it.each(FAULTS)('$fault: $found', ({ found, slice, charts }) => {
    const before = exploreProduct({ ...charts, properties: BEFORE });
    expect([before.counterexamples, before.frontier]).toEqual([[], 0]);

    const sliced = { ...charts, ...(slice === undefined ? {} : { slice }) };
    const { counterexamples } = exploreProduct({ ...sliced, properties: [found], first: true });
    const [broken] = counterexamples;
    expect(broken?.property).toBe(found);
    const run = replayMoves(broken ?? { moves: [] }, sliced);
    // A step may break several things, and names the first; a slice may excuse one that came before.
    if (PROPERTIES[found].kind !== 'safety') expect(run.broken).toBeNull();
    else expect(run.steps.at(-1)?.broken).toBe(found);
  });
});
