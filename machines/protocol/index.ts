/** The documented tables of the Gateway as data: no behaviour but looking things up in them. */

export * from '../kit/closest.js';
export * from './ahead.js';
export * from './check-command.js';
export * from './close-codes.js';
export * from './commands.js';
export * from './conditions.js';
export * from './events.js';
export * from './intents.js';
export * from './limits.js';
export * from './opcodes.js';
export * from './payloads.js';
export type { GatewayVersion } from './url.js'; // and not the one of discord-api-types
export * from './url.js';
export * from './wanted.js';
