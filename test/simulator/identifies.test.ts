import { describe, expect, it } from 'vitest';
import { FAULTLESS } from '../../machines/gateway/laws/identify-facts.js';
import { simulatedClock } from '../../src/ports/clock.js';
import { Identifies, shardFrom } from '../../src/simulator/identifies.js';
import { type GatewayOptions, profileFrom } from '../../src/simulator/options.js';
import { MAIN } from './client.js';
import { inMemory } from './in-memory.js';

const DAY = 24 * 60 * 60 * 1000;

/** Judges an Identify that is good but for what is given. */
function judging(options: GatewayOptions = {}) {
  const clock = simulatedClock();
  let profile = profileFrom({ token: 'T', ...options });
  const identifies = new Identifies(clock, () => profile);
  return {
    clock,
    identifies,
    configure(changes: GatewayOptions) {
      profile = profileFrom(changes, profile);
    },
    check: (changes: object = {}, version: string | null = '10') =>
      identifies.check({ token: 'T', intents: 513, shard: [0, 1], compress: false, ...changes }, version),
  };
}

describe('shardFrom', () => {
  it.each([
    [
      [0, 1],
      [0, 1],
    ],
    [
      [4, 5],
      [4, 5],
    ],
    [undefined, [0, 1]],
    [null, [0, 1]],
    [[1, 1], null],
    [[-1, 1], null],
    [[0, 0], null],
    [[0], null],
    [[0, 1, 2], null],
    [[], null],
    [['0', '1'], null],
    [[0.5, 1], null],
    [[0, 2 ** 53], null],
    ['0,1', null],
    [{ 0: 0, 1: 1, length: 2 }, null],
  ])('makes %o %o', (shard, tuple) => {
    expect(shardFrom(shard)).toEqual(tuple);
  });
});

describe('Identifies.check', () => {
  it('finds nothing wrong with an Identify that is good', () => {
    expect(judging().check()).toEqual(FAULTLESS);
  });

  it.each([
    ['a wrong token', { token: 'wrong' }, { tokenMatches: false }],
    ['no token', { token: undefined }, { tokenMatches: false }],
    ['a shard beyond the count', { shard: [1, 1] }, { shardValid: false }],
    ['intents that are text', { intents: '513' }, { intentsValid: false }],
    ['no intents', { intents: undefined }, { intentsValid: false }],
    ['negative intents', { intents: -1 }, { intentsValid: false }],
    ['a fraction as intents', { intents: 0.5 }, { intentsValid: false }],
    ['an intent for users only', { intents: 1 << 17 }, { intentsValid: false }],
    ['an intent above the highest', { intents: 1 << 26 }, { intentsValid: false }],
    ['an intent beyond 32 bits', { intents: 2 ** 32 }, { intentsValid: false }],
    [
      'several flaws',
      { token: 'wrong', shard: [0], intents: -1 },
      { tokenMatches: false, shardValid: false, intentsValid: false },
    ],
  ])('finds %s', (_, changes, facts) => {
    expect(judging().check(changes)).toEqual({ ...FAULTLESS, ...facts });
  });

  it.each([
    ['no intents at all', 0],
    ['every intent there is', 53_608_447],
  ])('takes %s', (_, intents) => {
    expect(judging().check({ intents })).toEqual(FAULTLESS);
  });

  it.each([
    ['GUILD_MEMBERS', 1 << 1],
    ['GUILD_PRESENCES', 1 << 8],
    ['MESSAGE_CONTENT', 1 << 15],
  ])('does not allow a privileged intent that is not enabled: %s', (_, intents) => {
    expect(judging({ intents: 0 }).check({ intents })).toEqual({ ...FAULTLESS, intentsAllowed: false });
    expect(judging({ intents }).check({ intents })).toEqual(FAULTLESS);
  });

  it('allows every intent that is not privileged, enabled or not', () => {
    expect(judging({ intents: 0 }).check({ intents: 53_575_421 })).toEqual(FAULTLESS);
  });

  it.each([
    ['10', true],
    ['9', true],
    ['6', true],
    [null, true],
    ['5', false],
    ['3', false],
    ['11', false],
    ['', false],
    ['10.0', false],
    ['toString', false],
  ])('takes the versions that Discord has not discontinued: %o', (version, versionValid) => {
    expect(judging().check({}, version)).toEqual({ ...FAULTLESS, versionValid });
  });

  it.each([
    [2_500, [0, 1], false],
    [2_501, [0, 1], true],
    [5_000, [0, 2], false],
    [5_001, [0, 2], true],
  ])('requires more shards for %d guilds on shard %o: %o', (guilds, shard, shardingRequired) => {
    expect(judging({ guilds }).check({ shard })).toEqual({ ...FAULTLESS, shardingRequired });
  });
});

