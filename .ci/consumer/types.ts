/** What .ci/check-package.mjs compiles, with declarations: each export is inferred, and has to be named in the .d.ts file. */
import { type APIUser, createShard, createShardLogic, Opcode, type Shard } from 'gatechart';
import { shardMachine } from 'gatechart/machines';
import { createActor } from 'xstate';

export const shard = createShard({ token: 'token', intents: ['GUILDS', 'GUILD_MESSAGES'] });
export const narrow = createShard({ token: 'token', events: ['MESSAGE_CREATE', 'INTERACTION_CREATE'] });
export const actor = createActor(createShardLogic({ token: 'token', intents: ['GUILDS'] }));
export const snapshot = actor.getSnapshot();
export const machine = shardMachine.provide({});
export const guilds = shard.dispatches('GUILD_CREATE');
export const firstOf = async () => {
  for await (const { data } of narrow.dispatches('MESSAGE_CREATE'))
    return { data, author: data.author, embeds: data.embeds };
  return undefined;
};
export const interaction = async () => {
  for await (const each of narrow) return each;
  return undefined;
};
export const named: Shard<'MESSAGE_CREATE'> = createShard({ token: 'token', events: ['MESSAGE_CREATE'] });
export const sent = shard.send(Opcode.RequestGuildMembers, { guild_id: '1', query: '', limit: 0 });
shard.on('MESSAGE_CREATE', (message, { sequence }) => {
  const [author, number]: [APIUser, number | null] = [message.author, sequence];
  // @ts-expect-error no such field
  message.nonsense;
  return [author, number];
});
shard.on('transition', ({ to, cause }) => `${to.length} ${cause.name}`);
// @ts-expect-error no such event
narrow.on('GUILD_CREATE', () => {});
// @ts-expect-error cannot arrive under these intents
createShard({ token: 'token', events: ['MESSAGE_CREATE'], intents: ['GUILDS'] });
// @ts-expect-error no such intent
createShard({ token: 'token', intents: ['GUILD'] });
