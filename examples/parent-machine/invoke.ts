import { createShardLogic, type ShardOptions } from 'gatechart';
import { setup } from 'xstate';

/** A bot with a switch: while it is `on` it keeps a shard, and knows whether that is online. */
export function switchMachine(options: ShardOptions) {
  return setup({
    types: {} as { events: { type: 'switchOn' } | { type: 'switchOff' }; children: { shard: 'shard' } },
    actors: { shard: createShardLogic(options) },
  }).createMachine({
    id: 'bot',
    initial: 'off',
    states: {
      off: { on: { switchOn: 'on' } },
      on: {
        invoke: {
          id: 'shard',
          src: 'shard',
          onSnapshot: [
            { guard: ({ event }) => event.snapshot.matches('failed'), target: 'refused' },
            { guard: ({ event }) => event.snapshot.hasTag('streaming'), target: '.online' },
            { target: '.offline' },
          ],
        },
        on: { switchOff: 'off' },
        initial: 'offline',
        states: { offline: {}, online: {} },
      },
      refused: { on: { switchOn: 'on' } },
    },
  });
}
