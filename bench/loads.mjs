/**
 * What is measured, as tables. A load is a flood of so many dispatches of a blend (payloads.mjs), or so many idle
 * shards. What its reference costs is 1.00; `bar` is what we want to stay within.
 */
import { WANTED } from './payloads.mjs';

const PEERS = ['discord.js', 'discordeno', 'cloudstorm', 'eris', 'oceanic.js'];

export const LOADS = {
  messages: {
    says: '1.2 KB messages, all parsed',
    blend: 'messages',
    count: 60_000,
    clients: ['ws-json', 'gatechart', 'ws-discard', ...PEERS],
    bar: 1.03,
  },
  mix: {
    says: 'mix, all parsed',
    blend: 'mix',
    count: 20_000,
    clients: ['ws-json', 'gatechart', 'ws-discard', ...PEERS],
    bar: 1.03,
  },
  'mix-events': {
    says: 'mix, two event types wanted',
    blend: 'mix',
    count: 20_000,
    clients: ['ws-json', 'gatechart-events', 'ws-discard'],
    bar: 0.4,
  },
  'mix-raw': {
    says: 'mix, raw forwarding',
    blend: 'mix',
    count: 20_000,
    clients: ['ws-json', 'gatechart-raw', 'ws-discard'],
    bar: 0.3,
  },
  'mix-record': {
    says: 'mix, all parsed, recorded',
    blend: 'mix',
    count: 20_000,
    clients: ['gatechart', 'gatechart-record'],
    bar: 1.1,
  },
  'mix-zlib': {
    says: 'mix, zlib-stream, all parsed',
    blend: 'mix',
    count: 20_000,
    compress: 'zlib-stream',
    clients: ['ws-inflate', 'gatechart-compressed', ...PEERS],
    bar: 1.03,
  },
  'mix-zstd': {
    says: 'mix, zstd-stream, all parsed',
    blend: 'mix',
    count: 20_000,
    compress: 'zstd-stream',
    clients: ['ws-inflate', 'gatechart-compressed', 'discordeno', 'oceanic.js'],
    without: { 'discord.js': 'no zstd-stream', cloudstorm: 'no zstd-stream', eris: 'no zstd-stream' },
    bar: 1.03,
    node: { needs: [22, 15], or: 'node@24' },
  },
  'idle-500': {
    says: '500 idle shards',
    shards: 500,
    clients: ['ws-idle', 'gatechart-idle', ...PEERS],
    bar: 12e3,
  },
  'idle-5000': {
    says: '5,000 idle shards',
    shards: 5_000,
    clients: ['ws-idle', 'gatechart-idle', ...PEERS],
  },
};

/** Peak resident memory of ours in a flood, in bytes. */
export const PEAK_BAR = 75e6;

/** `hears` names the events that a client counts, where they are not all; `needs` an option that our version must know. */
export const CLIENTS = {
  'ws-discard': { says: 'bare `ws`, discarding', file: 'clients/ws-discard.mjs' },
  'ws-json': { says: 'bare `ws`, `JSON.parse`', file: 'clients/ws-json.mjs' },
  'ws-inflate': { says: 'bare `ws`, decompression of Node, `JSON.parse`', file: 'clients/ws-inflate.mjs' },
  'ws-idle': { says: 'bare `ws`, heartbeats', file: 'clients/ws-idle.mjs' },

  gatechart: { says: 'gatechart', file: 'clients/gatechart.mjs', isOurs: true },
  'gatechart-events': {
    says: 'gatechart, `events`',
    file: 'clients/gatechart-events.mjs',
    isOurs: true,
    hears: WANTED,
  },
  'gatechart-raw': { says: 'gatechart, `raw`', file: 'clients/gatechart-raw.mjs', isOurs: true },
  'gatechart-record': {
    says: 'gatechart, `record`',
    file: 'clients/gatechart-record.mjs',
    isOurs: true,
    needs: 'record',
  },
  'gatechart-compressed': {
    says: 'gatechart, `compress`',
    file: 'clients/gatechart-compressed.mjs',
    isOurs: true,
    needs: 'compress',
  },
  'gatechart-idle': { says: 'gatechart', file: 'clients/gatechart-idle.mjs', isOurs: true },

  'discord.js': {
    says: '`@discordjs/ws`',
    file: 'peers/discord.js.mjs',
    package: '@discordjs/ws',
    setting: 'one process; zlib-sync where compressed',
  },
  discordeno: {
    says: '`@discordeno/gateway`',
    file: 'peers/discordeno.mjs',
    package: '@discordeno/gateway',
    setting: '`preferSnakeCase`, keys are not renamed',
  },
  cloudstorm: { says: '`cloudstorm`', file: 'peers/cloudstorm.mjs', package: 'cloudstorm', setting: 'JSON' },
  eris: {
    says: '`eris`',
    file: 'peers/eris.mjs',
    package: 'eris',
    setting: '`rawWS`, `disableEvents`; zlib-sync where compressed',
  },
  'oceanic.js': {
    says: '`oceanic.js`',
    file: 'peers/oceanic.mjs',
    package: 'oceanic.js',
    setting: '`packet`, `dispatcher.unregister`; zlib-sync where compressed',
  },
};
