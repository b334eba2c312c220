import { createShardLogic, type ShardOptions } from 'gatechart';
import { assign, setup, stopChild } from 'xstate';

/** A bot that counts the messages it sees: its shard is spawned, and what that emits becomes events of the machine. */
export function counterMachine(options: ShardOptions) {
  return setup({
    types: {} as { context: { messages: number }; events: { type: 'message' } | { type: 'quit' } },
    actors: { shard: createShardLogic(options) },
    actions: { count: assign({ messages: ({ context }) => context.messages + 1 }) },
  }).createMachine({
    context: ({ spawn, self }) => {
      const shard = spawn('shard', { id: 'shard' });
      shard.on('MESSAGE_CREATE', () => self.send({ type: 'message' }));
      return { messages: 0 };
    },
    initial: 'counting',
    states: {
      counting: { on: { message: { actions: 'count' }, quit: 'resting' } },
      resting: { entry: stopChild('shard') },
    },
  });
}
