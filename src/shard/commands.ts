import {
  COMMANDS,
  type CommandOpcode,
  type Commands,
  type Field,
  type GatewayEncoding,
  Opcode,
  type PresenceData,
  problemOfCommand,
} from '../../machines/client.js';
import { closest } from '../../machines/kit/closest.js';
import { encode } from '../wire/encode.js';
import { LocalProtocolError } from './errors.js';

/** The payloads that a user may send; heartbeats, Identify and Resume are the shard's own. */
export type UserCommand = Exclude<
  CommandOpcode,
  typeof Opcode.Heartbeat | typeof Opcode.Identify | typeof Opcode.Resume
>;

/** The `d` of each; a presence may leave out what is neutral. */
export type UserCommandData<Op extends UserCommand> = Op extends typeof Opcode.PresenceUpdate
  ? Partial<PresenceData>
  : Commands[Op];

/** What a presence is without a word about it ("Update Presence"). */
const NEUTRAL: PresenceData = { since: null, activities: [], status: 'online', afk: false };

/** A presence with the neutral values of what it leaves out. */
export function wholePresence(given: Partial<PresenceData>): PresenceData {
  const told = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { ...NEUTRAL, ...told };
}

/** Opcodes that a user must not send: the shard sends them, when the chart says so. */
const OURS: ReadonlySet<unknown> = new Set([Opcode.Dispatch, Opcode.Heartbeat, Opcode.Identify, Opcode.Resume]);

/** The opcode, if a user may send it; else a `LocalProtocolError`. */
export function checkedOpcode(op: unknown): number {
  if (!Number.isInteger(op))
    throw wrong(`an opcode is a whole number, such as Opcode.PresenceUpdate, not ${typeof op}`);
  if (OURS.has(op)) throw wrong(`opcode ${op} is the shard's own: the chart says when it is sent`);
  return op as number;
}

/** Any data but none, which JSON would leave out; else a `LocalProtocolError`. */
export function checkedData(data: unknown): unknown {
  if (data === undefined) throw wrong('sendRaw takes an opcode and its data, which may be null');
  return data;
}

/** The data of a command, as it is to be sent; a `LocalProtocolError` names the field that is wrong. */
export function checkedCommand<Op extends UserCommand>(op: Op, data: UserCommandData<Op>): unknown {
  checkedOpcode(op);
  if (!Object.hasOwn(COMMANDS, op)) {
    throw wrong(`opcode ${op} is none of the documented commands: send it with sendRaw if that is meant`);
  }
  const isPresence = op === Opcode.PresenceUpdate && typeof data === 'object' && data !== null;
  const whole = isPresence ? wholePresence(data as Partial<PresenceData>) : data;
  const problem = problemOfCommand(op, whole) ?? mistypedField(op, data);
  if (problem !== null) throw wrong(`${COMMANDS[op].name}: ${problem}`);
  return whole;
}

/** What is wrong with a mistyped field, which Discord would ignore. One like none of the documented ones may be new. */
export function mistypedField(op: UserCommand, data: object): string | null {
  const old = op === Opcode.PresenceUpdate ? Object.keys(data).find((name) => Object.hasOwn(OLD, name)) : undefined;
  if (old !== undefined) return `there is no field ${old}: ${OLD[old]}`;
  return mistypedIn('', data, COMMANDS[op].fields);
}

function mistypedIn(path: string, data: object, fields: Readonly<Record<string, Field>>): string | null {
  const known = Object.keys(fields);
  for (const [name, value] of Object.entries(data)) {
    const meant = known.includes(name) ? undefined : closest(name, known);
    if (meant !== undefined) return `there is no field ${path}${name}: write ${meant}`;
    const within = fields[name]?.fields;
    const entries = within === undefined ? [] : Array.isArray(value) ? value : [value];
    for (const [i, entry] of entries.entries()) {
      const place = Array.isArray(value) ? `${path}${name}[${i}].` : `${path}${name}.`;
      const found = typeof entry === 'object' && entry !== null ? mistypedIn(place, entry, within ?? {}) : null;
      if (found !== null) return found;
    }
  }
  return null;
}

const AS_ACTIVITY = "write activities: [{ name: '…', type: 0 }], where 0 is Playing";
const AS_STATUS = "write activities: [{ name: 'Custom Status', type: 4, state: '…' }]";

/** What presences had once, or have in libraries, and how it is said now. */
const OLD: Readonly<Record<string, string>> = {
  activity: AS_ACTIVITY,
  customStatus: AS_STATUS,
  custom_status: AS_STATUS,
  game: AS_ACTIVITY,
  games: AS_ACTIVITY,
  idle_since: 'write since',
  name: AS_ACTIVITY,
  shardId: 'a presence is that of the shard that sends it',
  state: AS_STATUS,
  text: AS_STATUS,
  type: AS_ACTIVITY,
};

/** A payload as it is sent; a `LocalProtocolError` if it cannot be encoded. */
export function encodedCommand(op: number, data: unknown, encoding: GatewayEncoding): string | Uint8Array {
  try {
    return encode(op as CommandOpcode, data as never, encoding);
  } catch (error) {
    throw new LocalProtocolError('ERR_COMMAND', `The payload cannot be encoded: ${(error as Error).message}`);
  }
}

const wrong = (why: string) => new LocalProtocolError('ERR_COMMAND', `Nothing was sent: ${why}`);
