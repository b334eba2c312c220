import { describe, expect, it } from 'vitest';
import { receive } from '../../src/simulator/receive.js';
import { inMemory } from './in-memory.js';

const received = (op: unknown, d?: unknown) => receive(JSON.stringify({ op, d }));
const properties = { os: 'linux', browser: 'lib', device: 'lib' };

describe('receive', () => {
  it('reads from Identify what is checked, and leaves checking it to others', () => {
    const whole = { token: 'T', properties, intents: 513, shard: [0, 1], compress: true, large_threshold: 50 };
    expect(received(2, whole)).toEqual({
      type: 'identify',
      identify: { token: 'T', intents: 513, shard: [0, 1], compress: true },
    });
    expect(received(2, { token: '', properties: {}, intents: 'GUILDS', shard: 7 })).toEqual({
      type: 'identify',
      identify: { token: '', intents: 'GUILDS', shard: 7, compress: undefined },
    });
  });

  it.each([
    ['no data', undefined],
    ['an array as data', []],
    ['no token', { properties }],
    ['a token that is no text', { token: 7, properties }],
    ['no properties', { token: 'T' }],
    ['properties that are a list', { token: 'T', properties: [] }],
  ])('cannot decode Identify with %s', (_, d) => {
    expect(received(2, d)).toEqual({ type: 'undecodable' });
  });

  it.each([0, 1, Number.MAX_SAFE_INTEGER])('reads Resume with the sequence %d', (seq) => {
    expect(received(6, { token: 'T', session_id: 'S', seq })).toEqual({
      type: 'resume',
      token: 'T',
      sessionId: 'S',
      sequence: seq,
    });
  });

  it.each([
    ['no data', null],
    ['no token', { session_id: 'S', seq: 1 }],
    ['a session that is no text', { token: 'T', session_id: 7, seq: 1 }],
    ['no sequence', { token: 'T', session_id: 'S' }],
    ['null as its sequence', { token: 'T', session_id: 'S', seq: null }],
    ['a negative sequence', { token: 'T', session_id: 'S', seq: -1 }],
    ['a fraction as its sequence', { token: 'T', session_id: 'S', seq: 1.5 }],
    ['a sequence that a number cannot hold', { token: 'T', session_id: 'S', seq: 2 ** 53 }],
  ])('cannot decode Resume with %s', (_, d) => {
    expect(received(6, d)).toEqual({ type: 'undecodable' });
  });

  it.each([
    [0, 0],
    [251, 251],
    [null, null],
    [undefined, null],
  ])('reads a heartbeat with %o as the sequence %o', (d, sequence) => {
    expect(received(1, d)).toEqual({ type: 'heartbeat', sequence });
  });

  it('decodes nothing that is deeper than anything could be shown', () => {
    const command = (depth: number) =>
      receive(`{"op":31,"d":{"guild_ids":[],"a":${'['.repeat(depth)}${']'.repeat(depth)}}}`);
    expect(command(198)).toMatchObject({ type: 'command' });
    expect(command(199)).toEqual({ type: 'undecodable' });
    expect(command(100_000)).toEqual({ type: 'undecodable' });
  });

  it.each([-1, 1.5, 2 ** 53, '1', true, {}])('cannot decode a heartbeat with %o', (d) => {
    expect(received(1, d)).toEqual({ type: 'undecodable' });
  });

  it.each<[string, number, object]>([
    ['Update Presence', 3, { since: null, activities: [], status: 'idle', afk: false }],
    ['Update Presence, with fields left out', 3, { game: null, status: '' }],
    ['Update Voice State', 4, { guild_id: '1', channel_id: null, self_mute: false, self_deaf: false, flags: 1 }],
    ['Request Guild Members', 8, { guild_id: '1', query: '', limit: 0 }],
    ['Request Guild Members, with ids as numbers', 8, { guild_id: 1, user_ids: [2, 3] }],
    ['Request Soundboard Sounds', 31, { guild_ids: ['1'] }],
    ['Request Channel Info', 43, { guild_id: '1', fields: ['status'] }],
  ])('hands on the data of a command: %s', (_, op, data) => {
    expect(received(op, data)).toEqual({ type: 'command', opcode: op, data });
  });

  it.each<[number, unknown, string]>([
    [
      3,
      { since: null, activities: [], status: 'busy', afk: false },
      'Presence Update: status is "busy"; it must be one of',
    ],
    [4, { guild_id: '1', self_mute: true, self_deaf: true }, 'Voice State Update: channel_id is missing'],
    [8, undefined, 'Request Guild Members: Request Guild Members is missing; it must be an object'],
    [8, null, 'Request Guild Members: Request Guild Members is null'],
    [8, { guild_id: '1' }, 'Request Guild Members: query or user_ids is missing'],
    [31, { guild_ids: 'x' }, 'Request Soundboard Sounds: guild_ids is "x"'],
  ])('cannot decode a command of opcode %s with %j, and names the field', (op, d, problem) => {
    expect(received(op, d)).toEqual({ type: 'undecodable', problem: expect.stringContaining(problem) });
  });

  it('names what is wrong with the presence in Identify', () => {
    const d = { token: 't', properties: {}, presence: { since: null, activities: [], status: 'busy', afk: false } };
    expect(received(2, d)).toEqual({
      type: 'undecodable',
      problem: expect.stringContaining('Identify: presence: status is "busy"'),
    });
    expect(received(2, { ...d, presence: null })).toMatchObject({ type: 'identify' });
    expect(received(2, { ...d, presence: {} })).toMatchObject({ type: 'identify' });
  });

  it.each([0, 5, 7, 9, 10, 11, 99, -1])('names the opcode %d, which clients may not send, whatever its data', (op) => {
    expect(received(op)).toEqual({ type: 'unknownOpcode', opcode: op });
    expect(received(op, {})).toEqual({ type: 'unknownOpcode', opcode: op });
  });

  it.each(['', '{', 'null', '[]', '"op"', '42', '{}', '{"op":"1"}', '{"op":1.5}', '{"op":1e400}', '{"op":null}'])(
    'cannot decode %o',
    (text) => {
      expect(receive(text)).toEqual({ type: 'undecodable' });
    },
  );
});

