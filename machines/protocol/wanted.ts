/** Which intents a bot needs for the events it wants ("Gateway Intents"). */

import { closest } from '../kit/closest.js';
import { demandGiven, kindOf } from '../kit/shape.js';
import { EVENTS_AHEAD } from './ahead.js';
import { conditionOf } from './conditions.js';
import { DISPATCH_EVENTS, type DispatchEventName, EVENTS, isDispatchEvent } from './events.js';
import { INTENT_NAMES, INTENTS, type IntentName, intentBits, intentNames } from './intents.js';
import { LIMITS } from './limits.js';

const NAMES = { says: "a list of names, such as ['MESSAGE_CREATE']", holds: Array.isArray };

/** Dispatches that an intent brings, by its name. */
export type EventsOf<I extends IntentName> = (typeof INTENTS)[I]['guild' | 'direct'][number];

/** The intents that bring an event, any one of them; none for an event that comes without. */
export type IntentsOf<E extends DispatchEventName> = {
  [I in IntentName]: E extends EventsOf<I> ? I : never;
}[IntentName];

/** Events about the bot itself that come without the intent for those about everybody: with which one, or with none. */
const ABOUT_ITSELF = {
  GUILD_MEMBER_UPDATE: null,
  THREAD_MEMBERS_UPDATE: 'GUILDS',
} as const satisfies Partial<Record<DispatchEventName, IntentName | null>>;

/** Dispatches that can arrive under intents: theirs, and those that need none. */
export type EventsUnder<I extends IntentName> =
  | EventsOf<I>
  | Exclude<DispatchEventName, EventsOf<IntentName>>
  | { [E in keyof typeof ABOUT_ITSELF]: (typeof ABOUT_ITSELF)[E] extends null ? E : never }[keyof typeof ABOUT_ITSELF];

/** What is known of a wanted event. */
export interface WantedEvent {
  readonly event: DispatchEventName;
  /** Intents that bring it from guilds, any one of them. */
  readonly guild: readonly IntentName[];
  /** Intents that bring it from direct messages, any one of them. */
  readonly direct: readonly IntentName[];
  /** How it can arrive under the given intents: `always` needs none, `itself` is about the bot itself alone. */
  readonly arrives: 'always' | 'guild and direct' | 'guild' | 'direct' | 'itself' | 'never';
  readonly remarks: readonly string[];
}

/** Wanted events held against intents. */
export interface IntentReport {
  readonly events: readonly WantedEvent[];
  /** The intents that were given, or derived where none were. */
  readonly intents: readonly IntentName[];
  readonly bits: number;
  /** Those of them that have to be enabled in the Developer Portal. */
  readonly privileged: readonly IntentName[];
  /** Those of them that bring none of the wanted events. */
  readonly unneeded: readonly IntentName[];
  /** Intents that would bring more of the wanted events, from guilds or from direct messages. */
  readonly missing: readonly IntentName[];
}

/**
 * The intents that bring events, from guilds and from direct messages, lowest bit first. Of several that bring one, an
 * intent that needs no approval is taken. Throws a `TypeError` for an event that is not documented.
 */
export function intentsFor(events: readonly DispatchEventName[]): readonly IntentName[] {
  demandGiven('events', events, NAMES);
  const needed = new Set(
    events.map(documented).flatMap((event) => [...easiest(EVENTS[event].guild), ...easiest(EVENTS[event].direct)]),
  );
  return INTENT_NAMES.filter((name) => needed.has(name));
}

/**
 * Explains which wanted event needs which intent; without `intents`, those of `intentsFor`. Throws as `intentsFor` and
 * `intentBits` do.
 */
export function explainIntents(
  events: readonly DispatchEventName[],
  intents: readonly IntentName[] | number = intentsFor(events),
): IntentReport {
  demandGiven('events', events, NAMES);
  const given = intentNames(intentBits(intents));
  const names = new Set(events.map(documented));
  const wanted = DISPATCH_EVENTS.filter((event) => names.has(event)).map((event) => wantedEvent(event, given));
  const brought = (name: IntentName) =>
    wanted.some(({ guild, direct }) => guild.includes(name) || direct.includes(name)) || fills(name, events);
  return {
    events: wanted,
    intents: given,
    bits: intentBits(given),
    privileged: given.filter((name) => INTENTS[name].privileged),
    unneeded: given.filter((name) => !brought(name)),
    missing: intentsFor(events).filter((name) => !given.includes(name) && isMissing(name, wanted, given)),
  };
}

/** The events that can never arrive under the intents. */
export function undeliverable(
  events: readonly DispatchEventName[],
  intents: readonly IntentName[] | number,
): readonly DispatchEventName[] {
  return explainIntents(events, intents).events.flatMap(({ event, arrives }) => (arrives === 'never' ? [event] : []));
}

function easiest(names: readonly IntentName[]): readonly IntentName[] {
  const free = names.find((name) => !INTENTS[name].privileged) ?? names[0];
  return free === undefined ? [] : [free];
}

