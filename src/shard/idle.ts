import type { ShardSnapshot } from '../host/tap.js';

/** Whether nothing is open or pending: before the first start, and once a run has ended. */
export const isIdle = (snapshot: ShardSnapshot): boolean => snapshot.matches('stopped') || snapshot.matches('failed');
