/**
 * The tables of machines/protocol against documented.json, a transcription of Discord's documentation made apart from them.
 * Both directions: every documented row is in our table, and our table has no row more, but for those marked as our own.
 */
import { describe, expect, it } from 'vitest';
import * as protocol from '../../machines/protocol/index.js';
import documented from './documented.json' with { type: 'json' };

const numbers = (table: object) => Object.keys(table).map(Number);
const ascending = (list: readonly number[]) => [...list].sort((a, b) => a - b);

describe('Gateway Opcodes', () => {
  const rows = documented.opcodes as [number, string, keyof typeof protocol.Opcode, string][];

  it('are all there, and no other', () => {
    expect(numbers(protocol.OPCODES)).toEqual(ascending(rows.map(([code]) => code)));
    expect(Object.entries(protocol.Opcode)).toEqual(rows.map(([code, , key]) => [key, code]));
  });

  it.each(rows)('%i %s is spelled %s in code, and its direction is: %s', (code, name, key, direction) => {
    expect(protocol.Opcode[key]).toBe(code);
    expect(protocol.OPCODES[protocol.Opcode[key]]).toMatchObject({ name, direction });
    expect(protocol.isOpcode(code)).toBe(true);
  });

  it('of other numbers are none', () => {
    for (const other of [5, 12, 36, 40, -1, 0.5, Number.NaN, '1', null]) expect(protocol.isOpcode(other)).toBe(false);
  });
});

describe('Gateway Close Event Codes', () => {
  const rows = documented.closeCodes as [number, string, 'reconnect' | 'stop', protocol.CloseCode['recovery']][];
  const others = documented.otherCloseCodes.filter(([code]) => code !== 'unknown') as [number, string, string][];

  it.each(rows)('%i %s: the documentation says %s, we %s', (code, name, docs, recovery) => {
    const row = protocol.closeCode(code);
    expect(row).toMatchObject({ name, recovery, documented: true });
    expect(row.recovery === 'stop').toBe(docs === 'stop');
  });

  it('have no row in 4000-4999 that is neither documented nor marked', () => {
    const own = numbers(protocol.CLOSE_CODES).filter((code) => code >= 4000);
    const marked = own.filter((code) => !protocol.closeCode(code).documented);
    expect(marked).toEqual([4006]);
    expect(own.filter((code) => !marked.includes(code))).toEqual(rows.map(([code]) => code));
  });

  it.each(others)('%i is %s and leads to: %s', (code, status, recovery) => {
    expect(protocol.closeCode(code)).toMatchObject({ recovery, documented: status === 'documented' });
  });

  it('let every WebSocket code from 1000 to 1015 be resumed', () => {
    const websocket = numbers(protocol.CLOSE_CODES).filter((code) => code < 4000);
    expect(websocket).toEqual(Array.from({ length: 16 }, (_, i) => 1000 + i));
    for (const code of websocket) expect(protocol.closeCode(code).recovery).toBe('resume');
  });

  it('allow one resume after 1000 and 4001, a cool-down after 4008 and a back-off after 4005', () => {
    const once = numbers(protocol.CLOSE_CODES).filter((code) => protocol.closeCode(code).attempts === 1);
    expect(once).toEqual([1000, 4001]);
    expect(protocol.closeCode(4008).wait).toBe('cooldown');
    expect(protocol.closeCode(4005).wait).toBe('backoff');
  });

  it.each([999, 1016, 3000, 4015, 4016, 4900, -1, Number.NaN])('lead to a resume for the unknown code %d', (code) => {
    expect(protocol.closeCode(code)).toMatchObject({ recovery: 'resume', documented: false });
  });

  it('are told to people as a clause that fits behind a colon', () => {
    for (const code of numbers(protocol.CLOSE_CODES))
      expect(protocol.closeCode(code).says).toMatch(/^(?!.*\.$)\S.{10,}/);
  });
});