function wantedEvent(event: DispatchEventName, given: readonly IntentName[]): WantedEvent {
  const { guild, direct } = EVENTS[event];
  return { event, guild, direct, arrives: arrival(event, given), remarks: remarks(event, given) };
}

function arrival(event: DispatchEventName, given: readonly IntentName[]): WantedEvent['arrives'] {
  const { guild, direct } = EVENTS[event];
  if (guild.length + direct.length === 0) return 'always';
  const itself = (ABOUT_ITSELF as Partial<Record<DispatchEventName, IntentName | null>>)[event];
  const byGuild = guild.some((name) => name !== itself && given.includes(name));
  const byDirect = direct.some((name) => given.includes(name));
  if (byGuild && byDirect) return 'guild and direct';
  if (byGuild) return 'guild';
  if (byDirect) return 'direct';
  return itself === null || (itself !== undefined && given.includes(itself)) ? 'itself' : 'never';
}

function isMissing(name: IntentName, wanted: readonly WantedEvent[], given: readonly IntentName[]): boolean {
  const without = (names: readonly IntentName[]) => names.includes(name) && !names.some((each) => given.includes(each));
  return wanted.some(({ guild, direct }) => without(guild) || without(direct));
}

const MESSAGES: readonly DispatchEventName[] = ['MESSAGE_CREATE', 'MESSAGE_UPDATE'];

/** Intents that bring no such event, and let more be in it ("Message Content Intent", "Guild Create", "Request Guild Members"). */
const FILLED: Partial<Record<IntentName, readonly DispatchEventName[]>> = {
  MESSAGE_CONTENT: [...MESSAGES, 'AUTO_MODERATION_ACTION_EXECUTION'],
  GUILD_PRESENCES: ['GUILD_CREATE', 'GUILD_MEMBERS_CHUNK'],
  GUILD_MEMBERS: ['GUILD_MEMBERS_CHUNK'],
};

const fills = (name: IntentName, events: readonly DispatchEventName[]): boolean =>
  FILLED[name]?.some((event) => events.includes(event)) ?? false;

function remarks(event: DispatchEventName, given: readonly IntentName[]): readonly string[] {
  const all: readonly (readonly [applies: boolean, remark: string])[] = [
    [isAhead(event), 'reaches bots, but is not documented yet'],
    [
      MESSAGES.includes(event) && !given.includes('MESSAGE_CONTENT'),
      'content, embeds, attachments and components are empty without MESSAGE_CONTENT, and poll is missing, but in direct messages, mentions of the bot and its own messages',
    ],
    [
      MESSAGES.includes(event) && !given.includes('DIRECT_MESSAGES'),
      'ephemeral messages, those of guilds too, come with DIRECT_MESSAGES only',
    ],
    [
      event === 'AUTO_MODERATION_ACTION_EXECUTION' && !given.includes('MESSAGE_CONTENT'),
      'content and matched_content are empty without MESSAGE_CONTENT',
    ],
    [
      event === 'GUILD_CREATE' && !given.includes('GUILD_PRESENCES'),
      'members and presences hold the bot and those in voice channels only without GUILD_PRESENCES',
    ],
    [
      event === 'GUILD_CREATE' && given.includes('GUILD_PRESENCES'),
      `members and presences hold the bot and those in voice channels only, of guilds with over ${LIMITS.listedMembers} members`,
    ],
    [
      event === 'GUILD_MEMBERS_CHUNK' && !given.includes('GUILD_MEMBERS'),
      'all members of a guild may be asked for with GUILD_MEMBERS only',
    ],
    [
      event === 'GUILD_MEMBER_UPDATE' && !given.includes('GUILD_MEMBERS'),
      'about the bot itself only; about everyone with GUILD_MEMBERS',
    ],
    [
      event === 'THREAD_MEMBERS_UPDATE' && !given.includes('GUILD_MEMBERS'),
      'about the bot itself only; about everyone with GUILD_MEMBERS',
    ],
    [
      event === 'VOICE_SERVER_UPDATE' && !given.includes('GUILD_VOICE_STATES'),
      'to join voice the own VOICE_STATE_UPDATE is needed too, which comes with GUILD_VOICE_STATES only',
    ],
  ];
  const condition = conditionOf(event);
  return [...all.flatMap(([applies, remark]) => (applies ? [remark] : [])), ...(condition === null ? [] : [condition])];
}

const isAhead = (event: DispatchEventName): boolean => (EVENTS_AHEAD as readonly string[]).includes(event);

function documented(event: DispatchEventName): DispatchEventName {
  if (isDispatchEvent(event)) return event;
  throw new TypeError(unknownEvent(event));
}

/** What to say of a name that is not documented: `messageCreate` leads to MESSAGE_CREATE. */
export function unknownEvent(name: unknown): string {
  const isName = typeof name === 'string' && /^[\w -]{1,60}$/.test(name); // anything else might be a secret
  const meant = isName ? closest(name, DISPATCH_EVENTS) : undefined;
  const shown = isName ? JSON.stringify(name) : `of that name (${kindOf(name)})`;
  return `there is no documented event ${shown}${meant === undefined ? '' : `: write ${meant}`}`;
}
