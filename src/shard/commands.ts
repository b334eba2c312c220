import {
  COMMANDS,
  type CommandOpcode,
  type Commands,
  closest,
  type GatewayEncoding,
  Opcode,
  type PresenceData,
  problemOfCommand,
} from '../../machines/client.js';
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
  const known = Object.keys(COMMANDS[op].fields);
  for (const name of Object.keys(data)) {
    const meant = known.includes(name) ? undefined : closest(name, known);
    if (meant !== undefined) return `there is no field ${name}: write ${meant}`;
  }
  return null;
}

/** A payload as it is sent; a `LocalProtocolError` if it cannot be encoded. */
export function encodedCommand(op: number, data: unknown, encoding: GatewayEncoding): string | Uint8Array {
  try {
    return encode(op as CommandOpcode, data as never, encoding);
  } catch (error) {
    throw new LocalProtocolError('ERR_COMMAND', `The payload cannot be encoded: ${(error as Error).message}`);
  }
}

const wrong = (why: string) => new LocalProtocolError('ERR_COMMAND', `Nothing was sent: ${why}`);
