import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Scene, verdict } from '../../src/conformance/rules.js';
import type { Shard } from '../../src/shard/index.js';
import type { Control } from '../../src/simulator/control.js';
import { memoryWorld, type World } from '../support/memory.js';

/** Something that goes wrong, or is ordered, at some time. */
type Mishap =
  | { readonly kind: 'wait' }
  | {
      readonly kind:
        | 'drop'
        | 'reconnect'
        | 'zombie'
        | 'heartbeat'
        | 'refuseHost'
        | 'resumeThenDrop'
        | 'ignoreClose'
        | 'silence';
    }
  | { readonly kind: 'close'; readonly code: number }
  | { readonly kind: 'invalid'; readonly resumable: boolean }
  | { readonly kind: 'malformed'; readonly name: 'notJson' | 'empty' | 'unknownOpcode' | 'binary' }
  | { readonly kind: 'order'; readonly fresh: boolean }
  | { readonly kind: 'heal' };

const mishap: fc.Arbitrary<Mishap> = fc.oneof(
  fc.constantFrom<Mishap>(
    { kind: 'wait' },
    { kind: 'drop' },
    { kind: 'reconnect' },
    { kind: 'zombie' },
    { kind: 'heartbeat' },
    { kind: 'refuseHost' },
    { kind: 'resumeThenDrop' },
    { kind: 'ignoreClose' },
    { kind: 'silence' },
    { kind: 'heal' },
  ),
  fc
    .constantFrom(1000, 1001, 4000, 4001, 4002, 4003, 4005, 4007, 4008, 4009, 4999)
    .map((code) => ({ kind: 'close' as const, code })),
  fc.boolean().map((resumable) => ({ kind: 'invalid' as const, resumable })),
  fc.constantFrom('notJson', 'empty', 'unknownOpcode', 'binary').map((name) => ({ kind: 'malformed' as const, name })),
  fc.boolean().map((fresh) => ({ kind: 'order' as const, fresh })),
);

const story = fc.array(fc.record({ after: fc.integer({ min: 0, max: 20_000 }), mishap }), {
  minLength: 1,
  maxLength: 12,
});

const encoding = fc.constantFrom('json' as const, 'etf' as const);

describe('what has to be delivered', () => {
  it('is all that came of a session before it ended, and not what was under way', async () => {
    const world = memoryWorld({}, { latency: 20 });
    const got = gotBy(world.shard);
    void world.order.start();
    await world.until(() => world.shard.isReady);
    for (let i = 0; i < 3; i += 1) world.gateway.control.dispatch('TYPING_START', {});
    await world.pass(100);
    const { id = '' } = world.shard.session ?? {};
    world.gateway.control.dispatch('TYPING_START', {});
    world.order.reconnect({ fresh: true });
    await world.until(() => !world.shard.isReady);
    await world.until(() => world.shard.isReady);
    expect(dueIn(world)).toMatchObject([
      { id, ended: true, dispatched: [2, 3, 4, 5, 6, 7, 8], sequences: [2, 3, 4, 5, 6, 7] },
      { ended: false },
    ]);
    expect(got.get(id)).toEqual([2, 3, 4, 5, 6, 7]);
  });
});

