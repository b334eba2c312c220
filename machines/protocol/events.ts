import type * as API from 'discord-api-types/v10';
import { EVENTS_AHEAD, type EventsAhead, type FieldsAhead } from './ahead.js';
import { INTENT_NAMES, INTENTS, type IntentName } from './intents.js';

/** The payload `d` of each dispatch event: of the 79 in "Receive Events", in its order, and of those of `EVENTS_AHEAD`. */
// biome-ignore format: aligned table
export interface DispatchEvents extends EventsAhead {
  READY:                                  API.GatewayReadyDispatchData;
  RESUMED:                                unknown; // debug data at most
  RATE_LIMITED:                           API.GatewayRateLimitedDispatchData;
  APPLICATION_COMMAND_PERMISSIONS_UPDATE: API.GatewayApplicationCommandPermissionsUpdateDispatchData;
  AUTO_MODERATION_RULE_CREATE:            API.GatewayAutoModerationRuleCreateDispatchData;
  AUTO_MODERATION_RULE_UPDATE:            API.GatewayAutoModerationRuleUpdateDispatchData;
  AUTO_MODERATION_RULE_DELETE:            API.GatewayAutoModerationRuleDeleteDispatchData;
  AUTO_MODERATION_ACTION_EXECUTION:       API.GatewayAutoModerationActionExecutionDispatchData;
  CHANNEL_CREATE:                         API.GatewayChannelCreateDispatchData;
  CHANNEL_UPDATE:                         API.GatewayChannelUpdateDispatchData;
  CHANNEL_DELETE:                         API.GatewayChannelDeleteDispatchData;
  CHANNEL_INFO:                           API.GatewayChannelInfoDispatchData;
  CHANNEL_PINS_UPDATE:                    API.GatewayChannelPinsUpdateDispatchData;
  VOICE_CHANNEL_STATUS_UPDATE:            API.GatewayVoiceChannelStatusUpdateDispatchData;
  VOICE_CHANNEL_START_TIME_UPDATE:        API.GatewayVoiceChannelStartTimeUpdateDispatchData;
  THREAD_CREATE:                          API.GatewayThreadCreateDispatchData;
  THREAD_UPDATE:                          API.GatewayThreadUpdateDispatchData;
  THREAD_DELETE:                          API.GatewayThreadDeleteDispatchData;
  THREAD_LIST_SYNC:                       API.GatewayThreadListSyncDispatchData;
  THREAD_MEMBER_UPDATE:                   API.GatewayThreadMemberUpdateDispatchData;
  THREAD_MEMBERS_UPDATE:                  API.GatewayThreadMembersUpdateDispatchData;
  ENTITLEMENT_CREATE:                     API.GatewayEntitlementCreateDispatchData;
  ENTITLEMENT_UPDATE:                     API.GatewayEntitlementUpdateDispatchData;
  ENTITLEMENT_DELETE:                     API.GatewayEntitlementDeleteDispatchData;
  SUBSCRIPTION_CREATE:                    API.GatewaySubscriptionCreateDispatchData;
  SUBSCRIPTION_UPDATE:                    API.GatewaySubscriptionUpdateDispatchData;
  SUBSCRIPTION_DELETE:                    API.GatewaySubscriptionDeleteDispatchData;
  GUILD_CREATE:                           API.GatewayGuildCreateDispatchData; // or, as READY announces them, only `id` and `unavailable: true`
  GUILD_UPDATE:                           API.GatewayGuildUpdateDispatchData;
  GUILD_DELETE:                           API.GatewayGuildDeleteDispatchData;
  GUILD_AUDIT_LOG_ENTRY_CREATE:           API.GatewayGuildAuditLogEntryCreateDispatchData;
  GUILD_BAN_ADD:                          API.GatewayGuildBanAddDispatchData;
  GUILD_BAN_REMOVE:                       API.GatewayGuildBanRemoveDispatchData;
  GUILD_EMOJIS_UPDATE:                    API.GatewayGuildEmojisUpdateDispatchData;
  GUILD_STICKERS_UPDATE:                  API.GatewayGuildStickersUpdateDispatchData;
  GUILD_INTEGRATIONS_UPDATE:              API.GatewayGuildIntegrationsUpdateDispatchData;
  GUILD_MEMBER_ADD:                       API.GatewayGuildMemberAddDispatchData;
  GUILD_MEMBER_REMOVE:                    API.GatewayGuildMemberRemoveDispatchData;
  GUILD_MEMBER_UPDATE:                    API.GatewayGuildMemberUpdateDispatchData;
  GUILD_MEMBERS_CHUNK:                    API.GatewayGuildMembersChunkDispatchData;
  GUILD_ROLE_CREATE:                      API.GatewayGuildRoleCreateDispatchData;
  GUILD_ROLE_UPDATE:                      API.GatewayGuildRoleUpdateDispatchData;
  GUILD_ROLE_DELETE:                      API.GatewayGuildRoleDeleteDispatchData;
  GUILD_SCHEDULED_EVENT_CREATE:           API.GatewayGuildScheduledEventCreateDispatchData;
  GUILD_SCHEDULED_EVENT_UPDATE:           API.GatewayGuildScheduledEventUpdateDispatchData;
  GUILD_SCHEDULED_EVENT_DELETE:           API.GatewayGuildScheduledEventDeleteDispatchData;
  GUILD_SCHEDULED_EVENT_USER_ADD:         API.GatewayGuildScheduledEventUserAddDispatchData & FieldsAhead['GUILD_SCHEDULED_EVENT_USER_ADD'];
  GUILD_SCHEDULED_EVENT_USER_REMOVE:      API.GatewayGuildScheduledEventUserRemoveDispatchData & FieldsAhead['GUILD_SCHEDULED_EVENT_USER_REMOVE'];
  GUILD_SOUNDBOARD_SOUND_CREATE:          API.GatewayGuildSoundboardSoundCreateDispatchData;
  GUILD_SOUNDBOARD_SOUND_UPDATE:          API.GatewayGuildSoundboardSoundUpdateDispatchData;
  GUILD_SOUNDBOARD_SOUND_DELETE:          API.GatewayGuildSoundboardSoundDeleteDispatchData;
  GUILD_SOUNDBOARD_SOUNDS_UPDATE:         API.GatewayGuildSoundboardSoundsUpdateDispatchData;
  SOUNDBOARD_SOUNDS:                      API.GatewaySoundboardSoundsDispatchData;
  INTEGRATION_CREATE:                     API.GatewayIntegrationCreateDispatchData;
  INTEGRATION_UPDATE:                     API.GatewayIntegrationUpdateDispatchData;
  INTEGRATION_DELETE:                     API.GatewayIntegrationDeleteDispatchData;
  INTERACTION_CREATE:                     API.GatewayInteractionCreateDispatchData;
  INVITE_CREATE:                          API.GatewayInviteCreateDispatchData & FieldsAhead['INVITE_CREATE'];
  INVITE_DELETE:                          API.GatewayInviteDeleteDispatchData;
  MESSAGE_CREATE:                         API.GatewayMessageCreateDispatchData;
  MESSAGE_UPDATE:                         API.GatewayMessageUpdateDispatchData;
  MESSAGE_DELETE:                         API.GatewayMessageDeleteDispatchData;
  MESSAGE_DELETE_BULK:                    API.GatewayMessageDeleteBulkDispatchData;
  MESSAGE_POLL_VOTE_ADD:                  API.GatewayMessagePollVoteDispatchData;
  MESSAGE_POLL_VOTE_REMOVE:               API.GatewayMessagePollVoteDispatchData;
  MESSAGE_REACTION_ADD:                   API.GatewayMessageReactionAddDispatchData;
  MESSAGE_REACTION_REMOVE:                API.GatewayMessageReactionRemoveDispatchData;
  MESSAGE_REACTION_REMOVE_ALL:            API.GatewayMessageReactionRemoveAllDispatchData;
  MESSAGE_REACTION_REMOVE_EMOJI:          API.GatewayMessageReactionRemoveEmojiDispatchData;
  PRESENCE_UPDATE:                        API.GatewayPresenceUpdateDispatchData & FieldsAhead['PRESENCE_UPDATE'];
  STAGE_INSTANCE_CREATE:                  API.GatewayStageInstanceCreateDispatchData;
  STAGE_INSTANCE_UPDATE:                  API.GatewayStageInstanceUpdateDispatchData;
  STAGE_INSTANCE_DELETE:                  API.GatewayStageInstanceDeleteDispatchData;
  TYPING_START:                           API.GatewayTypingStartDispatchData;
  USER_UPDATE:                            API.GatewayUserUpdateDispatchData;
  VOICE_CHANNEL_EFFECT_SEND:              API.GatewayVoiceChannelEffectSendDispatchData;
  VOICE_STATE_UPDATE:                     API.GatewayVoiceStateUpdateDispatchData;
  VOICE_SERVER_UPDATE:                    API.GatewayVoiceServerUpdateDispatchData;
  WEBHOOKS_UPDATE:                        API.GatewayWebhooksUpdateDispatchData;
}

