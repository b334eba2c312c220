import { describe, expect, it } from 'vitest';
import {
  GATEWAY_CAUSES,
  type GatewayCause,
  type GatewayCauseName,
  gatewaySentence,
} from '../../../machines/gateway/causes.js';
import type { CauseRow } from '../../../machines/kit/causes.js';
import { CLAUSES } from '../../../machines/protocol/clauses.js';
import { isClause } from '../../support/documentation.js';

const rows = Object.entries(GATEWAY_CAUSES) as [GatewayCauseName, CauseRow][];
const from = (source: string) => rows.filter(([, { spec }]) => spec === source).map(([name]) => name);

describe('the causes of the Gateway', () => {
  it('are faults and closes that were ordered, or from the documentation', () => {
    expect(from('user')).toEqual(['closedByOrder']);
    expect(from('fault')).toEqual([
      'ackWithheld',
      'helloWithheld',
      'readyWithheld',
      'resumedWithheld',
      'resumeDropped',
      'closeIgnored',
      'faultBegun',
      'faultEnded',
      'silenced',
      'dropped',
      'malformed',
      'sequenceSkipped',
    ]);
    expect(rows.filter(([, { spec }]) => spec.startsWith('gateway#'))).toHaveLength(rows.length - 1 - 12);
  });

  it.each(rows.filter(([, { spec }]) => spec.startsWith('gateway#')))('%s has a section that exists', (_, { spec }) => {
    expect(Object.keys(CLAUSES)).toContain(spec);
  });

  it.each<[GatewayCauseName, string]>([
    ['helloSent', 'gateway#hello-event'],
    ['authenticationFailed', 'gateway#gateway-close-event-codes'],
    ['shardingRequired', 'gateway#sharding'],
    ['versionInvalid', 'gateway#gateway-url-query-string-params'],
    ['intentsDisallowed', 'gateway#privileged-intents'],
    ['identifiedTooSoon', 'gateway#rate-limiting'],
    ['tooLarge', 'gateway#sending-events'],
    ['resumed', 'gateway#resuming'],
    ['endedByClient', 'gateway#initiating-a-disconnect'],
  ])('%s refers to %s', (name, spec) => {
    expect(GATEWAY_CAUSES[name].spec).toBe(spec);
  });

  it('say where the client loses its session by them', () => {
    expect(rows.filter(([name]) => GATEWAY_CAUSES[name].endsSession).map(([name]) => name)).toEqual([
      'sessionInvalidated',
      'sessionTaken',
      'sessionExpired',
      'endedByClient',
    ]);
  });

  it.each(rows)('%s reads as a clause', (_, { says }) => {
    expect(isClause(says)).toBe(true);
  });

  it('say each something else', () => {
    expect(new Set(rows.map(([, { says }]) => says)).size).toBe(rows.length);
  });
});

describe('a cause as a sentence', () => {
  it.each<[GatewayCause, string]>([
    [{ name: 'connected' }, 'a client connected'],
    [{ name: 'closedByOrder', closeCode: 4009 }, 'a close was ordered (4009)'],
    [{ name: 'lost', closeCode: 1006 }, 'the connection was lost without a close frame; its session stays (1006)'],
    [{ name: 'commanded', frame: 'op 3' }, 'a command is taken (op 3)'],
    [{ name: 'malformed', frame: 'notJson' }, 'something malformed is sent (notJson)'],
    [{ name: 'closedByOrder', closeCode: 1000, frame: 'close' }, 'a close was ordered (1000, close)'],
  ])('of %j is "%s"', (cause, sentence) => {
    expect(gatewaySentence(cause)).toBe(sentence);
  });
});
