/** Results by hand. */
import type { CaseResult } from '../../src/conformance/verdict.js';

export const ABOUT = {
  gatechart: '1.2.3',
  client: 'node bot.js',
  profile: 'full',
  began: '2026-11-30T12:00:00.000Z',
  tookMs: 61_500,
} as const;

/** A case that passed, but for what is said. */
export const result = (more: Partial<CaseResult>): CaseResult => ({
  id: 'close-4009/live',
  spec: 'gateway#gateway-close-event-codes',
  level: 'must',
  says: 'Close code 4009 while the session is live: a new session is begun',
  verdict: 'passed',
  grade: null,
  findings: [],
  interval: 3_000,
  took: 1_500,
  timeline: [],
  ...more,
});