/** The name of a dispatch event that is known; others, which do reach bots, are passed on as they are. */
export type DispatchEventName = keyof DispatchEvents;

/**
 * The 79 names of "Receive Events", in its order, and those of `EVENTS_AHEAD`; Hello, Reconnect and Invalid Session have
 * opcodes of their own.
 */
// biome-ignore format: one subject per line
export const DISPATCH_EVENTS = [
  'READY', 'RESUMED', 'RATE_LIMITED',
  'APPLICATION_COMMAND_PERMISSIONS_UPDATE',
  'AUTO_MODERATION_RULE_CREATE', 'AUTO_MODERATION_RULE_UPDATE', 'AUTO_MODERATION_RULE_DELETE', 'AUTO_MODERATION_ACTION_EXECUTION',
  'CHANNEL_CREATE', 'CHANNEL_UPDATE', 'CHANNEL_DELETE', 'CHANNEL_INFO', 'CHANNEL_PINS_UPDATE',
  'VOICE_CHANNEL_STATUS_UPDATE', 'VOICE_CHANNEL_START_TIME_UPDATE',
  'THREAD_CREATE', 'THREAD_UPDATE', 'THREAD_DELETE', 'THREAD_LIST_SYNC', 'THREAD_MEMBER_UPDATE', 'THREAD_MEMBERS_UPDATE',
  'ENTITLEMENT_CREATE', 'ENTITLEMENT_UPDATE', 'ENTITLEMENT_DELETE',
  'SUBSCRIPTION_CREATE', 'SUBSCRIPTION_UPDATE', 'SUBSCRIPTION_DELETE',
  'GUILD_CREATE', 'GUILD_UPDATE', 'GUILD_DELETE',
  'GUILD_AUDIT_LOG_ENTRY_CREATE', 'GUILD_BAN_ADD', 'GUILD_BAN_REMOVE',
  'GUILD_EMOJIS_UPDATE', 'GUILD_STICKERS_UPDATE', 'GUILD_INTEGRATIONS_UPDATE',
  'GUILD_MEMBER_ADD', 'GUILD_MEMBER_REMOVE', 'GUILD_MEMBER_UPDATE', 'GUILD_MEMBERS_CHUNK',
  'GUILD_ROLE_CREATE', 'GUILD_ROLE_UPDATE', 'GUILD_ROLE_DELETE',
  'GUILD_SCHEDULED_EVENT_CREATE', 'GUILD_SCHEDULED_EVENT_UPDATE', 'GUILD_SCHEDULED_EVENT_DELETE',
  'GUILD_SCHEDULED_EVENT_USER_ADD', 'GUILD_SCHEDULED_EVENT_USER_REMOVE',
  'GUILD_SOUNDBOARD_SOUND_CREATE', 'GUILD_SOUNDBOARD_SOUND_UPDATE', 'GUILD_SOUNDBOARD_SOUND_DELETE',
  'GUILD_SOUNDBOARD_SOUNDS_UPDATE', 'SOUNDBOARD_SOUNDS',
  'INTEGRATION_CREATE', 'INTEGRATION_UPDATE', 'INTEGRATION_DELETE',
  'INTERACTION_CREATE',
  'INVITE_CREATE', 'INVITE_DELETE',
  'MESSAGE_CREATE', 'MESSAGE_UPDATE', 'MESSAGE_DELETE', 'MESSAGE_DELETE_BULK',
  'MESSAGE_POLL_VOTE_ADD', 'MESSAGE_POLL_VOTE_REMOVE',
  'MESSAGE_REACTION_ADD', 'MESSAGE_REACTION_REMOVE', 'MESSAGE_REACTION_REMOVE_ALL', 'MESSAGE_REACTION_REMOVE_EMOJI',
  'PRESENCE_UPDATE',
  'STAGE_INSTANCE_CREATE', 'STAGE_INSTANCE_UPDATE', 'STAGE_INSTANCE_DELETE',
  'TYPING_START',
  'USER_UPDATE',
  'VOICE_CHANNEL_EFFECT_SEND', 'VOICE_STATE_UPDATE', 'VOICE_SERVER_UPDATE',
  'WEBHOOKS_UPDATE',
  ...EVENTS_AHEAD,
] as const satisfies readonly DispatchEventName[];

