/**
 * What reaches bots before discord-api-types declares it, declared here: events and fields of pull requests to the
 * documentation that are still open. Each row goes once that package has it, and a test fails until it does.
 */
import type * as API from 'discord-api-types/v10';

/** The payload `d` of the Guild Join Request events that tell of a request; they need more than an intent, see `CONDITIONS`. */
export interface GuildJoinRequestData {
  guild_id: API.Snowflake;
  /** What became of the request, such as `SUBMITTED`. */
  status: string;
  /** The request; its fields are not settled. */
  request: Readonly<Record<string, unknown>>;
}

/** The payload `d` of GUILD_JOIN_REQUEST_DELETE. */
export interface GuildJoinRequestDeleteData {
  /** The id of the request. */
  id: API.Snowflake;
  guild_id: API.Snowflake;
  user_id: API.Snowflake;
}

/** The payload `d` of the three events about one date of a scheduled event that recurs; `null` where it is as planned. */
export interface GuildScheduledEventExceptionData {
  event_id: API.Snowflake;
  event_exception_id: API.Snowflake;
  guild_id: API.Snowflake;
  scheduled_start_time: string | null;
  scheduled_end_time: string | null;
  is_canceled: boolean | null;
}

/** The payload `d` of each event that reaches bots and is not documented yet. */
export interface EventsAhead {
  GUILD_JOIN_REQUEST_CREATE: GuildJoinRequestData;
  GUILD_JOIN_REQUEST_UPDATE: GuildJoinRequestData;
  GUILD_JOIN_REQUEST_DELETE: GuildJoinRequestDeleteData;
  GUILD_SCHEDULED_EVENT_EXCEPTION_CREATE: GuildScheduledEventExceptionData;
  GUILD_SCHEDULED_EVENT_EXCEPTION_UPDATE: GuildScheduledEventExceptionData;
  GUILD_SCHEDULED_EVENT_EXCEPTION_DELETE: GuildScheduledEventExceptionData;
}

/** Their names. */
// biome-ignore format: one subject per line
export const EVENTS_AHEAD = [
  'GUILD_JOIN_REQUEST_CREATE', 'GUILD_JOIN_REQUEST_UPDATE', 'GUILD_JOIN_REQUEST_DELETE',
  'GUILD_SCHEDULED_EVENT_EXCEPTION_CREATE', 'GUILD_SCHEDULED_EVENT_EXCEPTION_UPDATE', 'GUILD_SCHEDULED_EVENT_EXCEPTION_DELETE',
] as const satisfies readonly (keyof EventsAhead)[];

/** Names the date of a scheduled event that recurs, where a user is interested in that date alone. */
interface OfOneDate {
  guild_scheduled_event_exception_id?: API.Snowflake;
}

/** Fields that reach bots with documented events and are not documented yet, by event. */
export interface FieldsAhead {
  GUILD_SCHEDULED_EVENT_USER_ADD: OfOneDate;
  GUILD_SCHEDULED_EVENT_USER_REMOVE: OfOneDate;
  INVITE_CREATE: { type?: API.InviteType };
  PRESENCE_UPDATE: { client_status?: { embedded?: API.PresenceUpdateReceiveStatus } };
}
