import { expect, it } from 'vitest';
import { COMMANDS, EVENTS, OPCODES } from '../../machines/index.js';
import { messages } from '../../src/spec/messages.js';

const all = messages({ properties: { RESUMED: {}, MESSAGE_CREATE: { type: 'object' } }, definitions: {} });
const opOf = ({ schema }: (typeof all)[number]) =>
  (schema as { properties: { op: { const: number } } }).properties.op.const;

it('the messages are one for each command, each event, and each other opcode of the Gateway', () => {
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  expect(
    all
      .filter(({ by }) => by === 'client')
      .map(opOf)
      .sort(),
  ).toEqual(Object.keys(COMMANDS).map(Number).sort());
  const received = Object.entries(OPCODES).filter(([, { direction }]) => direction !== 'send');
  expect([...new Set(all.filter(({ by }) => by === 'gateway').map(opOf))].sort()).toEqual(
    received.map(([op]) => Number(op)).sort(),
  );
  expect(all.filter((each) => opOf(each) === 0).map(({ name }) => name)).toEqual(Object.keys(EVENTS));
});

it('a dispatch has the schema of its payload, and says which intents bring it', () => {
  const { schema, says } = all.find(({ name }) => name === 'MESSAGE_CREATE') ?? { schema: {}, says: '' };
  expect(schema).toMatchObject({ properties: { t: { const: 'MESSAGE_CREATE' }, d: { type: 'object' } } });
  expect(says).toBe('Comes in guilds with GUILD_MESSAGES, in direct messages with DIRECT_MESSAGES.');
});
