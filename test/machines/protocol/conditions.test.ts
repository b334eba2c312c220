/** The table against documented.json, a transcription of Discord's documentation made apart from it, in both directions. */
import { GuildFeature, PermissionFlagsBits } from 'discord-api-types/v10';
import { describe, expect, it } from 'vitest';
import { CONDITIONS, type Condition, conditionOf } from '../../../machines/protocol/conditions.js';
import { DISPATCH_EVENTS } from '../../../machines/protocol/events.js';
import documented from './documented.json' with { type: 'json' };

const conditions: readonly (readonly [string, Condition])[] = Object.entries(CONDITIONS);

/** `GUILD_BAN_*` stands for every event that begins so. */
const eventsOf = (pattern: string) =>
  pattern.endsWith('*')
    ? DISPATCH_EVENTS.filter((event) => event.startsWith(pattern.slice(0, -1)))
    : DISPATCH_EVENTS.filter((event) => event === pattern);

/** What each event is said to need, by event. */
function byEvent(rows: readonly (readonly [needed: string, patterns: readonly string[]])[]): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const [needed, patterns] of rows) {
    for (const event of patterns.flatMap(eventsOf)) found[event] = [...(found[event] ?? []), needed];
  }
  return found;
}

describe('conditions beside intents', () => {
  it('are the documented permissions, any one of them', () => {
    const ours = conditions.map(([event, { permissions }]) => [event, [...permissions].sort()]);
    expect(Object.fromEntries(ours)).toEqual(byEvent(Object.entries(documented.permissions)));
  });

  it('hold on the channel where the documentation says so', () => {
    for (const [event, { permissions, inChannel }] of conditions) {
      const onChannel = permissions.every((each) => documented.permissionsOnTheChannel.includes(each));
      expect([event, inChannel ?? false]).toEqual([event, onChannel]);
    }
  });

  it('are the documented features of a guild, all of them', () => {
    const theirs = Object.entries(documented.guildFeatures).flatMap(([pattern, features]) =>
      features.map((feature) => [feature, [pattern]] as const),
    );
    const ours = conditions.flatMap(([event, { features }]) => (features === undefined ? [] : [[event, features]]));
    expect(Object.fromEntries(ours)).toEqual(byEvent(theirs));
  });

  it('name permissions and features as discord-api-types does, but for one feature that it does not have yet', () => {
    const plain = (name: string) => name.toLowerCase().replaceAll('_', '');
    const permissions = Object.keys(PermissionFlagsBits).map(plain);
    for (const [, row] of conditions) expect(permissions).toEqual(expect.arrayContaining(row.permissions.map(plain)));
    const features = new Set(conditions.flatMap(([, row]) => row.features ?? []));
    const known: readonly string[] = Object.values(GuildFeature);
    expect([...features].filter((feature) => !known.includes(feature))).toEqual([
      'MEMBER_VERIFICATION_MANUAL_APPROVAL',
    ]);
  });

  it('are told in words', () => {
    expect(conditionOf('READY')).toBeNull();
    expect(conditionOf('GUILD_BAN_ADD')).toBe('only with the permission BAN_MEMBERS or VIEW_AUDIT_LOG');
    expect(conditionOf('INVITE_CREATE')).toBe('only with the permission MANAGE_CHANNELS in the channel');
    expect(conditionOf('GUILD_JOIN_REQUEST_CREATE')).toBe(
      'only with the permission KICK_MEMBERS, in guilds with MEMBER_VERIFICATION_GATE_ENABLED and MEMBER_VERIFICATION_MANUAL_APPROVAL',
    );
  });
});
