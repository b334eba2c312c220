import { dispatchNames, intents, shardId } from '../arguments.js';
import { choice, command, examples, flag, type OptionsOf, parsed, parsedOr, text } from '../command.js';
import { json, record, verbose, WATCHING } from '../shared-options.js';

export const RUN = command({
  name: 'run',
  summary: 'run a shard and tell what it does',
  description:
    'Runs one shard against Discord, or any Gateway, until interrupted, and tells each step with its reason. ' +
    'The token comes from the environment variable DISCORD_TOKEN alone.',
  options: {
    url: text('--url <url>', 'a Gateway to connect to, instead of asking Discord which'),
    restUrl: text('--rest-url <url>', "the root of the HTTP API, instead of Discord's"),
    allowInsecure: flag('--allow-insecure', 'allow ws: beyond this machine: the token then travels unencrypted'),
    intents: parsedOr('--intents <names>', 'names of intents, with commas between', intents, ['GUILDS']),
    shard: parsedOr('--shard <id,count>', 'which shard of how many', shardId, [0, 1]),
    events: parsed('--events <names>', 'tell only of these dispatches', dispatchNames),
    encoding: choice('--encoding <name>', 'how payloads are written', ['json', 'etf']),
    compress: choice('--compress <how>', 'let the Gateway compress', ['zlib-stream', 'zstd-stream', 'payload']),
    resume: text('--resume <file>', 'resume the session kept in this file, if there is one'),
    detach: flag('--detach', 'when interrupted keep the session in the file of --resume, instead of ending it'),
    verbose: verbose('tell every heartbeat and dispatch, and the clause behind each step'),
    ...WATCHING,
    record,
    json,
  },
  epilog: examples(
    'DISCORD_TOKEN=… gatechart run --intents GUILDS,GUILD_MESSAGES',
    'DISCORD_TOKEN=… gatechart run --resume session.json --detach',
    'DISCORD_TOKEN=simulated gatechart run --url ws://127.0.0.1:4000',
  ),
});

/** Options of `gatechart run`. */
export type RunOptions = OptionsOf<typeof RUN.options>;