describe('closing from our side', () => {
  it.each(documented.clientCloseCodes as [number, 'ends' | 'stays'][])('with %i: the session %s', (code, session) => {
    expect(protocol.clientCloseCode(code).session).toBe(session);
  });

  it('ends the session with 1000 and 1001 only', () => {
    const ending = Array.from({ length: 5000 }, (_, code) => code).filter(
      (code) => protocol.clientCloseCode(code).session === 'ends',
    );
    expect(ending).toEqual([1000, 1001]);
  });

  it('marks as portable what the standard WebSocket takes: 1000 and 3000-4999', () => {
    const portable = [1000, 1001, 1002, 1012, 2999, 3000, 4900, 4999, 5000].filter(
      (code) => protocol.clientCloseCode(code).portable,
    );
    expect(portable).toEqual([1000, 3000, 4900, 4999]);
  });
});

describe('List of Intents', () => {
  it('is complete, in order, and has no other', () => {
    expect(Object.keys(protocol.INTENTS)).toEqual(documented.intents.map(({ name }) => name));
    expect(protocol.INTENT_NAMES).toEqual(documented.intents.map(({ name }) => name));
  });

  it.each(documented.intents)('$name is bit $bit, privileged: $privileged', (row) => {
    const ours = protocol.INTENTS[row.name as protocol.IntentName];
    expect(ours).toMatchObject({ bit: row.bit, privileged: row.privileged, formerly: row.formerly });
    expect(protocol.Intents[row.name as protocol.IntentName]).toBe(row.value);
    expect([...ours.guild]).toEqual(row.scope === 'guild' ? row.events : []);
    expect([...ours.direct]).toEqual(row.scope === 'dm' ? row.events : []);
  });

  it('adds up to the documented masks', () => {
    expect(protocol.ALL_INTENTS).toBe(documented.masks.all);
    expect(protocol.PRIVILEGED_INTENTS).toBe(documented.masks.privileged);
    expect(protocol.UNPRIVILEGED_INTENTS).toBe(documented.masks.nonPrivileged);
  });
});

describe('Receive Events', () => {
  const rows = Object.entries(documented.events) as [protocol.DispatchEventName, protocol.EventRow][];

  it('are the 79 documented ones, and no other', () => {
    expect([...protocol.DISPATCH_EVENTS].sort()).toEqual(rows.map(([name]) => name).sort());
    expect(Object.keys(protocol.EVENTS).sort()).toEqual(rows.map(([name]) => name).sort());
    expect(rows).toHaveLength(79);
  });

  it.each(rows)('%s comes with its intents, in guilds and in direct messages', (name, intents) => {
    expect(protocol.EVENTS[name]).toEqual(intents);
    expect(protocol.isDispatchEvent(name)).toBe(true);
  });

  it('are 16 that need no intent', () => {
    expect([...protocol.EVENTS_WITHOUT_INTENT].sort()).toEqual([...documented.eventsWithoutIntent].sort());
    expect(documented.eventsWithoutIntent).toHaveLength(16);
  });

  it('leave out what has an opcode of its own and what is not documented', () => {
    for (const name of ['HELLO', 'RECONNECT', 'INVALID_SESSION', 'PRESENCES_REPLACE', 'toString']) {
      expect(protocol.isDispatchEvent(name)).toBe(false);
    }
  });
});

