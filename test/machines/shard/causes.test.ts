import { describe, expect, it } from 'vitest';
import type { CauseRow } from '../../../machines/kit/causes.js';
import { CLAUSES } from '../../../machines/protocol/clauses.js';
import { CAUSES, type CauseName } from '../../../machines/shard/causes.js';
import { DEFAULT_POLICY } from '../../../machines/shard/policy.js';
import { isClause } from '../../support/documentation.js';

const rows = Object.entries(CAUSES) as [CauseName, CauseRow][];
const from = (source: string) => rows.filter(([, { spec }]) => spec.split('#')[0] === source).map(([name]) => name);

describe('the causes of the shard', () => {
  it('are orders of the user, our own choices, or from the documentation', () => {
    expect(from('user')).toEqual(['started', 'stopped', 'detached', 'restarted', 'renewed', 'stoppingAlready']);
    expect(from('policy')).toEqual([
      'resumesSpent',
      'locateTimedOut',
      'openTimedOut',
      'helloTimedOut',
      'readyTimedOut',
      'resumeTimedOut',
      'replayTimedOut',
      'longEnough',
      'settled',
      'aliveByTraffic',
      'burstOver',
      'ackExcused',
      'backlogFull',
      'backlogDrained',
      'pauseOver',
      'backlogOverflowed',
      'overflowedForGood',
      'rested',
      'roomTimedOut',
      'replayPaused',
      'closeAnswered',
      'closeTimedOut',
      'waited',
    ]);
    expect(from('gateway')).toHaveLength(rows.length - 6 - 23);
  });

  it('name no option of the library, and ask nobody for a URL that may be fixed', () => {
    for (const [, { says }] of rows) expect(says).not.toMatch(/\b[a-z]+[A-Z]\w*|\bask for|Get Gateway/);
    for (const name of ['gatewayUnknown', 'located'] as const) expect(CAUSES[name].spec).toBe('gateway#connecting');
  });

  it.each(rows.filter(([, { spec }]) => spec.startsWith('gateway#')))('%s has a section that exists', (_, { spec }) => {
    expect(Object.keys(CLAUSES)).toContain(spec);
  });

  it.each(rows.filter(([, { spec }]) => spec.startsWith('policy#')))('%s has a part of the policy', (_, { spec }) => {
    const path = spec.slice('policy#'.length).split('.');
    const found = path.reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], {
      ...DEFAULT_POLICY,
      backpressure: 'buffer and overflow are options of the host',
    });
    expect(found).toBeDefined();
  });

  it.each<[CauseName, string]>([
    ['helloBeforeResume', 'gateway#resuming'],
    ['stillQueued', 'gateway#rate-limiting'],
    ['permitted', 'gateway#identifying'],
    ['firstHeartbeat', 'gateway#sending-heartbeats'],
    ['zombied', 'gateway#heartbeat-interval'],
    ['heartbeatRequested', 'gateway#heartbeat-requests'],
    ['reconnectRequested', 'gateway#reconnect'],
    ['sessionInvalidated', 'gateway#invalid-session'],
    ['closedForGood', 'gateway#disconnecting'],
    ['undecodable', 'gateway#encoding-and-compression'],
  ])('%s refers to %s', (name, spec) => {
    expect(CAUSES[name].spec).toBe(spec);
  });

  it.each(rows)('%s reads as a clause', (_, { says }) => {
    expect(isClause(says)).toBe(true);
  });

  it('say each something else', () => {
    expect(new Set(rows.map(([, { says }]) => says)).size).toBe(rows.length);
  });
});