describe('the token', () => {
  it.each([
    ['T', true],
    ['Bot T', true],
    ['Bearer T', false],
    ['t', false],
    ['', false],
    [undefined, false],
  ])('%o is right: %o', (token, isRight) => {
    expect(judging().identifies.isRightToken(token)).toBe(isRight);
  });

  it('is right with Bot before it in the options too', () => {
    const { identifies } = judging({ token: 'Bot T' });
    expect([identifies.isRightToken('T'), identifies.isRightToken('Bot T')]).toEqual([true, true]);
  });

  it('is right whatever it is where none is set', () => {
    const identifies = new Identifies(simulatedClock(), () => profileFrom({}));
    expect([identifies.isRightToken('anything'), identifies.isRightToken(undefined)]).toEqual([true, true]);
  });
});

describe('lanes', () => {
  it('permit one Identify in 5 s, less 0.1 s for timers that are not exact', () => {
    const { clock, check } = judging();
    const permitted = [0, 0, 4_899, 1, 0, 4_900].map((ms) => {
      clock.increment(ms);
      return check().permitted;
    });
    expect(permitted).toEqual([true, false, false, true, false, true]);
  });

  it('are as many as max_concurrency, by the id of the shard', () => {
    const { check } = judging({ maxConcurrency: 3 });
    const permitted = [0, 1, 2, 3, 5, 4].map((id) => check({ shard: [id, 6] }).permitted);
    expect(permitted).toEqual([true, true, true, false, false, false]);
  });

  it('are not taken by an Identify that is refused for another reason', () => {
    const { check } = judging({ intents: 0, guilds: 2_501 });
    check({ token: 'wrong', shard: [0, 2] });
    check({ shard: [0, 2], intents: 1 << 1 });
    check({ shard: [0, 2], intents: -1 });
    check({ shard: [2, 2] });
    check({ shard: [0, 1] });
    check({ shard: [0, 2] }, '5');
    expect(check({ shard: [0, 2] }).permitted).toBe(true);
  });

  it('are as wide as the limit says', () => {
    const { check } = judging({ limits: { identifyWindowMs: 0 } });
    expect([check().permitted, check().permitted]).toEqual([true, true]);
  });
});

describe('identifies of a day', () => {
  const lanes = { limits: { identifyWindowMs: 0 } };

  it('are counted, whatever is wrong with them but the token', () => {
    const { identifies, check } = judging({ ...lanes, identifiesPerDay: 5 });
    check();
    check({ shard: [1, 1] });
    check({ token: 'wrong' });
    expect(identifies.limit()).toEqual({ total: 5, remaining: 3, reset_after: DAY, max_concurrency: 1 });
  });

  it('reset the token with the first one too many', () => {
    const { identifies, check } = judging({ ...lanes, identifiesPerDay: 2 });
    const matches = [1, 2, 3, 4].map(() => check().tokenMatches);
    expect([matches, identifies.tokenReset]).toEqual([[true, true, false, false], true]);
    expect([identifies.isRightToken('T'), identifies.limit().remaining]).toEqual([false, 0]);
  });

  it('are all there again after a day, and the token is not', () => {
    const { clock, identifies, check } = judging({ ...lanes, identifiesPerDay: 1 });
    check();
    clock.increment(DAY - 1);
    expect(identifies.limit()).toMatchObject({ remaining: 0, reset_after: 1 });
    check();
    clock.increment(1);
    expect(identifies.limit()).toMatchObject({ remaining: 1, reset_after: DAY });
    expect([identifies.tokenReset, check().tokenMatches]).toEqual([true, false]);
  });

  it('are renewed at the same time of each day, however many have passed', () => {
    const { clock, identifies, check } = judging({ ...lanes, identifiesPerDay: 2 });
    clock.increment(2.25 * DAY);
    check();
    expect(identifies.limit()).toMatchObject({ remaining: 1, reset_after: 0.75 * DAY });
  });

  it('have the total that is configured now', () => {
    const { identifies, configure, check } = judging(lanes);
    check();
    configure({ identifiesPerDay: 10, maxConcurrency: 16 });
    expect(identifies.limit()).toEqual({ total: 10, remaining: 9, reset_after: DAY, max_concurrency: 16 });
  });
});

