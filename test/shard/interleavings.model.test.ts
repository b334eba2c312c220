import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verdict } from '../../src/conformance/rules.js';
import type { Control } from '../../src/simulator/control.js';
import { memoryWorld } from '../support/memory.js';

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

describe('a shard to which anything happens at any time', () => {
  it('gets every dispatch of every session once and in order, and breaks no rule of the documentation', async () => {
    await fc.assert(
      fc.asyncProperty(story, fc.integer({ min: 1, max: 50 }), encoding, async (events, latency, encoding) => {
        const world = memoryWorld({ encoding }, { heartbeatInterval: 10_000, dispatchesPerSecond: 1, latency });
        const got = new Map<string, number[]>();
        world.shard.on('dispatch', ({ name, sequence }) => {
          const { id } = world.shard.session ?? { id: 'none' };
          const sequences = got.get(id) ?? [];
          got.set(id, sequences);
          if (name !== 'READY' && name !== 'RESUMED') sequences.push(Number(sequence));
        });
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
        for (const { sessionId, ended, dispatched } of world.gateway.sessions) {
          const sequences = got.get(sessionId) ?? [];
          // A session that ended may have had dispatches under way that nobody can get any more.
          expect(sequences).toEqual(ended ? dispatched.slice(0, sequences.length) : dispatched);
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
  });
});

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
