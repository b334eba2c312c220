import type { Step } from '../case.js';

/** How most cases begin: a session is live, and a message has reached the user. */
export const LIVE: readonly Step[] = [{ until: 'live' }, { until: 'message' }];
