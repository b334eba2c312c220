/** The tables of machines/protocol against the enums and payload types of discord-api-types, kept by other people. */
import type * as API from 'discord-api-types/v10';
import {
  GatewayCapabilityBits,
  GatewayCloseCodes,
  GatewayDispatchEvents,
  GatewayIntentBits,
  GatewayOpcodes,
  GatewayRequestChannelInfoField,
  PresenceUpdateStatus,
} from 'discord-api-types/v10';
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  CLOSE_CODES,
  COMMANDS,
  type Commands,
  DISPATCH_EVENTS,
  type DispatchEventName,
  type DispatchEvents,
  EVENTS_AHEAD,
  type EventsAhead,
  type FieldsAhead,
  INTENTS,
  intentBits,
  Opcode,
} from '../../../machines/client.js';
import { compiles } from '../../support/compiles.js';

const members = (numeric: object) => Object.entries(numeric).filter(([key]) => Number.isNaN(Number(key)));
const plain = (text: string) => text.toLowerCase().replaceAll(/[^a-z]/g, '');

describe('discord-api-types agrees with', () => {
  it('our opcodes by name and number', () => {
    expect(Object.entries(Opcode)).toEqual(members(GatewayOpcodes));
  });

  it('our documented close codes by name and number', () => {
    const ours = Object.entries(CLOSE_CODES).filter(([code, { documented }]) => Number(code) >= 4000 && documented);
    const theirs = members(GatewayCloseCodes);
    expect(ours.map(([code, { name }]) => [plain(name), Number(code)])).toEqual(
      theirs.map(([name, code]) => [plain(name), code]),
    );
  });

  it('our intents by name and bit, former names included', () => {
    const ours = Object.entries(INTENTS).flatMap(([name, { bit, formerly }]) =>
      [name, ...formerly].map((spelled) => [plain(spelled), 1 << bit]),
    );
    const theirs = members(GatewayIntentBits).map(([name, bit]) => [plain(name), bit]);
    expect(ours).toEqual(expect.arrayContaining(theirs));
    // Renamed before that package existed.
    expect(ours.filter(([name]) => !theirs.some(([other]) => other === name))).toEqual([['guildemojis', 8]]);
  });

  it('our dispatch events by name', () => {
    const theirs = Object.values(GatewayDispatchEvents);
    expect([...DISPATCH_EVENTS].sort()).toEqual([...theirs, ...EVENTS_AHEAD].sort());
    expect(theirs).toHaveLength(79);
  });

  it('the values and bits our commands list', () => {
    const {
      [Opcode.PresenceUpdate]: presence,
      [Opcode.RequestChannelInfo]: info,
      [Opcode.Identify]: identify,
    } = COMMANDS;
    expect([...presence.fields.status.values].sort()).toEqual(Object.values(PresenceUpdateStatus).sort());
    expect([...info.fields.fields.values].sort()).toEqual(Object.values(GatewayRequestChannelInfoField).sort());
    const capabilities = members(GatewayCapabilityBits).map(([name, bit]) => [plain(name), bit]);
    expect(Object.entries(identify.fields.capabilities.bits).map(([name, bit]) => [plain(name), bit])).toEqual(
      capabilities,
    );
  });
});

describe('the types', () => {
  type Theirs = { [Payload in API.GatewayDispatchPayload as `${Payload['t']}`]: Payload['d'] };

  compiles('give a payload to each of the 79 events, and to those that are ahead of it', () => {
    expectTypeOf<DispatchEventName>().toEqualTypeOf<(typeof DISPATCH_EVENTS)[number]>();
    type Ahead = keyof EventsAhead | keyof FieldsAhead | 'RESUMED';
    expectTypeOf<Exclude<DispatchEventName, keyof EventsAhead>>().toEqualTypeOf<`${GatewayDispatchEvents}`>();
    expectTypeOf<Omit<DispatchEvents, Ahead>>().toEqualTypeOf<Omit<Theirs, Ahead>>();
    expectTypeOf<Pick<DispatchEvents, keyof FieldsAhead>>().toExtend<Pick<Theirs, keyof FieldsAhead>>();
    expectTypeOf<DispatchEvents['MESSAGE_CREATE']>().toEqualTypeOf<API.GatewayMessageCreateDispatchData>();
    // They say it holds nothing, the documentation says debug data: nothing to rely on either way.
    expectTypeOf<DispatchEvents['RESUMED']>().toBeUnknown();
  });

  compiles('give a payload to each of the 8 commands, and take a plain string as status', () => {
    expectTypeOf<keyof Commands>().toEqualTypeOf<keyof typeof COMMANDS>();
    type Sent = { [Payload in API.GatewaySendPayload as `${Payload['op']}`]: Payload['d'] };
    expectTypeOf<Sent[`${typeof Opcode.Identify}`]>().toExtend<Commands[typeof Opcode.Identify]>();
    expectTypeOf<Sent[`${typeof Opcode.PresenceUpdate}`]>().toExtend<Commands[typeof Opcode.PresenceUpdate]>();
    expectTypeOf({ since: null, activities: [], status: 'online' as const, afk: false }).toExtend<
      Commands[typeof Opcode.PresenceUpdate]
    >();
    expectTypeOf<Commands[typeof Opcode.Heartbeat]>().toEqualTypeOf<number | null>();
  });

  it('name each intent', () => {
    intentBits(['GUILDS', 'MESSAGE_CONTENT']);
    // @ts-expect-error a former name
    expect(() => intentBits(['GUILD_BANS'])).toThrow();
    // @ts-expect-error no opcode has this number
    const opcode: Opcode = 5;
    expect(opcode).toBe(5);
  });
});
