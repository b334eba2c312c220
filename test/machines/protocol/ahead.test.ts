/** What is declared here because discord-api-types does not have it: a row that fails is one to delete. */
import type * as API from 'discord-api-types/v10';
import { GatewayDispatchEvents } from 'discord-api-types/v10';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { EVENTS_AHEAD, type EventsAhead, type FieldsAhead } from '../../../machines/protocol/ahead.js';
import type { DispatchEvents } from '../../../machines/protocol/events.js';
import { compiles } from '../../support/compiles.js';

type Theirs = { [Payload in API.GatewayDispatchPayload as `${Payload['t']}`]: Payload['d'] };
type KeysOf<T> = T extends object ? keyof T : never;

describe('what is ahead of discord-api-types', () => {
  it('is no event that it has', () => {
    const known: readonly string[] = Object.values(GatewayDispatchEvents);
    expect(EVENTS_AHEAD.filter((event) => known.includes(event))).toEqual([]);
    expectTypeOf<keyof EventsAhead>().toEqualTypeOf<(typeof EVENTS_AHEAD)[number]>();
    expectTypeOf<keyof EventsAhead & keyof Theirs>().toBeNever();
  });

  compiles('is no field that it has', () => {
    type Known<Event extends Exclude<keyof FieldsAhead, 'PRESENCE_UPDATE'>> = KeysOf<Theirs[Event]> &
      keyof FieldsAhead[Event];
    expectTypeOf<Known<'GUILD_SCHEDULED_EVENT_USER_ADD'>>().toBeNever();
    expectTypeOf<Known<'GUILD_SCHEDULED_EVENT_USER_REMOVE'>>().toBeNever();
    expectTypeOf<Known<'INVITE_CREATE'>>().toBeNever();
    expectTypeOf<KeysOf<API.GatewayPresenceClientStatus> & 'embedded'>().toBeNever();
    expectTypeOf<keyof FieldsAhead>().toEqualTypeOf<
      'GUILD_SCHEDULED_EVENT_USER_ADD' | 'GUILD_SCHEDULED_EVENT_USER_REMOVE' | 'INVITE_CREATE' | 'PRESENCE_UPDATE'
    >();
  });

  compiles('stands beside what it has', () => {
    type Added = DispatchEvents['GUILD_SCHEDULED_EVENT_USER_ADD'];
    expectTypeOf<Added['guild_scheduled_event_exception_id']>().toEqualTypeOf<string | undefined>();
    expectTypeOf<Added['user_id']>().toEqualTypeOf<string>();
    type Status = NonNullable<DispatchEvents['PRESENCE_UPDATE']['client_status']>;
    expectTypeOf<Status['embedded']>().toEqualTypeOf<Status['vr']>();
    expectTypeOf<DispatchEvents['GUILD_SCHEDULED_EVENT_EXCEPTION_DELETE']['is_canceled']>().toEqualTypeOf<
      boolean | null
    >();
    expectTypeOf<DispatchEvents['GUILD_JOIN_REQUEST_DELETE']>().toEqualTypeOf<{
      id: string;
      guild_id: string;
      user_id: string;
    }>();
  });
});
