/** What tables that refer to Discord's Gateway documentation are held against. */
import { CLAUSES } from '../../machines/protocol/clauses.js';

/**
 * The anchors that tables refer to, by page: of headings, and the ones that a page sets itself above a table. From the
 * documentation's sources, discord/discord-api-docs.
 */
export const HEADINGS: Readonly<Record<string, readonly string[]>> = {
  'events/gateway': [
    'gateway-events',
    'sending-events',
    'receiving-events',
    'connections',
    'connection-lifecycle',
    'connecting',
    'connecting-gateway-url-query-string-params',
    'hello-event',
    'sending-heartbeats',
    'heartbeat-interval',
    'heartbeat-requests',
    'identifying',
    'ready-event',
    'disconnecting',
    'handling-a-disconnect',
    'initiating-a-disconnect',
    'resuming',
    'preparing-to-resume',
    'gateway-intents',
    'list-of-intents',
    'privileged-intents',
    'rate-limiting',
    'encoding-and-compression',
    'transport-compression',
    'sharding',
    'get-gateway',
    'get-gateway-bot',
    'session-start-limit-object',
  ],
  'events/gateway-events': [
    'payload-structure',
    'send-events',
    'identify',
    'resume',
    'heartbeat',
    'receive-events',
    'hello',
    'ready',
    'resumed',
    'reconnect',
    'invalid-session',
  ],
  'topics/opcodes-and-status-codes': [
    'gateway-gateway-opcodes',
    'gateway-gateway-close-event-codes',
    'voice-voice-opcodes',
    'voice-voice-close-event-codes',
  ],
  'topics/voice-connections': ['voice-gateway-versioning-gateway-versions'],
};

/** Whether a text reads as a clause that may stand behind a colon or before a bracket. */
export const isClause = (text: string): boolean => /^\S.{9,}[^\s.,;:]$/.test(text);

/** The specs that are neither a section of the documentation nor one of our own. */
export const unknownSpecs = (specs: readonly string[], own: readonly string[]): string[] =>
  specs.filter((spec) => {
    return spec.startsWith('gateway#') ? !Object.hasOwn(CLAUSES, spec) : !own.includes(spec);
  });