describe('a shard to which anything happens at any time', () => {
  it('gets every dispatch of every session once and in order, and breaks no rule of the documentation', async () => {
    let [cut, whole] = [0, 0];
    await fc.assert(
      fc.asyncProperty(story, fc.integer({ min: 1, max: 50 }), encoding, async (events, latency, encoding) => {
        const world = memoryWorld({ encoding }, { heartbeatInterval: 10_000, dispatchesPerSecond: 1, latency });
        const got = gotBy(world.shard);
        void world.order.start();
        await world.until(() => world.shard.isReady);
        for (const { after, mishap: what } of events) {
          await world.pass(after);
          happen(what, world.gateway.control, world.order.reconnect);
        }
        world.gateway.control.clearFaults();
        await world.until(() => world.shard.isReady);
        world.gateway.control.configure({ dispatchesPerSecond: 0 });
        await world.pass(700_000); // whatever is still to come
        await world.until(() => world.shard.isReady);
        expect(verdict(world.scene())).toEqual([]);
        const due = dueIn(world);
        expect(new Map(due.map(({ id }) => [id, got.get(id) ?? []]))).toEqual(
          new Map(due.map(({ id, sequences }) => [id, sequences])),
        );
        for (const { ended, dispatched, sequences } of due) {
          expect(sequences).toEqual(dispatched.slice(0, sequences.length));
          if (ended) cut += dispatched.length - sequences.length;
          if (ended) whole += sequences.length;
        }
        const stopped = world.order.stop();
        await world.pass(600);
        await stopped;
        world.gateway.stop();
        await world.pass(10_000);
        expect(world.clock.next).toBeUndefined();
      }),
      { numRuns: 150, seed: 20_261_121 },
    );
    expect([cut > 0, whole > 1_000]).toEqual([true, true]); // the sessions that ended brought something, and not all of it
  });
});

/** The sequences that a shard hands on, by session. */
function gotBy(shard: Shard): ReadonlyMap<string, number[]> {
  const got = new Map<string, number[]>();
  shard.on('dispatch', ({ name, sequence }) => {
    const { id } = shard.session ?? { id: 'none' };
    const sequences = got.get(id) ?? [];
    got.set(id, sequences);
    if (name !== 'READY' && name !== 'RESUMED') sequences.push(Number(sequence));
  });
  return got;
}

/**
 * What has to be delivered of each session: all that the Gateway dispatched in it; of one that ended, what had come, since
 * the rest was under way and nobody can get it any more.
 */
function dueIn({ gateway, scene }: World) {
  const arrived = arrivedIn(scene());
  return gateway.sessions.map(({ sessionId: id, ended, dispatched }) => {
    return { id, ended, dispatched, sequences: ended ? (arrived.get(id) ?? []) : dispatched };
  });
}

/** The dispatches that came in each session while its connection was open, each once: what has to be delivered of it. */
function arrivedIn({ connections }: Scene): ReadonlyMap<string, readonly number[]> {
  const arrived = new Map<string, number[]>();
  for (const { entries } of connections) {
    let session: number[] | undefined;
    for (const { from, kind, payload } of entries) {
      if (kind !== 'message') break; // what follows our close is not looked at, and the Gateway sends nothing after its own
      const { op, t, s, d } = payload ?? {};
      const { session_id: id } = (d ?? {}) as { session_id?: string };
      if ((from === 'client' && op === 6) || (op === 0 && t === 'READY')) {
        session = arrived.get(String(id)) ?? [];
        arrived.set(String(id), session);
      } else if (op === 0 && t !== 'RESUMED' && Number(s) > (session?.at(-1) ?? 0)) session?.push(Number(s));
    }
  }
  return arrived;
}

function happen(what: Mishap, control: Control, reconnect: (options?: { fresh?: boolean }) => void): void {
  switch (what.kind) {
    case 'drop':
      control.dropTcp();
      break;
    case 'reconnect':
      control.requestReconnect();
      break;
    case 'zombie':
      control.injectFault('swallowAcks');
      break;
    case 'heartbeat':
      control.requestHeartbeat();
      break;
    case 'refuseHost':
      control.injectFault('refuseResumeHost');
      break;
    case 'resumeThenDrop':
      control.injectFault('resumeThenDrop');
      break;
    case 'ignoreClose':
      control.injectFault('ignoreClose');
      break;
    case 'silence':
      control.injectFault('goSilent');
      break;
    case 'close':
      control.closeWith(what.code);
      break;
    case 'invalid':
      control.invalidateSession(what.resumable);
      break;
    case 'malformed':
      control.injectFault('malformed', { kind: what.name });
      break;
    case 'order':
      reconnect({ fresh: what.fresh });
      break;
    case 'heal':
      control.clearFaults();
      break;
    case 'wait':
      break;
  }
}
