import type { DispatchEventName } from './events.js';

/** What has to hold beside an intent for an event to come; see `CONDITIONS`. */
export interface Condition {
  /** Permissions of the bot in the guild, any one of which is enough. */
  readonly permissions: readonly string[];
  /** Whether the permission has to hold in the channel that the event is about. */
  readonly inChannel?: true;
  /** Features that the guild has to have, all of them. */
  readonly features?: readonly string[];
}

const JOIN_REQUESTS = {
  permissions: ['KICK_MEMBERS'],
  features: ['MEMBER_VERIFICATION_GATE_ENABLED', 'MEMBER_VERIFICATION_MANUAL_APPROVAL'],
} as const satisfies Condition;

/** Events that take more than an intent, as their sections in "Receive Events" say. */
// biome-ignore format: aligned table
export const CONDITIONS = {
  AUTO_MODERATION_RULE_CREATE:      { permissions: ['MANAGE_GUILD'] },
  AUTO_MODERATION_RULE_UPDATE:      { permissions: ['MANAGE_GUILD'] },
  AUTO_MODERATION_RULE_DELETE:      { permissions: ['MANAGE_GUILD'] },
  AUTO_MODERATION_ACTION_EXECUTION: { permissions: ['MANAGE_GUILD'] },
  GUILD_AUDIT_LOG_ENTRY_CREATE:     { permissions: ['VIEW_AUDIT_LOG'] },
  GUILD_BAN_ADD:                    { permissions: ['BAN_MEMBERS', 'VIEW_AUDIT_LOG'] },
  GUILD_BAN_REMOVE:                 { permissions: ['BAN_MEMBERS', 'VIEW_AUDIT_LOG'] },
  GUILD_JOIN_REQUEST_CREATE:        JOIN_REQUESTS,
  GUILD_JOIN_REQUEST_UPDATE:        JOIN_REQUESTS,
  GUILD_JOIN_REQUEST_DELETE:        JOIN_REQUESTS,
  INVITE_CREATE:                    { permissions: ['MANAGE_CHANNELS'], inChannel: true },
  INVITE_DELETE:                    { permissions: ['MANAGE_CHANNELS'], inChannel: true },
} as const satisfies Partial<Record<DispatchEventName, Condition>>;

/** The condition of an event in words; null if an intent is enough. */
export function conditionOf(event: DispatchEventName): string | null {
  const condition = (CONDITIONS as Partial<Record<DispatchEventName, Condition>>)[event];
  if (condition === undefined) return null;
  const { permissions, inChannel, features = [] } = condition;
  const where = inChannel ? ' in the channel' : '';
  const guild = features.length > 0 ? `, in guilds with ${features.join(' and ')}` : '';
  return `only with the permission ${permissions.join(' or ')}${where}${guild}`;
}