describe('Send Events', () => {
  interface DocumentedField {
    type: string;
    required: boolean | string;
    [bound: string]: unknown;
  }
  const rows = documented.commands as unknown as {
    op: number;
    name: string;
    d: string | Record<string, DocumentedField>;
  }[];
  const commandOf = (op: number): protocol.Command => protocol.COMMANDS[op as protocol.CommandOpcode];

  it('are the 8 documented ones, and no other', () => {
    expect(numbers(protocol.COMMANDS)).toEqual(ascending(rows.map(({ op }) => op)));
  });

  it('are the opcodes a client may send', () => {
    const sent = Object.entries(protocol.OPCODES).filter(([, { direction }]) => direction !== 'receive');
    expect(numbers(protocol.COMMANDS)).toEqual(sent.map(([op]) => Number(op)));
  });

  /** Our field in the words of the transcription. */
  const retold = ({
    type,
    required,
    least,
    most,
    items,
    bytes,
    values,
    bits,
    default: preset,
  }: protocol.Field): DocumentedField => ({
    type: type.join('|'),
    required: typeof required === 'boolean' ? required : 'with' in required ? `with ${required.with}` : 'one',
    ...(preset !== undefined && { default: preset }),
    ...(least !== undefined && most !== undefined && { min: least, max: most }),
    ...(type.includes('snowflake[]') && items !== undefined && { max: items }),
    ...(bytes !== undefined && { maxBytes: bytes }),
    ...(values !== undefined && { values }),
    ...(bits !== undefined && { bits }),
  });

  it.each(rows)('$name has the documented fields and bounds, and no other', ({ op, name, d }) => {
    const command = commandOf(op);
    expect(command.name).toBe(name);
    if (typeof d === 'string') return expect(command.fields).toBeNull();
    const ours = Object.entries(command.fields ?? {}).map(([field, row]) => [field, retold(row)]);
    const theirs = Object.entries(d).map(([field, { fields: _, ...row }]) => [field, row]);
    expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(theirs));
  });

  it('nest the documented fields in the properties and the presence of Identify', () => {
    const { properties, presence } = protocol.COMMANDS[protocol.Opcode.Identify].fields;
    const identify = rows.find(({ op }) => op === protocol.Opcode.Identify)?.d as Record<string, DocumentedField>;
    expect(Object.keys(properties.fields)).toEqual(Object.keys(identify.properties?.fields as object));
    expect(presence.fields).toBe(protocol.COMMANDS[protocol.Opcode.PresenceUpdate].fields);
  });

  it('refer to fields that exist, and are answered by events and opcodes that exist', () => {
    for (const op of numbers(protocol.COMMANDS)) {
      const { fields, replies } = commandOf(op);
      for (const { required } of Object.values(fields ?? {})) {
        if (typeof required === 'object') expect(Object.keys(fields ?? {})).toContain(Object.values(required)[0]);
      }
      for (const reply of replies) {
        expect(typeof reply === 'string' ? protocol.isDispatchEvent(reply) : protocol.isOpcode(reply)).toBe(true);
      }
    }
  });
});

describe('limits', () => {
  const { LIMITS } = protocol;

  it('are the documented ones', () => {
    const { sends, presenceUpdates, identifies, largeThreshold, requestGuildMembers, invalidSessionWaitMs } = LIMITS;
    expect({
      sends: [sends.count, sends.windowMs],
      payloadBytes: LIMITS.payloadBytes,
      presenceUpdates: [presenceUpdates.count, presenceUpdates.windowMs],
      identifies: [identifies.perLane, identifies.windowMs, identifies.perDay],
      largeThreshold: [largeThreshold.least, largeThreshold.most, largeThreshold.default],
      requestGuildMembers: {
        userIdsMax: requestGuildMembers.userIds,
        nonceMaxBytes: requestGuildMembers.nonceBytes,
        queryMaxResults: requestGuildMembers.queryResults,
        chunkMax: requestGuildMembers.chunkMembers,
        allMembersPerGuildMs: requestGuildMembers.everyMemberMs,
      },
      invalidSessionWaitMs: [invalidSessionWaitMs.least, invalidSessionWaitMs.most],
      guildsPerShard: LIMITS.guildsPerShard,
      largeBotGuilds: LIMITS.veryLargeBotGuilds,
    }).toEqual(documented.limits);
  });

  it('let very large bots identify more often', () => {
    expect([1, 150_000, 150_001, 400_000, 500_000].map(protocol.identifiesPerDay)).toEqual([
      1000, 1000, 2000, 2000, 2500,
    ]);
  });
});

describe('Gateway URL', () => {
  it('knows the documented versions, encodings and compressions, and no other', () => {
    expect(Object.entries(protocol.API_VERSIONS)).toEqual(
      documented.versions.map(([v, status]) => [`${v}`, status]).sort(([a], [b]) => Number(a) - Number(b)),
    );
    const available = Object.entries(protocol.API_VERSIONS).filter(([, status]) => status === 'available');
    expect(available.map(([v]) => v).sort()).toEqual([...documented.url.v].sort());
    expect(protocol.ENCODINGS).toEqual(documented.url.encoding);
    expect(protocol.COMPRESSIONS).toEqual(documented.url.compress);
  });
});
