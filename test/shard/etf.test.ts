/** A shard with `encoding: 'etf'`, and the same without: nobody who listens can tell them apart. */
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { verdict } from '../../src/conformance/rules.js';
import { Opcode } from '../../src/index.js';
import type { Dispatch } from '../../src/shard/index.js';
import { discordEtf } from '../../src/simulator/etf.js';
import { MALFORMED } from '../../src/simulator/malformed.js';
import { decodeEtf } from '../../src/wire/etf/index.js';
import { memoryWorld, type World } from '../support/memory.js';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** A ready shard, and what it hands on. */
async function ready(encoding: 'json' | 'etf'): Promise<{ world: World; got: Dispatch[] }> {
  const world = memoryWorld({ encoding }, { heartbeatInterval: 10_000 });
  const got: Dispatch[] = [];
  world.shard.on('dispatch', (dispatch) => got.push(dispatch));
  ends.push(async () => {
    const stopped = world.shard.stop();
    await world.pass(1_000);
    await stopped;
    world.gateway.stop();
  });
  void world.order.start();
  await world.until(() => world.shard.isReady);
  return { world, got };
}

/** What a bot goes through: dispatches of several shapes, a lost connection, a new session, garbage. */
async function story({ world, got }: { world: World; got: Dispatch[] }): Promise<Dispatch[]> {
  const { control } = world.gateway;
  await world.pass(25_000);
  control.dispatch('MESSAGE_CREATE', { id: '175928847299117063', mentions: [], content: 'héllo 😀', flags: 0 });
  control.dispatch('GUILD_MEMBER_ADD', { guild_id: '41771983423143937', roles: ['41771983423143936'], joined: 1.5 });
  control.dropTcp();
  control.dispatch('TYPING_START', { timestamp: 1_763_730_000, user_id: '80351110224678912', member: null });
  await world.until(() => world.shard.isReady);
  control.invalidateSession(false);
  await world.pass(20_000);
  await world.until(() => world.shard.isReady);
  control.injectFault('malformed', { kind: 'unknownOpcode' });
  control.injectFault('malformed', { kind: 'binary' });
  control.injectFault('malformed', { kind: 'notJson' });
  await world.pass(60_000);
  expect(verdict(world.scene())).toEqual([]);
  return got;
}

describe('a shard that speaks ETF', () => {
  it('hands on what a shard that speaks JSON hands on, through a lost connection and a new session', async () => {
    const [json, etf] = [await story(await ready('json')), await story(await ready('etf'))];
    expect(etf.length).toBeGreaterThan(9);
    expect(etf).toEqual(json);
  });

  it('sends nothing but binary messages with binaries as keys, and says so in the URL', async () => {
    const { world } = await ready('etf');
    await world.shard.send(Opcode.RequestGuildMembers, { guild_id: '41771983423143937', query: '', limit: 0 });
    await world.pass(30_000);
    const [connection] = world.scene().connections;
    expect(new URL(connection?.url ?? '').searchParams.get('encoding')).toBe('etf');
    const sent = world.gateway.log.entries.filter(({ direction, kind }) => direction === 'client' && kind === 'text');
    expect(sent.map(({ payload }) => (payload as { op: number }).op)).toEqual(expect.arrayContaining([2, 8, 1]));
    expect(world.scene().connections).toHaveLength(1); // atoms as keys would have been a 4002
  });

  it('refuses to send what is over 4096 bytes of ETF', async () => {
    const { world } = await ready('etf');
    const query = (length: number) => ({ guild_id: '1', query: 'x'.repeat(length), limit: 0 });
    await expect(world.shard.send(Opcode.RequestGuildMembers, query(4_096))).rejects.toThrow(/over 4096 bytes/);
    await expect(world.shard.send(Opcode.RequestGuildMembers, query(3_900))).resolves.toBe('sent');
  });

  it('says of garbage where it stops being ETF, and stays', async () => {
    const { world } = await ready('etf');
    const problems: unknown[] = [];
    world.shard.on('notice', ({ cause }) => problems.push(cause));
    world.gateway.control.injectFault('malformed', { kind: 'binary' });
    world.gateway.control.injectFault('malformed', { kind: 'notJson' });
    await world.pass(1_000);
    expect(problems).toMatchObject([
      { name: 'malformed', reason: 'not ETF: tag 0, which is unknown, at byte 1' },
      { name: 'malformed', reason: 'a text message on a connection with encoding=etf' },
    ]);
    expect(world.shard.isReady).toBe(true);
  });
});

describe('a payload as Discord writes it in ETF', () => {
  const snowflake = fc
    .bigInt({ min: 4_194_304n * 1000n, max: 2n ** 63n })
    .map(String)
    .filter((id) => id.length >= 15);
  const value: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.string({ unit: 'grapheme' }),
      fc.integer(),
      fc.constantFrom(null, true, false, 0.25),
      fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 4 }),
      fc.array(tie('value'), { maxLength: 3 }),
      tie('object'),
    ),
    object: fc
      .tuple(
        fc.dictionary(
          fc.string({ maxLength: 8 }).filter((key) => !/ids?$/.test(key)),
          tie('value'),
          { maxKeys: 4 },
        ),
        fc.record(
          {
            id: snowflake,
            guild_id: snowflake,
            created_at: fc.constant(1_763_730_000_000),
            role_ids: fc.array(snowflake),
            roles: fc.array(snowflake),
          },
          { requiredKeys: [] },
        ),
      )
      .map(([own, ids]) => ({ ...own, ...ids })),
  })).value;

  it('reads as the same payload in JSON', () => {
    fc.assert(
      fc.property(value, fc.nat(), (d, s) => {
        const payload = JSON.parse(JSON.stringify({ t: 'SOMETHING_NEW', s, op: 0, d }));
        expect(decodeEtf(discordEtf(payload))).toEqual(payload);
      }),
      { numRuns: 500 },
    );
  });

  it('reads as the same payload in JSON, for all that a client must survive', () => {
    let compared = 0;
    for (const { frame } of Object.values(MALFORMED)) {
      const text = frame();
      const payload = typeof text === 'string' ? parsed(text) : null;
      if (payload === null || JSON.stringify(payload) !== text) continue; // 1e999 is no number in ETF
      expect(decodeEtf(discordEtf(payload))).toEqual(payload);
      compared += 1;
    }
    expect(compared).toBeGreaterThan(20);
  });
});

function parsed(text: string): Record<string, unknown> | null {
  try {
    const payload: unknown = JSON.parse(text);
    const isObject = typeof payload === 'object' && payload !== null && !Array.isArray(payload);
    return isObject && text.length < 100_000 ? (payload as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
