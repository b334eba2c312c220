/** What tables that refer to Discord's Gateway documentation are held against. */

/** The sections that tables refer to, by the anchors of their headings; close codes and objects stand on pages of their own. */
export const ANCHORS: readonly string[] = [
  'gateway-events',
  'payload-structure',
  'sending-events',
  'receiving-events',
  'connections',
  'connection-lifecycle',
  'connecting',
  'gateway-url-query-string-params',
  'hello-event',
  'sending-heartbeats',
  'heartbeat-interval',
  'heartbeat-requests',
  'identifying',
  'ready-event',
  'disconnecting',
  'gateway-close-event-codes',
  'initiating-a-disconnect',
  'resuming',
  'gateway-intents',
  'list-of-intents',
  'privileged-intents',
  'rate-limiting',
  'encoding-and-compression',
  'sharding',
  'get-gateway-bot',
  'session-start-limit-object',
  'reconnect',
  'invalid-session',
  'send-events',
  'resume',
  'receive-events',
];

/** Whether a text reads as a clause that may stand behind a colon or before a bracket. */
export const isClause = (text: string): boolean => /^\S.{9,}[^\s.,;:]$/.test(text);

/** The specs that are neither a section of the documentation nor one of our own. */
export const unknownSpecs = (specs: readonly string[], own: readonly string[]): string[] =>
  specs.filter((spec) => {
    const [page, section = ''] = spec.split('#');
    return page === 'gateway' ? !ANCHORS.includes(section) : !own.includes(spec);
  });
