import { describe, expect, it } from 'vitest';
import { isPort } from '../../machines/kit/shape.js';
import type { MemoryGatewayOptions } from '../../src/simulator/index.js';
import { checkOptions, type GatewayOptions, profileFrom } from '../../src/simulator/options.js';
import { inMemory } from './in-memory.js';

const DEFAULTS = {
  token: null,
  intents: 53_608_447,
  shards: 1,
  maxConcurrency: 1,
  identifiesPerDay: 1_000,
  guilds: null,
  dispatchesPerSecond: 0,
  partBytes: Number.MAX_SAFE_INTEGER,
  settings: {
    heartbeatInterval: 41_250,
    heartbeatGrace: 1.5,
    missedHeartbeatCode: 1000,
    helloDelay: 0,
    readyDelay: 0,
    replayDelay: 0,
    replayBatch: 100,
    replayBuffer: 1_000,
    sessionRetention: 180_000,
    reconnectGrace: 5_000,
    closeGrace: 5_000,
  },
  limits: {
    sends: { count: 120, windowMs: 60_000 },
    payloadBytes: 4096,
    identifyWindowMs: 5_000,
    guildsPerShard: 2_500,
  },
};

describe('profileFrom', () => {
  it('fills in what Discord documents, and lets any token be right', () => {
    expect(profileFrom({})).toEqual(DEFAULTS);
  });

  it('takes every option', () => {
    const options = {
      token: 'secret',
      shards: 2,
      maxConcurrency: 16,
      identifiesPerDay: 0,
      guilds: 0,
      dispatchesPerSecond: 0.5,
      partBytes: 1,
    };
    expect(profileFrom(options)).toEqual({ ...DEFAULTS, ...options });
  });

  it.each([
    [['GUILDS', 'GUILD_MESSAGES'], 513],
    [[], 0],
    [513, 513],
  ] as const)('takes the intents %o as bits', (intents, bits) => {
    expect(profileFrom({ intents }).intents).toBe(bits);
  });

  it('changes the settings and limits that are given, and no others', () => {
    const limits = { payloadBytes: 1 };
    expect(profileFrom({ settings: { helloDelay: 7 }, limits })).toEqual({
      ...DEFAULTS,
      settings: { ...DEFAULTS.settings, helloDelay: 7 },
      limits: { ...DEFAULTS.limits, payloadBytes: 1 },
    });
  });

  it('takes the heartbeat interval as a setting too, and prefers the option', () => {
    const settings = { heartbeatInterval: 2_000 };
    expect(profileFrom({ settings }).settings.heartbeatInterval).toBe(2_000);
    expect(profileFrom({ settings, heartbeatInterval: 3_000 }).settings.heartbeatInterval).toBe(3_000);
  });

  it('keeps what a profile had before, and leaves that profile as it was', () => {
    const before = profileFrom({
      token: 'secret',
      guilds: 5,
      settings: { helloDelay: 7 },
      limits: { payloadBytes: 1 },
    });
    const after = profileFrom({ guilds: 6, settings: { readyDelay: 8 }, limits: { guildsPerShard: 2 } }, before);
    expect(after).toEqual({
      ...DEFAULTS,
      token: 'secret',
      guilds: 6,
      settings: { ...DEFAULTS.settings, helloDelay: 7, readyDelay: 8 },
      limits: { ...DEFAULTS.limits, payloadBytes: 1, guildsPerShard: 2 },
    });
    expect([before.guilds, before.settings.readyDelay, before.limits.guildsPerShard]).toEqual([5, 0, 2_500]);
  });

  it('leaves the defaults as they were', () => {
    profileFrom({ token: 'secret', settings: { helloDelay: 7 }, limits: { payloadBytes: 1 } });
    expect(profileFrom({})).toEqual(DEFAULTS);
  });
});

