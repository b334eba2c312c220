/** The close codes as the laws of both charts have them: transcribed from the documentation apart from the table. */

/** Gateway Close Event Codes with Reconnect = false. */
export const FATAL_CODES: readonly number[] = [4004, 4010, 4011, 4012, 4013, 4014];
/** "Start a new session", or there is none: 4007 and 4009 by their text, 4003, 4005 and the withdrawn 4006 as we read them. */
export const SESSION_LOST_CODES: readonly number[] = [4003, 4005, 4006, 4007, 4009];
/** Resumed once only. */
export const RESUMED_ONCE_CODES: readonly number[] = [1000, 4001];
/** Waits that are longer each time: the peer or the network is in trouble, or we lost track. */
export const BACKOFF_CODES: readonly number[] = [
  1002, 1003, 1004, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 1015, 4005,
];
