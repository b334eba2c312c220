import { closest } from '../kit/closest.js';
import { demandGiven, isNumber, kindOf } from '../kit/shape.js';

/** What the documentation says of an intent; see `INTENTS`. */
export interface Intent {
  /** The position of its bit, from 0. */
  readonly bit: number;
  /** Whether it has to be enabled in the Developer Portal, and approved for larger bots. */
  readonly privileged: boolean;
  /** The names it had before. */
  readonly formerly: readonly string[];
  /** The events it brings from guilds. */
  readonly guild: readonly string[];
  /** The events it brings from direct messages. */
  readonly direct: readonly string[];
}

/** The 21 intents and the events each one brings, in the order of "List of Intents". */
// biome-ignore format: aligned table
export const INTENTS = {
  GUILDS: { bit: 0, privileged: false, formerly: [], guild: [
    'GUILD_CREATE', 'GUILD_UPDATE', 'GUILD_DELETE', 'GUILD_ROLE_CREATE', 'GUILD_ROLE_UPDATE', 'GUILD_ROLE_DELETE',
    'CHANNEL_CREATE', 'CHANNEL_UPDATE', 'CHANNEL_DELETE', 'CHANNEL_PINS_UPDATE',
    'THREAD_CREATE', 'THREAD_UPDATE', 'THREAD_DELETE', 'THREAD_LIST_SYNC', 'THREAD_MEMBER_UPDATE',
    'THREAD_MEMBERS_UPDATE', // about the bot itself only
    'STAGE_INSTANCE_CREATE', 'STAGE_INSTANCE_UPDATE', 'STAGE_INSTANCE_DELETE',
    'VOICE_CHANNEL_STATUS_UPDATE', 'VOICE_CHANNEL_START_TIME_UPDATE',
  ], direct: [] },
  GUILD_MEMBERS: { bit: 1, privileged: true, formerly: [], guild: [
    'GUILD_MEMBER_ADD',
    'GUILD_MEMBER_UPDATE', // about the bot itself it comes without any intent
    'GUILD_MEMBER_REMOVE',
    'THREAD_MEMBERS_UPDATE', // about everyone
  ], direct: [] },
  GUILD_MODERATION: { bit: 2, privileged: false, formerly: ['GUILD_BANS'], guild: [
    'GUILD_AUDIT_LOG_ENTRY_CREATE', 'GUILD_BAN_ADD', 'GUILD_BAN_REMOVE',
    'GUILD_JOIN_REQUEST_CREATE', 'GUILD_JOIN_REQUEST_UPDATE', 'GUILD_JOIN_REQUEST_DELETE', // not documented yet
  ], direct: [] },
  GUILD_EXPRESSIONS: { bit: 3, privileged: false, formerly: ['GUILD_EMOJIS_AND_STICKERS', 'GUILD_EMOJIS'], guild: [
    'GUILD_EMOJIS_UPDATE', 'GUILD_STICKERS_UPDATE',
    'GUILD_SOUNDBOARD_SOUND_CREATE', 'GUILD_SOUNDBOARD_SOUND_UPDATE', 'GUILD_SOUNDBOARD_SOUND_DELETE', 'GUILD_SOUNDBOARD_SOUNDS_UPDATE',
  ], direct: [] },
  GUILD_INTEGRATIONS: { bit: 4, privileged: false, formerly: [], guild: [
    'GUILD_INTEGRATIONS_UPDATE', 'INTEGRATION_CREATE', 'INTEGRATION_UPDATE', 'INTEGRATION_DELETE',
  ], direct: [] },
  GUILD_WEBHOOKS:     { bit: 5, privileged: false, formerly: [], guild: ['WEBHOOKS_UPDATE'], direct: [] },
  GUILD_INVITES:      { bit: 6, privileged: false, formerly: [], guild: ['INVITE_CREATE', 'INVITE_DELETE'], direct: [] },
  GUILD_VOICE_STATES: { bit: 7, privileged: false, formerly: [], guild: ['VOICE_CHANNEL_EFFECT_SEND', 'VOICE_STATE_UPDATE'], direct: [] }, // the bot's own voice state included
  GUILD_PRESENCES:    { bit: 8, privileged: true,  formerly: [], guild: ['PRESENCE_UPDATE'], direct: [] },
  GUILD_MESSAGES: { bit: 9, privileged: false, formerly: [], guild: [
    'MESSAGE_CREATE', 'MESSAGE_UPDATE', 'MESSAGE_DELETE', 'MESSAGE_DELETE_BULK',
  ], direct: [] },
  GUILD_MESSAGE_REACTIONS: { bit: 10, privileged: false, formerly: [], guild: [
    'MESSAGE_REACTION_ADD', 'MESSAGE_REACTION_REMOVE', 'MESSAGE_REACTION_REMOVE_ALL', 'MESSAGE_REACTION_REMOVE_EMOJI',
  ], direct: [] },
  GUILD_MESSAGE_TYPING: { bit: 11, privileged: false, formerly: [], guild: ['TYPING_START'], direct: [] },
  DIRECT_MESSAGES: { bit: 12, privileged: false, formerly: [], guild: [], direct: [ // ephemeral messages come this way too, even those of a guild
    'MESSAGE_CREATE', 'MESSAGE_UPDATE', 'MESSAGE_DELETE', 'CHANNEL_PINS_UPDATE',
  ] },
  DIRECT_MESSAGE_REACTIONS: { bit: 13, privileged: false, formerly: [], guild: [], direct: [
    'MESSAGE_REACTION_ADD', 'MESSAGE_REACTION_REMOVE', 'MESSAGE_REACTION_REMOVE_ALL', 'MESSAGE_REACTION_REMOVE_EMOJI',
  ] },
  DIRECT_MESSAGE_TYPING: { bit: 14, privileged: false, formerly: [], guild: [], direct: ['TYPING_START'] },
  MESSAGE_CONTENT:       { bit: 15, privileged: true,  formerly: [], guild: [], direct: [] }, // no events of its own: it fills content, embeds, attachments, components and poll
  GUILD_SCHEDULED_EVENTS: { bit: 16, privileged: false, formerly: [], guild: [
    'GUILD_SCHEDULED_EVENT_CREATE', 'GUILD_SCHEDULED_EVENT_UPDATE', 'GUILD_SCHEDULED_EVENT_DELETE',
    'GUILD_SCHEDULED_EVENT_USER_ADD', 'GUILD_SCHEDULED_EVENT_USER_REMOVE',
    'GUILD_SCHEDULED_EVENT_EXCEPTION_CREATE', 'GUILD_SCHEDULED_EVENT_EXCEPTION_UPDATE', 'GUILD_SCHEDULED_EVENT_EXCEPTION_DELETE', // not documented yet
  ], direct: [] },
  AUTO_MODERATION_CONFIGURATION: { bit: 20, privileged: false, formerly: [], guild: [
    'AUTO_MODERATION_RULE_CREATE', 'AUTO_MODERATION_RULE_UPDATE', 'AUTO_MODERATION_RULE_DELETE',
  ], direct: [] },
  AUTO_MODERATION_EXECUTION: { bit: 21, privileged: false, formerly: [], guild: ['AUTO_MODERATION_ACTION_EXECUTION'], direct: [] },
  GUILD_MESSAGE_POLLS:       { bit: 24, privileged: false, formerly: [], guild: ['MESSAGE_POLL_VOTE_ADD', 'MESSAGE_POLL_VOTE_REMOVE'], direct: [] },
  DIRECT_MESSAGE_POLLS:      { bit: 25, privileged: false, formerly: [], guild: [], direct: ['MESSAGE_POLL_VOTE_ADD', 'MESSAGE_POLL_VOTE_REMOVE'] },
} as const satisfies Record<string, Intent>;

