/** The types of payloads by their names in discord-api-types, so that every type that is inferred from an event has a name. */
export type * from 'discord-api-types/gateway/v10';
export type * from 'discord-api-types/globals';
export type * from 'discord-api-types/payloads/v10';
