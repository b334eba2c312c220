/** Every message of the Gateway, both ways, with the schema of its payload: what each document of the specification is made of. */
import { COMMANDS, type CommandOpcode, EVENTS, type EventRow, LIMITS, OPCODES, Opcode } from '../../machines/index.js';
import { commandSchema } from './commands.js';
import type { JsonSchema, PayloadsSchema } from './schema.js';

/** One kind of message. */
export interface MessageKind {
  /** A name that may stand in a reference, such as `IdentifySent` or `MESSAGE_CREATE`. */
  readonly name: string;
  readonly title: string;
  readonly says: string;
  /** Who sends it. */
  readonly by: 'client' | 'gateway';
  readonly schema: JsonSchema;
}

const NULL_OR_ABSENT: JsonSchema = { type: 'null' };

const payload = (op: number, d: JsonSchema, { required = true, more = {} } = {}): JsonSchema => ({
  type: 'object',
  properties: { op: { const: op }, d, ...more },
  required: required ? ['op', 'd'] : ['op'],
});

const HELLO: JsonSchema = {
  type: 'object',
  properties: { heartbeat_interval: { type: 'integer', minimum: 1, description: 'in milliseconds' } },
  required: ['heartbeat_interval'],
};

/** What the Gateway sends beside dispatches; there `s` and `t` are null, or absent. */
const CONTROL: readonly (readonly [op: Opcode, d: JsonSchema, isRequired: boolean])[] = [
  [Opcode.Hello, HELLO, true],
  [Opcode.HeartbeatAck, NULL_OR_ABSENT, false],
  [Opcode.Heartbeat, NULL_OR_ABSENT, false],
  [Opcode.Reconnect, NULL_OR_ABSENT, false],
  [Opcode.InvalidSession, { type: 'boolean' }, true],
];
const NEITHER = { s: { type: 'null' }, t: { type: 'null' } };

/** All of them: what a client sends, what the Gateway sends, and each dispatch. References lead to `#/definitions/`. */
export function messages(payloads: PayloadsSchema): readonly MessageKind[] {
  return [...sent(), ...controlling(), ...dispatched(payloads)];
}

function sent(): MessageKind[] {
  return Object.entries(COMMANDS).map(([op, { name }]) => ({
    name: `${name.replaceAll(' ', '')}Sent`,
    title: name,
    says: `${OPCODES[Number(op) as CommandOpcode].d}. At most ${LIMITS.payloadBytes} bytes; ${LIMITS.sends.count} payloads in ${LIMITS.sends.windowMs / 1000} s on a connection, all kinds together.`,
    by: 'client',
    schema: payload(Number(op), commandSchema(Number(op) as CommandOpcode)),
  }));
}

function controlling(): MessageKind[] {
  return CONTROL.map(([op, d, required]) => ({
    name: `${OPCODES[op].name.replaceAll(' ', '')}Received`,
    title: OPCODES[op].name,
    says: OPCODES[op].d,
    by: 'gateway',
    schema: payload(op, d, { required, more: NEITHER }),
  }));
}

/** Which intents bring an event. */
function comesWith({ guild, direct }: EventRow): string {
  if (guild.length + direct.length === 0) return 'Comes whatever the intents are.';
  const ways = [
    ...(guild.length > 0 ? [`in guilds with ${guild.join(' or ')}`] : []),
    ...(direct.length > 0 ? [`in direct messages with ${direct.join(' or ')}`] : []),
  ];
  return `Comes ${ways.join(', ')}.`;
}

function dispatched({ properties }: PayloadsSchema): MessageKind[] {
  return Object.entries(EVENTS).map(([name, row]) => ({
    name,
    title: name,
    says: comesWith(row),
    by: 'gateway',
    schema: {
      type: 'object',
      properties: {
        op: { const: Opcode.Dispatch },
        t: { const: name },
        s: { type: 'integer', minimum: 0 },
        d: properties[name] ?? {},
      },
      required: ['op', 't', 's', 'd'],
    },
  }));
}
