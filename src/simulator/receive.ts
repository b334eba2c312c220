import { problemOfArrived } from '../../machines/protocol/check-command.js';
import { OPCODES, Opcode } from '../../machines/protocol/opcodes.js';
import { parseExact } from './exact-ids.js';
import { isRecord } from './log.js';

/** A message of the client, as far as it can be understood without knowing the session. */
export type Received =
  | { readonly type: 'identify'; readonly identify: IdentifyMessage }
  | { readonly type: 'resume'; readonly token: unknown; readonly sessionId: string; readonly sequence: number }
  | { readonly type: 'heartbeat'; readonly sequence: number | null }
  | { readonly type: 'command'; readonly opcode: number; readonly data: Readonly<Record<string, unknown>> }
  | { readonly type: 'unknownOpcode'; readonly opcode: number }
  /** `problem` names the field that is wrong, where it is one. */
  | { readonly type: 'undecodable'; readonly problem?: string };

/** The part of Identify that is checked. */
export interface IdentifyMessage {
  readonly token: unknown;
  readonly intents: unknown;
  readonly shard: unknown;
  /** Payload compression. */
  readonly compress: unknown;
}

const UNDECODABLE: Received = { type: 'undecodable' };

/** The commands a client may send once it is authenticated ("Send Events"). */
const COMMANDS = [
  Opcode.PresenceUpdate,
  Opcode.VoiceStateUpdate,
  Opcode.RequestGuildMembers,
  Opcode.RequestSoundboardSounds,
  Opcode.RequestChannelInfo,
] as const;

const isCommand = (op: number): op is (typeof COMMANDS)[number] => (COMMANDS as readonly number[]).includes(op);

/** Reads a text message of the client; never throws ("Payload Structure"). */
export function receive(text: string): Received {
  const payload = parsed(text);
  if (!isRecord(payload) || !Number.isInteger(payload.op)) return UNDECODABLE;
  const { op, d } = payload as { op: number; d: unknown };
  if (op === Opcode.Heartbeat) return isSequence(d) ? { type: 'heartbeat', sequence: d ?? null } : UNDECODABLE;
  if (op === Opcode.Identify) return identify(d);
  if (op === Opcode.Resume) return resume(d);
  if (!isCommand(op)) return { type: 'unknownOpcode', opcode: op };
  const problem = problemOfArrived(op, d);
  if (problem !== null) return { type: 'undecodable', problem: `${OPCODES[op].name}: ${problem}` };
  return { type: 'command', opcode: op, data: d as Readonly<Record<string, unknown>> };
}

function identify(d: unknown): Received {
  if (!isRecord(d) || typeof d.token !== 'string' || !isRecord(d.properties)) return UNDECODABLE;
  const problem = d.presence == null ? null : problemOfArrived(Opcode.PresenceUpdate, d.presence);
  if (problem !== null) return { type: 'undecodable', problem: `Identify: presence: ${problem}` };
  return { type: 'identify', identify: { token: d.token, intents: d.intents, shard: d.shard, compress: d.compress } };
}

function resume(d: unknown): Received {
  if (!isRecord(d) || typeof d.token !== 'string' || typeof d.session_id !== 'string') return UNDECODABLE;
  if (!Number.isSafeInteger(d.seq) || (d.seq as number) < 0) return UNDECODABLE;
  return { type: 'resume', token: d.token, sessionId: d.session_id, sequence: d.seq as number };
}

const isSequence = (d: unknown): d is number | null | undefined =>
  d === null || d === undefined || (Number.isSafeInteger(d) && (d as number) >= 0);

function parsed(text: string): unknown {
  try {
    return parseExact(text);
  } catch {
    return undefined;
  }
}
