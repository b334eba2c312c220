/** What has to hold for the two charts together: a sentence each, and the clause it comes from. */

interface PropertyRow {
  readonly spec: string;
  readonly says: string;
  /** `safety` holds whenever timers fire; `progress` if nothing that can go on at once is kept waiting for them. */
  readonly kind: 'safety' | 'progress' | 'liveness';
}

// biome-ignore format: aligned table
export const PROPERTIES = {
  deliveredTwice:  { kind: 'safety',   spec: 'gateway#resuming',         says: 'No dispatch is delivered twice while its session lives' },
  lost:            { kind: 'safety',   spec: 'gateway#resuming',         says: 'No dispatch is lost while its session lives' },
  staleReceived:   { kind: 'safety',   spec: 'gateway#connections',      says: 'Nothing that a given-up connection or question still brings moves the shard' },
  staleAnswered:   { kind: 'safety',   spec: 'gateway#connections',      says: 'Nothing that a given-up connection still brings moves the Gateway' },
  twoSockets:      { kind: 'safety',   spec: 'gateway#connections',      says: 'No socket is opened while another is open' },
  sentUnopened:    { kind: 'safety',   spec: 'gateway#connections',      says: 'Nothing is sent on a socket that is not open' },
  identifiedUnasked: { kind: 'safety', spec: 'gateway#rate-limiting',    says: 'Identify goes out only when a permit has been granted, and at once' },
  sessionKept:     { kind: 'safety',   spec: 'gateway#invalid-session',  says: 'A session that the Gateway has told to be over is not kept' },
  reconnected:     { kind: 'safety',   spec: 'gateway#gateway-close-event-codes', says: 'After a close code that forbids it there is no reconnect without a start' },
  givenUp:         { kind: 'safety',   spec: 'gateway#resuming',         says: 'A session is not given up before a resume was tried in vain, unless by order or as the Gateway or the locator said so' },
  endedKept:       { kind: 'safety',   spec: 'gateway#initiating-a-disconnect', says: 'A session that the shard keeps is not ended by a close with 1000 or 1001' },
  leftBehind:      { kind: 'safety',   spec: 'gateway#initiating-a-disconnect', says: 'A session that the shard gives up by a close is ended by it, with 1000 or 1001' },
  idleUnasked:     { kind: 'safety',   spec: 'gateway#disconnecting',    says: 'The shard stops by order only, and fails only where the token is refused, a permit is refused for good, or a close code forbids to reconnect' },
  resumedTooOften: { kind: 'safety',   spec: 'gateway#gateway-close-event-codes', says: 'After a code that allows one resume, and came in answer to one, there is no other' },
  faultOfClient:   { kind: 'safety',   spec: 'gateway#gateway-close-event-codes', says: 'The Gateway never has to close with 4001, 4002, 4003, 4005 or 4007' },
  deadlock:        { kind: 'progress', spec: 'gateway#connection-lifecycle', says: 'In every state something goes on by itself' },
  stuck:           { kind: 'progress', spec: 'gateway#connection-lifecycle', says: 'From every state the session gets ready and live once nothing goes wrong any more' },
  unready:        { kind: 'liveness', spec: 'gateway#connection-lifecycle', says: 'However things go on from a state, the session gets ready and live, if timers that stay armed fire and nothing goes wrong any more' },
  spin:            { kind: 'progress', spec: 'policy#waits',             says: 'Nothing goes round by itself without a delay' },
  hammer:          { kind: 'progress', spec: 'policy#waits',             says: 'No socket is opened again without a delay, whatever the Gateway does' },
} as const satisfies Record<string, PropertyRow>;

/** The name of a property. */
export type Property = keyof typeof PROPERTIES;

/** All of them. */
export const PROPERTY_NAMES = Object.keys(PROPERTIES) as readonly Property[];
