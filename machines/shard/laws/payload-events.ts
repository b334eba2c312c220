/** The events that bring what a Gateway says, by its opcodes and the dispatches that matter to the chart. */
export const PAYLOAD_EVENTS = [
  'hello',
  'heartbeatAck',
  'heartbeatRequested',
  'reconnectRequested',
  'invalidSession',
  'ready',
  'resumed',
  'dispatch',
] as const;
