/** What the Gateway's effects look like on the wire, as JSON; keys in the order in which Discord has been seen to send them. */

import type * as API from 'discord-api-types/v10';
import type { KeptDispatch } from '../../machines/gateway/replay-buffer.js';
import { Opcode } from '../../machines/protocol/opcodes.js';
import { BOT, PARTIAL_APPLICATION, type Plain } from './world.js';

const control = (op: number, d: unknown): string => JSON.stringify({ t: null, s: null, op, d });

/** Op 10; the interval is in ms ("Hello"). */
export const hello = (interval: number): string => control(Opcode.Hello, { heartbeat_interval: interval });
/** Op 1 ("Heartbeat Requests"). */
export const heartbeatRequest = (): string => control(Opcode.Heartbeat, null);
/** Op 11 ("Sending Heartbeats"). */
export const heartbeatAck = (): string => control(Opcode.HeartbeatAck, null);
/** Op 7 ("Reconnect"). */
export const reconnect = (): string => control(Opcode.Reconnect, null);
/** Op 9 ("Invalid Session"). */
export const invalidSession = (resumable: boolean): string => control(Opcode.InvalidSession, resumable);

/** Op 0 ("Payload Structure"). */
export const dispatch = ({ sequence, name, data }: KeptDispatch): string =>
  JSON.stringify({ t: name, s: sequence, op: Opcode.Dispatch, d: data });

/** What READY tells of a session. */
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
