import { describe, expect, it } from 'vitest';
import type { GatewayCauseName } from '../../../machines/gateway/causes.js';
import { ServeSummary } from '../../../src/cli/serve/summary.js';
import type { LogEntry } from '../../../src/simulator/index.js';

function summed(causes: readonly GatewayCauseName[], entries: readonly Partial<LogEntry>[]) {
  const summary = new ServeSummary();
  for (const name of causes) summary.addCause({ name });
  for (const entry of entries) {
    summary.addEntry({ number: 1, connection: 1, at: 0, direction: 'client', kind: 'text', ...entry });
  }
  return summary;
}

const route = (path: string) =>
  ({
    kind: 'request',
    method: 'GET',
    path,
    status: 404,
    error: `404: Not Found: the simulator has no route GET ${path}`,
  }) as const;

describe('the summary of a server', () => {
  it('says nothing where nothing happened', () => {
    const summary = summed([], []);
    expect(summary.lines).toEqual([]);
    expect(summary.counts).toMatchObject({ connections: 0, sessions: 0, sent: {}, unknownRoutes: [] });
  });

  it('counts what clients did, by connection, session, opcode, code and route', () => {
    const summary = summed(
      [
        ...['connected', 'connected', 'connectedAnew', 'ready', 'resumed', 'resumed', 'sessionUnknown', 'replayLost'],
        ...['heartbeat', 'ackWithheld', 'heartbeatMissing', 'lost'],
      ] as GatewayCauseName[],
      [
        { payload: { op: 2 } },
        { payload: { op: 1 } },
        { payload: { op: 1 } },
        { payload: 'no JSON' },
        { payload: { op: 10 }, direction: 'gateway' },
        // Each close is answered with its own code, which counts for nobody.
        { kind: 'open', connection: 1 },
        { kind: 'close', code: 4900, connection: 1 },
        { kind: 'close', code: 4900, connection: 1, direction: 'gateway' },
        ...[2, 3].flatMap(
          (connection) =>
            [
              { kind: 'open', connection },
              { kind: 'close', code: 4009, connection, direction: 'gateway' },
              { kind: 'close', code: 4009, connection },
            ] as const,
        ),
        { kind: 'open', connection: 4 },
        { kind: 'drop', connection: 4 },
        { kind: 'close', code: 1006, connection: 4 },
        { kind: 'refused', status: 503 },
        { kind: 'request', method: 'GET', path: '/api/gateway', status: 200 },
        route('/x'),
        route('/x'),
        route('/y'),
        { kind: 'request', method: 'GET', path: '/guilds/1', status: 404, error: 'Unknown Guild' },
      ],
    );
    expect(summary.counts).toEqual({
      connections: 3,
      sessions: 1,
      resumes: 2,
      refusedResumes: 2,
      heartbeats: 2,
      missedHeartbeats: 1,
      lost: 1,
      sent: { 1: 2, 2: 1, none: 1 },
      closedByClient: { 4900: 1 },
      closedByGateway: { 4009: 2 },
      refusedHandshakes: 1,
      requests: 5,
      unknownRoutes: ['GET /x', 'GET /y'],
    });
    expect(summary.lines).toEqual([
      ['connections', '3, 1 handshakes refused, 1 lost'],
      ['sessions', '1'],
      ['resumes', '2, 2 refused'],
      ['heartbeats', '2, 1 times none in time'],
      ['sent', 'op 1 (2 times), op 2, op none'],
      ['closed by clients', '4900'],
      ['closed by the Gateway', '4009 (2 times)'],
      ['requests', '5'],
      ['routes there are not', 'GET /x, GET /y'],
    ]);
  });

  it('lists twenty routes at most', () => {
    const summary = summed(
      [],
      Array.from({ length: 50 }, (_, n) => route(`/${n}`)),
    );
    expect([summary.counts.requests, summary.counts.unknownRoutes.length]).toEqual([50, 20]);
  });
});