/** The name of an intent, as in "List of Intents". */
export type IntentName = keyof typeof INTENTS;

/** All intent names, lowest bit first. */
export const INTENT_NAMES = /* @__PURE__ */ Object.keys(INTENTS) as readonly IntentName[];

const bitOf = (name: IntentName): number => 1 << INTENTS[name].bit;
const union = (names: readonly IntentName[]): number => names.reduce((bits, name) => bits | bitOf(name), 0);

/** The value of each intent's bit by name, such as `Intents.GUILDS` = 1, to be joined with `|`. */
export const Intents = /* @__PURE__ */ Object.fromEntries(INTENT_NAMES.map((name) => [name, bitOf(name)])) as Readonly<
  Record<IntentName, number>
>;

/** The bits of all intents. */
export const ALL_INTENTS: number = /* @__PURE__ */ union(INTENT_NAMES);

/** The bits of the intents that have to be enabled in the Developer Portal ("Privileged Intents"). */
export const PRIVILEGED_INTENTS: number = /* @__PURE__ */ union(
  INTENT_NAMES.filter((name) => INTENTS[name].privileged),
);

/** The bits of all intents that need no approval. */
export const UNPRIVILEGED_INTENTS: number = /* @__PURE__ */ (() => ALL_INTENTS & ~PRIVILEGED_INTENTS)();

