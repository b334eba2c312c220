/** Which intents a bot needs for the events it wants ("Gateway Intents"). */
import { DISPATCH_EVENTS, type DispatchEventName, EVENTS } from './events.js';
import { INTENT_NAMES, INTENTS, type IntentName, intentBits, intentNames } from './intents.js';

/** Dispatches that an intent brings, by its name. */
export type EventsOf<I extends IntentName> = (typeof INTENTS)[I]['guild' | 'direct'][number];

/** The intents that bring an event, any one of them; none for an event that comes without. */
export type IntentsOf<E extends DispatchEventName> = {
  [I in IntentName]: E extends EventsOf<I> ? I : never;
}[IntentName];

/** What is known of a wanted event. */
export interface WantedEvent {
  readonly event: DispatchEventName;
  /** Intents that bring it from guilds, any one of them. */
  readonly guild: readonly IntentName[];
  /** Intents that bring it from direct messages, any one of them. */
  readonly direct: readonly IntentName[];
  /** How it can arrive under the given intents: `always` needs none. */
  readonly arrives: 'always' | 'guild and direct' | 'guild' | 'direct' | 'never';
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
 * intent that needs no approval is taken.
 */
export function intentsFor(events: readonly DispatchEventName[]): readonly IntentName[] {
  const needed = new Set(
    events.flatMap((event) => [...easiest(EVENTS[event].guild), ...easiest(EVENTS[event].direct)]),
  );
  return INTENT_NAMES.filter((name) => needed.has(name));
}

/** Explains which wanted event needs which intent; without `intents`, those of `intentsFor`. */
export function explainIntents(
  events: readonly DispatchEventName[],
  intents: readonly IntentName[] | number = intentsFor(events),
): IntentReport {
  const given = intentNames(intentBits(intents));
  const wanted = DISPATCH_EVENTS.filter((event) => events.includes(event)).map((event) => wantedEvent(event, given));
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
  const has = (names: readonly IntentName[]) => names.some((name) => given.includes(name));
  return {
    event,
    guild,
    direct,
    arrives: arrival(has(guild), has(direct), EVENTS[event]),
    remarks: remarks(event, given),
  };
}

function arrival(
  byGuild: boolean,
  byDirect: boolean,
  { guild, direct }: Pick<WantedEvent, 'guild' | 'direct'>,
): WantedEvent['arrives'] {
  if (guild.length + direct.length === 0) return 'always';
  if (byGuild && byDirect) return 'guild and direct';
  if (byGuild) return 'guild';
  return byDirect ? 'direct' : 'never';
}

function isMissing(name: IntentName, wanted: readonly WantedEvent[], given: readonly IntentName[]): boolean {
  const without = (names: readonly IntentName[]) => names.includes(name) && !names.some((each) => given.includes(each));
  return wanted.some(({ guild, direct }) => without(guild) || without(direct));
}

const MESSAGES: readonly DispatchEventName[] = ['MESSAGE_CREATE', 'MESSAGE_UPDATE'];

/** MESSAGE_CONTENT brings no event and fills those of messages. */
const fills = (name: IntentName, events: readonly DispatchEventName[]): boolean =>
  name === 'MESSAGE_CONTENT' && events.some((event) => MESSAGES.includes(event));

function remarks(event: DispatchEventName, given: readonly IntentName[]): readonly string[] {
  const all: readonly (readonly [applies: boolean, remark: string])[] = [
    [
      MESSAGES.includes(event) && !given.includes('MESSAGE_CONTENT'),
      'content, embeds, attachments and components are empty without MESSAGE_CONTENT, but in direct messages and mentions of the bot',
    ],
    [
      MESSAGES.includes(event) && !given.includes('DIRECT_MESSAGES'),
      'ephemeral messages, those of guilds too, come with DIRECT_MESSAGES only',
    ],
    [event === 'GUILD_MEMBER_UPDATE', 'about the bot itself it comes without any intent'],
    [
      event === 'THREAD_MEMBERS_UPDATE' && !given.includes('GUILD_MEMBERS'),
      'about the bot itself only; about everyone with GUILD_MEMBERS',
    ],
    [
      event === 'VOICE_SERVER_UPDATE' && !given.includes('GUILD_VOICE_STATES'),
      'to join voice the own VOICE_STATE_UPDATE is needed too, which comes with GUILD_VOICE_STATES only',
    ],
  ];
  return all.flatMap(([applies, remark]) => (applies ? [remark] : []));
}