describe('Identify over a connection', () => {
  it.each([
    ['a wrong token', { token: 'wrong' }, 4004],
    ['a shard beyond the count', { shard: [1, 1] }, 4010],
    ['a shard that is no pair', { shard: [0] }, 4010],
    ['an intent that does not exist', { intents: 1 << 30 }, 4013],
    ['intents that are no number', { intents: 'GUILDS' }, 4013],
    ['a privileged intent that is not enabled', { intents: 1 << 15 }, 4014],
  ] as const)('with %s is refused', (_, changes, code) => {
    const { open, pass } = inMemory({ intents: ['GUILDS', 'GUILD_MESSAGES'] });
    const client = open();
    client.identify(changes);
    pass();
    expect(client.end).toMatchObject({ code, wasClean: true });
  });

  it('takes the token with and without Bot before it', () => {
    const { open, pass } = inMemory();
    const client = open();
    client.identify({ token: 'Bot T' });
    pass();
    expect(client.news()).toEqual(['op 10', 'READY 1']);
  });

  it.each([
    ['5', 4012],
    ['11', 4012],
    ['x', 4012],
  ])('at version %s is refused', (version, code) => {
    const { open, pass } = inMemory();
    const client = open(MAIN.replace('v=10', `v=${version}`));
    client.identify();
    pass();
    expect(client.end?.code).toBe(code);
  });

  it('needs shards where one would hold more than 2500 guilds', () => {
    const { open, pass } = inMemory({ guilds: 2501 });
    const client = open();
    client.identify();
    pass();
    expect(client.end?.code).toBe(4011);
    const other = open();
    other.identify({ shard: [0, 2], intents: 0 });
    pass();
    expect(other.end).toBeNull();
    expect(other.payloads[1]?.d).toMatchObject({ guilds: { length: 1251 } });
  });

  it('is permitted once per 5 s and lane, and a resume at any time', () => {
    const { open, pass, live, resume } = inMemory({ maxConcurrency: 2 });
    const first = live();
    const identify = (id: number) => {
      const client = open();
      client.identify({ shard: [id, 4] });
      pass();
      return client.news().at(-1);
    };
    expect([identify(1), identify(2), identify(3)]).toEqual(['READY 1', 'op 9 false', 'op 9 false']);
    expect(resume(first, 1).news().at(-1)).toBe('RESUMED 2');
    pass(5_000);
    expect([identify(2), identify(3)]).toEqual(['READY 1', 'READY 1']);
  });

  it("beyond the day's limit resets the token and ends every session", async () => {
    const { live, open, pass, control, gateway, clock } = inMemory({ identifiesPerDay: 1 });
    const client = live();
    expect(control.state().identifies).toEqual({ total: 1, remaining: 0 });
    const other = open();
    other.identify();
    pass();
    expect([client.end?.code, other.end?.code]).toEqual([4004, 4004]);
    expect(control.state()).toMatchObject({ tokenReset: true, sessions: [{ ended: true }] });
    pass(24 * 3_600_000);
    const info = gateway.locator.locate({ signal: new AbortController().signal });
    clock.increment(1);
    expect((await info).sessionStartLimit).toMatchObject({ total: 1, remaining: 1 });
  });

  it('is accepted with the largest shard count there can be', () => {
    const { open, pass } = inMemory({ guilds: undefined as never });
    const client = open();
    client.identify({ shard: [4_000_000_000, Number.MAX_SAFE_INTEGER] });
    pass();
    expect(client.news()).toContain('READY 1');
  });
});
