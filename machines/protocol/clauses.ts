/** Discord's documentation of its API. */
const DOCUMENTATION = 'https://docs.discord.com/developers';

/**
 * Where each clause stands that charts, causes, laws and rules refer to: the page of Discord's documentation and the
 * anchor on it, in the order of its pages. What is not from there has no row: `policy#…` is ours to choose, `user` an
 * order, `fault` one to go wrong, `chart#…` the form of a chart.
 */
// biome-ignore format: aligned table
export const CLAUSES = {
  'gateway#gateway-events':                  { page: 'events/gateway',                  anchor: 'gateway-events' },
  'gateway#sending-events':                  { page: 'events/gateway',                  anchor: 'sending-events' },
  'gateway#connections':                     { page: 'events/gateway',                  anchor: 'connections' },
  'gateway#connection-lifecycle':            { page: 'events/gateway',                  anchor: 'connection-lifecycle' },
  'gateway#connecting':                      { page: 'events/gateway',                  anchor: 'connecting' },
  'gateway#gateway-url-query-string-params': { page: 'events/gateway',                  anchor: 'connecting-gateway-url-query-string-params' },
  'gateway#hello-event':                     { page: 'events/gateway',                  anchor: 'hello-event' },
  'gateway#sending-heartbeats':              { page: 'events/gateway',                  anchor: 'sending-heartbeats' },
  'gateway#heartbeat-interval':              { page: 'events/gateway',                  anchor: 'heartbeat-interval' },
  'gateway#heartbeat-requests':              { page: 'events/gateway',                  anchor: 'heartbeat-requests' },
  'gateway#identifying':                     { page: 'events/gateway',                  anchor: 'identifying' },
  'gateway#ready-event':                     { page: 'events/gateway',                  anchor: 'ready-event' },
  'gateway#disconnecting':                   { page: 'events/gateway',                  anchor: 'disconnecting' },
  'gateway#initiating-a-disconnect':         { page: 'events/gateway',                  anchor: 'initiating-a-disconnect' },
  'gateway#resuming':                        { page: 'events/gateway',                  anchor: 'resuming' },
  'gateway#gateway-intents':                 { page: 'events/gateway',                  anchor: 'gateway-intents' },
  'gateway#privileged-intents':              { page: 'events/gateway',                  anchor: 'privileged-intents' },
  'gateway#rate-limiting':                   { page: 'events/gateway',                  anchor: 'rate-limiting' },
  'gateway#encoding-and-compression':        { page: 'events/gateway',                  anchor: 'encoding-and-compression' },
  'gateway#sharding':                        { page: 'events/gateway',                  anchor: 'sharding' },
  'gateway#get-gateway-bot':                 { page: 'events/gateway',                  anchor: 'get-gateway-bot' },
  'gateway#session-start-limit-object':      { page: 'events/gateway',                  anchor: 'session-start-limit-object' },
  'gateway#payload-structure':               { page: 'events/gateway-events',           anchor: 'payload-structure' },
  'gateway#send-events':                     { page: 'events/gateway-events',           anchor: 'send-events' },
  'gateway#resume':                          { page: 'events/gateway-events',           anchor: 'resume' },
  'gateway#reconnect':                       { page: 'events/gateway-events',           anchor: 'reconnect' },
  'gateway#invalid-session':                 { page: 'events/gateway-events',           anchor: 'invalid-session' },
  'gateway#gateway-opcodes':                 { page: 'topics/opcodes-and-status-codes', anchor: 'gateway-gateway-opcodes' },
  'gateway#gateway-close-event-codes':       { page: 'topics/opcodes-and-status-codes', anchor: 'gateway-gateway-close-event-codes' },
  'voice#voice-opcodes':                     { page: 'topics/opcodes-and-status-codes', anchor: 'voice-voice-opcodes' },
  'voice#voice-close-event-codes':           { page: 'topics/opcodes-and-status-codes', anchor: 'voice-voice-close-event-codes' },
  'voice#voice-gateway-versioning':          { page: 'topics/voice-connections',        anchor: 'voice-gateway-versioning-gateway-versions' },
} as const satisfies Record<string, { readonly page: string; readonly anchor: string }>;

/** The link to a clause; null for one that is not from Discord's documentation. */
export function clauseUrl(spec: string): string | null {
  if (!Object.hasOwn(CLAUSES, spec)) return null;
  const { page, anchor } = CLAUSES[spec as keyof typeof CLAUSES];
  return `${DOCUMENTATION}/${page}#${anchor}`;
}