/** Which intents bring an event: any one of those listed is enough; see `EVENTS`. */
export interface EventRow {
  /** For what happens in a guild. */
  readonly guild: readonly IntentName[];
  /** For what happens in direct messages; empty for an event that knows no such form. */
  readonly direct: readonly IntentName[];
}

// Also checks that the table of intents names no event that does not exist.
const intents: Readonly<
  Record<IntentName, { readonly guild: readonly DispatchEventName[]; readonly direct: readonly DispatchEventName[] }>
> = INTENTS;

const rowOf = (event: DispatchEventName): EventRow => ({
  guild: INTENT_NAMES.filter((name) => intents[name].guild.includes(event)),
  direct: INTENT_NAMES.filter((name) => intents[name].direct.includes(event)),
});

/** The intents of each event, read off `INTENTS` ("List of Intents"); both lists empty: it comes without any intent. */
export const EVENTS = /* @__PURE__ */ Object.fromEntries(
  DISPATCH_EVENTS.map((event) => [event, rowOf(event)]),
) as Readonly<Record<DispatchEventName, EventRow>>;

/** The 16 events that come whatever the intents are ("Gateway Intents"). */
export const EVENTS_WITHOUT_INTENT: readonly DispatchEventName[] = /* @__PURE__ */ DISPATCH_EVENTS.filter(
  (event) => EVENTS[event].guild.length + EVENTS[event].direct.length === 0,
);

/**
 * Whether a dispatch can have this name (`t`): 1 to 64 capitals, digits and `_`, which no event, field or method of ours
 * has. What Discord sends and does not document has such names, too.
 */
export function isDispatchName(name: unknown): name is string {
  if (typeof name !== 'string' || name.length === 0 || name.length > 64) return false;
  // Asked of every dispatch: several times as fast as a pattern.
  for (let at = 0; at < name.length; at += 1) if (!isOfName(name.charCodeAt(at))) return false;
  return true;
}

/** A capital, a digit or `_`. */
const isOfName = (unit: number): boolean => (unit >= 65 && unit <= 90) || (unit >= 48 && unit <= 57) || unit === 95;

/** Whether `name` is a dispatch event of `DISPATCH_EVENTS`. */
export const isDispatchEvent = (name: string): name is DispatchEventName => Object.hasOwn(EVENTS, name);