describe('a message that cannot be understood', () => {
  it.each([
    ['text that is not JSON', '{', 4002],
    ['an empty message', '', 4002],
    ['null', 'null', 4002],
    ['an array', '[]', 4002],
    ['no opcode', '{"d":{}}', 4002],
    ['a fraction as opcode', '{"op":1.5}', 4002],
    ['a heartbeat with text', '{"op":1,"d":"x"}', 4002],
    ['a Resume without a session', '{"op":6,"d":{"token":"T","seq":1}}', 4002],
    ['a Resume with text as its sequence', '{"op":6,"d":{"token":"T","session_id":"S","seq":"1"}}', 4002],
    ['a command without data', '{"op":3}', 4002],
    ['bytes', Uint8Array.of(1, 2, 3), 4002],
    ['an opcode that only the Gateway sends', '{"op":10,"d":{}}', 4001],
    ['an unknown opcode', '{"op":99,"d":{}}', 4001],
  ])('ends the connection: %s: %s is closed with %i', (_, frame, code) => {
    const { live, pass } = inMemory();
    const client = live();
    client.socket.send(frame);
    pass();
    expect(client.end?.code).toBe(code);
  });

  it.each([
    ['no token', { token: undefined }],
    ['no properties', { properties: undefined }],
  ])('ends the connection: Identify with %s is closed with 4002', (_, changes) => {
    const { open, pass } = inMemory();
    const client = open();
    client.identify(changes);
    pass();
    expect(client.end).toMatchObject({ code: 4002, wasClean: true });
  });
});
