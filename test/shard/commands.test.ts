import { describe, expect, it } from 'vitest';
import { Opcode } from '../../machines/index.js';
import { checkedCommand, checkedOpcode, encodedCommand, wholePresence } from '../../src/shard/commands.js';
import { failureOf } from '../support/checks.js';
import { ShardBench, textOf } from '../support/shard-bench.js';

const NEUTRAL = { since: null, activities: [], status: 'online', afk: false };

describe('a presence', () => {
  it.each([
    [{}, NEUTRAL],
    [{ status: 'idle' }, { ...NEUTRAL, status: 'idle' }],
    [
      { status: undefined, afk: true },
      { ...NEUTRAL, afk: true },
    ],
    [
      { since: 5, extra: 1 },
      { ...NEUTRAL, since: 5, extra: 1 },
    ],
  ] as const)('%j is completed', (given, whole) => expect(wholePresence(given as never)).toEqual(whole));
});

describe('the opcode of a user', () => {
  it.each([0, 1, 2, 6])("may not be %s, which is the shard's own", (op) => {
    expect(failureOf(() => checkedOpcode(op))).toBe(
      `LocalProtocolError: Nothing was sent: opcode ${op} is the shard's own: the chart says when it is sent`,
    );
  });

  it.each([undefined, null, '3', 1.5, Number.NaN])('must be a whole number, and %s is none', (op) => {
    expect(failureOf(() => checkedOpcode(op))).toContain('an opcode is a whole number, such as Opcode.PresenceUpdate');
  });

  it.each([3, 4, 8, 99])('may be %s', (op) => expect(checkedOpcode(op)).toBe(op));
});

describe('a command', () => {
  it('is as it was given, but for a presence, which is whole', () => {
    const voice = { guild_id: '1', channel_id: null, self_mute: true, self_deaf: true };
    expect(checkedCommand(Opcode.VoiceStateUpdate, voice)).toBe(voice);
    expect(checkedCommand(Opcode.PresenceUpdate, { afk: true })).toEqual({ ...NEUTRAL, afk: true });
  });

  it.each<[number, unknown, string]>([
    [3, { status: 'busy' }, 'Update Presence: status is "busy"; it must be one of'],
    [3, { statos: 'idle' }, 'Update Presence: there is no field statos: write status'],
    ...['activity', 'game', 'games', 'name', 'type'].map((name): [number, object, string] => [
      3,
      { [name]: 'x' },
      `Update Presence: there is no field ${name}: write activities: [{ name: '…', type: 0 }], where 0 is Playing`,
    ]),
    ...['customStatus', 'custom_status', 'state', 'text'].map((name): [number, object, string] => [
      3,
      { [name]: 'x' },
      `Update Presence: there is no field ${name}: write activities: [{ name: 'Custom Status', type: 4, state: '…' }]`,
    ]),
    [3, { idle_since: 5 }, 'Update Presence: there is no field idle_since: write since'],
    [
      3,
      {
        activities: [
          { name: 'x', type: 0 },
          { name: 'y', type: 0, ulr: 'z' },
        ],
      },
      'Update Presence: there is no field activities[1].ulr: write url',
    ],
    [3, null, 'Update Presence: Update Presence is null'],
    [4, { guild_id: '1', self_mute: true, self_deaf: true }, 'Update Voice State: channel_id is missing'],
    [8, { guild_id: 1, query: '', limit: 0 }, 'Request Guild Members: guild_id is the number 1'],
    [2, {}, "opcode 2 is the shard's own"],
    [99, {}, 'opcode 99 is none of the documented commands: send it with sendRaw if that is meant'],
  ])('of opcode %s is refused: %j', (op, data, says) => {
    expect(failureOf(() => checkedCommand(op as 3, data as never))).toContain(
      `LocalProtocolError: Nothing was sent: ${says}`,
    );
  });

  it.each(['json', 'etf'] as const)('that cannot be encoded as %s is refused in words', (encoding) => {
    const round: Record<string, unknown> = {};
    round['self'] = round;
    expect(failureOf(() => encodedCommand(99, round, encoding))).toMatch(
      /^LocalProtocolError: The payload cannot be encoded: ./,
    );
  });
});

describe('send', () => {
  it('sends what is right, and raw what nobody knows', async () => {
    const b = new ShardBench();
    await b.begin();
    b.lines.length = 0;
    await b.shard.send(Opcode.PresenceUpdate, { status: 'idle' });
    await b.shard.sendRaw(99, { any: 'thing' });
    expect(b.lines).toEqual([
      'send 3 {"since":null,"activities":[],"status":"idle","afk":false}',
      'send 99 {"any":"thing"}',
    ]);
  });

  it.each<[string, (b: ShardBench) => Promise<unknown>, string]>([
    ['data that is wrong', ({ shard }) => shard.send(3, { status: 'busy' as never }), 'ERR_COMMAND'],
    ['an opcode of the shard', ({ shard }) => shard.send(2 as never, {} as never), 'ERR_COMMAND'],
    ['the same, raw', ({ shard }) => shard.sendRaw(1, null), 'ERR_COMMAND'],
    ['a bigint', ({ shard }) => shard.sendRaw(99, 1n), 'ERR_COMMAND'],
    ['no data', ({ shard }) => shard.sendRaw(99, undefined), 'ERR_COMMAND'],
    ['too much', ({ shard }) => shard.sendRaw(99, 'x'.repeat(5_000)), 'ERR_PAYLOAD_TOO_LARGE'],
  ])('rejects for %s and sends nothing', async (_, send, code) => {
    const b = new ShardBench();
    await b.begin();
    b.lines.length = 0;
    b.tell('send', send(b));
    await b.pass(0);
    expect(b.lines).toEqual([expect.stringContaining(`send: ${code} `)]);
  });

  it('rejects before the start, raw or not', async () => {
    const { shard } = new ShardBench();
    for (const sending of [shard.send(3, {}), shard.sendRaw(99, null)]) {
      expect(textOf(await sending.catch((error) => error))).toMatch(
        /^ERR_COMMAND_REJECTED .* was not sent: the shard does not run: start it first/,
      );
    }
  });
});
