import { describe, expect, it } from 'vitest';
import { gatewayMachine } from '../../../machines/gateway/chart.js';
import { causeOf, rowsFrom, stateNodesOf } from '../../../machines/kit/rows.js';
import { shardMachine } from '../../../machines/shard/chart.js';

type Row = Parameters<typeof causeOf>[0];

const row = (...actions: object[]) => ({ actions }) as unknown as Row;
const named = (name: string) => Object.defineProperty(() => {}, 'name', { value: name });

describe('the cause of a row', () => {
  it.each<[what: string, row: Row, cause: string | null]>([
    ['what it remembers', row({ type: 'remember', params: { cause: 'kept' } }), 'kept'],
    ['the name of what its report computes', row({ type: 'report', params: named('happened') }), 'happened'],
    [
      'the first of several',
      row({ type: 'x' }, { type: 'remember', params: { cause: 'a' } }, { type: 'remember', params: { cause: 'b' } }),
      'a',
    ],
    ['none where a report is computed in its place', row({ type: 'report', params: () => ({}) }), null],
    ['none where another action is computed', row({ type: 'send', params: named('happened') }), null],
    ['none without actions', row(), null],
  ])('is %s', (_, given, cause) => {
    expect(causeOf(given)).toBe(cause);
  });

  it.each([
    ['shard', shardMachine],
    ['Gateway', gatewayMachine],
  ])('is known of nearly every row of the %s chart', (_, machine) => {
    const rows = stateNodesOf(machine).flatMap(rowsFrom);
    const known = rows.filter((each) => causeOf(each) !== null);
    expect(rows.length).toBeGreaterThan(50);
    expect(known.length / rows.length).toBeGreaterThan(0.8);
  });
});