describe('an option that makes no sense', () => {
  it('is named where it is a setting that does not exist', () => {
    expect(() => profileFrom({ settings: { heloDelay: 5 } as never })).toThrow(
      /^there is no settings.heloDelay: there are heartbeatInterval, .*helloDelay/,
    );
  });

  it.each([
    [{ heartbeatInterval: 0 }, 'heartbeatInterval is 0; it must be a number of at least 1'],
    [{ settings: { heartbeatInterval: 0.5 } }, 'heartbeatInterval is 0.5; it must be a number of at least 1'],
    [{ settings: { helloDelay: -1 } }, 'settings.helloDelay is -1; it must be a number of at least 0'],
    [{ settings: { readyDelay: 'soon' } }, 'settings.readyDelay is soon; it must be a number of at least 0'],
    [{ settings: { replayBatch: 0 } }, 'settings.replayBatch is 0; it must be a number of at least 1'],
    [{ settings: { replayBuffer: 0 } }, 'settings.replayBuffer is 0; it must be a number of at least 1'],
    [{ settings: { missedHeartbeatCode: 1006 } }, 'settings.missedHeartbeatCode is 1006: no close frame can hold that'],
    [{ limits: { sends: { count: 0, windowMs: 1 } } }, 'limits.sends.count is 0; it must be a number of at least 1'],
    [
      { limits: { sends: { count: 1, windowMs: -1 } } },
      'limits.sends.windowMs is -1; it must be a number of at least 0',
    ],
    [{ limits: { payloadBytes: 0 } }, 'limits.payloadBytes is 0; it must be a number of at least 1'],
    [{ limits: { identifyWindowMs: -1 } }, 'limits.identifyWindowMs is -1; it must be a number of at least 0'],
    [{ limits: { guildsPerShard: 0 } }, 'limits.guildsPerShard is 0; it must be a number of at least 1'],
    [{ shards: 0 }, 'shards is 0; it must be a number of at least 1'],
    [{ shards: 1.5 }, 'shards is 1.5; it must be a whole number'],
    [{ maxConcurrency: 1.5 }, 'maxConcurrency is 1.5; it must be a whole number'],
    [{ identifiesPerDay: 1.5 }, 'identifiesPerDay is 1.5; it must be a whole number'],
    [{ guilds: 1.5 }, 'guilds is 1.5; it must be a whole number'],
    [{ partBytes: 1.5 }, 'partBytes is 1.5; it must be a whole number'],
    [{ settings: { replayBatch: 1.5 } }, 'settings.replayBatch is 1.5; it must be a whole number'],
    [{ settings: { replayBuffer: 1.5 } }, 'settings.replayBuffer is 1.5; it must be a whole number'],
    [{ limits: { payloadBytes: 1.5 } }, 'limits.payloadBytes is 1.5; it must be a whole number'],
    [{ limits: { guildsPerShard: 1.5 } }, 'limits.guildsPerShard is 1.5; it must be a whole number'],
    [{ limits: { sends: { count: 1.5, windowMs: 1 } } }, 'limits.sends.count is 1.5; it must be a whole number'],
    [
      { limits: { payload: 1 } },
      'there is no limits.payload: there are sends, payloadBytes, identifyWindowMs, guildsPerShard',
    ],
    [
      { limits: { sends: { count: 1, windowMs: 1, window: 1 } } },
      'there is no limits.sends.window: there are count, windowMs',
    ],
    [{ maxConcurrency: Number.NaN }, 'maxConcurrency is NaN; it must be a number of at least 1'],
    [{ identifiesPerDay: -1 }, 'identifiesPerDay is -1; it must be a number of at least 0'],
    [{ guilds: -1 }, 'guilds is -1; it must be a number of at least 0'],
    [{ guilds: Number.POSITIVE_INFINITY }, 'guilds is Infinity; it must be a number of at least 0'],
    [{ dispatchesPerSecond: -1 }, 'dispatchesPerSecond is -1; it must be a number of at least 0'],
    [{ partBytes: 0 }, 'partBytes is 0; it must be a number of at least 1'],
    [{ token: '' }, 'token must be a text'],
    [{ token: 7 }, 'token must be a text'],
  ])('is named: %o', (options, message) => {
    expect(() => profileFrom(options as unknown as GatewayOptions)).toThrow(new RangeError(message));
  });

  it('is named where it is an intent that does not exist', () => {
    expect(() => profileFrom({ intents: 1 << 30 })).toThrow(/no intent has bit 30/);
  });

  it.each([
    { heartbeatInterval: 0 },
    { settings: { missedHeartbeatCode: 1006 } },
    { settings: { replayBuffer: 0 } },
    { maxConcurrency: Number.NaN },
    { dispatchesPerSecond: -1 },
    { limits: { payloadBytes: 'many' as never } },
    { limits: { sends: 5 as never } },
    { shards: 0 },
  ] as Partial<MemoryGatewayOptions>[])('keeps a Gateway from being made: %o', (options) => {
    expect(() => inMemory(options)).toThrow(RangeError);
  });
});

describe('options of a simulator', () => {
  it.each([
    [4000, 'the argument is 4000; it must be an object'],
    [null, 'the argument is null; it must be an object'],
    [{ prot: 1 }, 'there is no option prot: write port'],
    [{ heartbeat: 500 }, 'there is no option heartbeat; there are token,'],
    [{ port: 'abc' }, "port is 'abc'; it must be a whole number from 0 to 65535"],
    [{ settings: 5 }, 'settings is 5; it must be an object'],
    [{ limits: null }, 'limits is null; it must be an object'],
    [{ seed: 'x' }, "seed is 'x'; it must be a number"],
    [{ log: 'all' }, "log is 'all'; it must be a number of entries"],
    [{ inspect: 5 }, 'inspect is 5; it must be a function or an observer with next()'],
    [
      { record: 'trace.jsonl' },
      'record is a string; it must be a function that takes lines, an object with write(), or',
    ],
    [{ onCause: 5 }, 'onCause is 5; it must be a function'],
    [{ recordDispatches: 'x' }, "recordDispatches is 'x'; it must be true or false"],
  ])('are refused in words: %j', (options, says) => {
    expect(() => checkOptions(options as never, { port: isPort })).toThrow(says);
  });

  it('have limits that are objects', () => {
    expect(() => profileFrom({ limits: { sends: null as never } })).toThrow(
      'limits.sends is null; it must be an object',
    );
  });
});
