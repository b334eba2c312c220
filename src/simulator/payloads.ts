/** The payloads of the Gateway's effects; keys in the order in which Discord has been seen to send them. */

import type * as API from 'discord-api-types/v10';
import type { KeptDispatch } from '../../machines/gateway/replay-buffer.js';
import { Opcode } from '../../machines/protocol/opcodes.js';
import { BOT, PARTIAL_APPLICATION, type Plain } from './world.js';

/** A payload for the client ("Payload Structure"). It holds what JSON can hold: an encoding writes it down. */
export type Payload = Readonly<{ t: string | null; s: number | null; op: number; d?: unknown }>;

/** A dispatch that has no number yet. */
export type NewDispatch = Omit<KeptDispatch, 'sequence'>;

const control = (op: number, d: unknown): Payload => ({ t: null, s: null, op, d });

/** Op 10; the interval is in ms ("Hello"). */
export const hello = (interval: number): Payload => control(Opcode.Hello, { heartbeat_interval: interval });
/** Op 1 ("Heartbeat Requests"). */
export const heartbeatRequest = (): Payload => control(Opcode.Heartbeat, null);
/** Op 11 ("Sending Heartbeats"). */
export const heartbeatAck = (): Payload => control(Opcode.HeartbeatAck, null);
/** Op 7 ("Reconnect"). */
export const reconnect = (): Payload => control(Opcode.Reconnect, null);
/** Op 9 ("Invalid Session"). */
export const invalidSession = (resumable: boolean): Payload => control(Opcode.InvalidSession, resumable);

/** Op 0. Without data there is no `d`. */
export const dispatch = ({ sequence, name, data }: KeptDispatch): Payload => ({
  t: name,
  s: sequence,
  op: Opcode.Dispatch,
  ...(data === undefined ? {} : { d: data }),
});

/** What READY says of a session. */
export interface ReadyFacts {
  readonly sessionId: string;
  readonly resumeUrl: string;
  /** As sent in Identify; null where it was left out. */
  readonly shard: readonly [id: number, count: number] | null;
  readonly guilds: readonly string[];
  readonly version: number;
}

/** What Discord sends to bots as well, and some clients read, though it is not documented. */
const UNDOCUMENTED = {
  user_settings: {},
  session_type: 'normal',
  private_channels: [],
  presences: [],
  relationships: [],
  guild_join_requests: [],
  geo_ordered_rtc_regions: [],
  _trace: ['gatechart simulator'],
};

/** The `d` of READY ("Ready"). */
export const readyData = ({ sessionId, resumeUrl, shard, guilds, version }: ReadyFacts) =>
  ({
    v: version,
    ...UNDOCUMENTED,
    user: BOT,
    guilds: guilds.map((id) => ({ id, unavailable: true })),
    session_id: sessionId,
    resume_gateway_url: resumeUrl,
    ...(shard === null ? {} : { shard }),
    application: PARTIAL_APPLICATION,
  }) satisfies Plain<API.GatewayReadyDispatchData>;