/** Intents that Discord would answer with 4013, or that are no intents at all. */
export class InvalidIntentsError extends TypeError {
  override readonly name = 'InvalidIntentsError';
  readonly code = 'ERR_INTENTS';
}

/**
 * The bit field for Identify ("Gateway Intents") from names and bits, or from a bit field; 0 and an empty list are legal.
 * Throws an `InvalidIntentsError` for a name or bit that does not exist.
 */
export function intentBits(intents: readonly (IntentName | number)[] | number): number {
  if (typeof intents === 'number') return checkedBits(intents);
  if (Array.isArray(intents)) return intents.reduce((bits, each) => bits | bitsOf(each), 0);
  const asList = typeof intents === 'string' && Object.hasOwn(INTENTS, intents) ? `: write ['${intents}']` : '';
  throw new InvalidIntentsError(`intents must be a list of names or a bit field, not ${shown(intents)}${asList}`);
}

/** The names of the intents in a bit field, lowest bit first; bits that do not exist are left out. */
export function intentNames(bits: number): IntentName[] {
  demandGiven('bits', bits, isNumber);
  return INTENT_NAMES.filter((name) => (bits & bitOf(name)) !== 0);
}

const bitsOf = (intent: unknown): number =>
  typeof intent === 'number' ? checkedBits(intent) : bitOf(checkedName(intent));

function checkedName(name: unknown): IntentName {
  if (typeof name === 'string' && Object.hasOwn(INTENTS, name)) return name as IntentName;
  const named = typeof name === 'string' ? shown(name) : `of that name (${kindOf(name)})`;
  throw new InvalidIntentsError(`there is no intent ${named}${hintFor(name)}`);
}

function checkedBits(bits: number): number {
  if (!Number.isSafeInteger(bits) || bits < 0) {
    throw new InvalidIntentsError(`an intent bit field is a whole number from 0 to ${ALL_INTENTS}, not ${bits}`);
  }
  const strange = BigInt(bits) & ~BigInt(ALL_INTENTS);
  if (strange === 0n) return bits;
  const positions = [...strange.toString(2)].reverse().flatMap((bit, position) => (bit === '1' ? [position] : []));
  throw new InvalidIntentsError(
    `no intent has bit ${positions.join(', ')} of ${bits}: Discord would close with 4013; the highest is ${INTENTS.DIRECT_MESSAGE_POLLS.bit}`,
  );
}

/** `GuildMessages`, `guild-messages`, `GUILD_MESAGES` and former names all lead to the name that is right today. */
function hintFor(name: unknown): string {
  const former = INTENT_NAMES.flatMap((known) => INTENTS[known].formerly.map((before) => [before, known] as const));
  const today = new Map<string, IntentName>([...former, ...INTENT_NAMES.map((known) => [known, known] as const)]);
  const meant = typeof name === 'string' ? today.get(closest(name, [...today.keys()]) ?? '') : undefined;
  return meant === undefined ? `; there are ${INTENT_NAMES.join(', ')}` : `: write ${meant}`;
}

/** Shows what looks like a name, and of anything else, which might be a secret in the wrong place, the type. */
function shown(value: unknown): string {
  return typeof value === 'string' && /^[\w -]{0,40}$/.test(value) ? JSON.stringify(value) : kindOf(value);
}
