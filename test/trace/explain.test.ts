import { describe, expect, it } from 'vitest';
import { CAUSES, GATEWAY_CAUSES } from '../../machines/index.js';
import { causeInWords, differenceInWords, instructionInWords, isLap } from '../../src/trace/explain.js';
import type { Difference, Outcome } from '../../src/trace/replay.js';
import { checkpointLine, stepLine } from '../support/trace-lines.js';

describe('a step', () => {
  it.each<[is: boolean, causes: readonly string[]]>([
    [true, ['firstHeartbeat']],
    [true, ['heartbeatDue']],
    [true, ['acknowledged']],
    [true, ['aliveByTraffic', 'heartbeatDue']],
    [false, []],
    [false, ['ackMissing']],
    [false, ['zombied']],
    [false, ['acknowledgedLate']],
    [false, ['heartbeatRequested']],
    [false, ['heartbeatDue', 'settled']],
  ])('is a heartbeat that goes well: %s for the causes %j', (is, causes) => {
    expect(isLap(causes.map((name) => ({ name })))).toBe(is);
  });
});

describe('a cause', () => {
  it('of a shard is a sentence with what the event said', () => {
    const says = CAUSES.closedForIdentify.says;
    expect(causeInWords({ name: 'closedForIdentify', closeCode: 4009 })).toBe(`${says} (4009 Session timed out)`);
    expect(causeInWords({ name: 'started' }, 'shard')).toBe(CAUSES.started.says);
    const strange = {
      closeCode: [],
      httpStatus: { toString: 1 },
      reason: { toString: 1 },
      frame: null,
      retryAfter: {},
    };
    for (const chart of ['shard', 'gateway']) {
      expect(causeInWords({ name: 'closedForGood', ...strange }, chart)).toEqual(expect.any(String));
      expect(causeInWords({ name: 'ready', ...strange }, chart)).toEqual(expect.any(String));
    }
  });

  it('of the Gateway is a sentence of its own table, also where the shard has a cause of this name', () => {
    expect(causeInWords({ name: 'ready' }, 'gateway')).toBe(GATEWAY_CAUSES.ready.says);
    expect(GATEWAY_CAUSES.ready.says).not.toBe(CAUSES.ready.says);
    expect(causeInWords({ name: 'opcodeUnknown', frame: '99' }, 'gateway')).toBe(
      `${GATEWAY_CAUSES.opcodeUnknown.says} (99)`,
    );
  });

  it.each([
    ['that no table has', { name: 'lampBroke' }, 'shard'],
    ['of the other chart', { name: 'started' }, 'gateway'],
    ['of a chart of a user', { name: 'started' }, 'lamp'],
  ])('%s is its name', (_, cause, chart) => {
    expect(causeInWords(cause, chart)).toBe(cause.name);
  });
});

describe('an instruction', () => {
  it.each([
    [{ type: 'arm', params: { timer: 'reconnect', delay: 412 } }, 'arm reconnect, 412 ms'],
    [{ type: 'arm', params: { timer: 'reconnect', delay: 412 }, draws: [0.4] }, 'arm reconnect, 412 ms'],
    [{ type: 'disarm', params: { timer: 'hello' } }, 'disarm hello'],
    [{ type: 'closeSocket', params: { code: 1000 } }, 'closeSocket code 1000'],
    [{ type: 'openSocket', params: { url: 'wss://a.b/', connection: 2 } }, 'openSocket url wss://a.b/, connection 2'],
    [{ type: 'sendResume', params: {} }, 'sendResume'],
    [
      { type: 'show', params: { lamps: [1, { on: true }], wait: undefined } },
      'show lamps [1,{"on":true}], wait nothing',
    ],
  ])('%j is "%s"', (instruction, words) => {
    expect(instructionInWords(instruction)).toBe(words);
  });
});

describe('a difference', () => {
  const outcome = (change: Partial<Outcome> = {}): Outcome => ({
    to: 'running.waiting',
    causes: [],
    do: [],
    ...change,
  });
  const difference = (recorded: Outcome, replayed: Outcome, change: Partial<Difference> = {}): Difference => ({
    place: { line: stepLine(), number: 12, file: 'life.jsonl' },
    chart: 'shard',
    state: 'running.connection',
    event: { type: 'closed', connection: 1, code: 4009 },
    recorded,
    replayed,
    ...change,
  });
  const disarm = { type: 'disarm', params: { timer: 'heartbeat' } };
  const arm = (delay: number) => ({ type: 'arm', params: { timer: 'reconnect', delay } });

  it('names place, state and event, and marks what only one of the outcomes has', () => {
    const recorded = outcome({
      causes: [{ name: 'settled' }, { name: 'closedForIdentify', closeCode: 4009 } as { name: string }],
      do: [disarm, arm(412)],
    });
    const replayed = outcome({
      to: 'failed',
      causes: [{ name: 'settled' }, { name: 'closedForGood', closeCode: 4009 } as { name: string }],
      do: [arm(900), disarm, { type: 'closeSocket', params: { code: 1000 } }],
    });
    expect(differenceInWords(difference(recorded, replayed))).toEqual([
      'life.jsonl, line 12: the outcome differs from the recording',
      '  state     running.connection',
      '  event     {"type":"closed","connection":1,"code":4009}',
      '  recorded',
      '  * to      running.waiting',
      `    because settled: ${CAUSES.settled.says} [policy#stability]`,
      `  *         closedForIdentify: ${CAUSES.closedForIdentify.says} (4009 Session timed out) [gateway#disconnecting]`,
      '    does    disarm heartbeat',
      '  *         arm reconnect, 412 ms',
      '  replayed',
      '  * to      failed',
      `    because settled: ${CAUSES.settled.says} [policy#stability]`,
      `  *         closedForGood: ${CAUSES.closedForGood.says} (4009 Session timed out) [gateway#disconnecting]`,
      '  * does    arm reconnect, 900 ms',
      '            disarm heartbeat',
      '  *         closeSocket code 1000',
    ]);
  });

  it('says where nothing was reported and nothing done, and marks it if the other outcome has something', () => {
    const some = outcome({ causes: [{ name: 'lampBroke' }], do: [disarm] });
    expect(differenceInWords(difference(outcome(), some, { chart: 'lamp' })).slice(3)).toEqual([
      '  recorded',
      '    to      running.waiting',
      '  * because nothing reported',
      '  * does    nothing',
      '  replayed',
      '    to      running.waiting',
      '  * because lampBroke: lampBroke',
      '  * does    disarm heartbeat',
    ]);
    expect(differenceInWords(difference(outcome(), outcome({ to: 'failed' })))).toEqual(
      expect.arrayContaining(['    because nothing reported', '    does    nothing']),
    );
  });

  it('marks a draw that differs alone, though the delay is the same', () => {
    const drawn = (draw: number) => outcome({ do: [{ ...arm(0), draws: [draw] }] });
    expect(differenceInWords(difference(drawn(0.1), drawn(0.2)))).toContain('  * does    arm reconnect, 0 ms');
  });

  it('says what a chart threw instead of an outcome', () => {
    const broken = outcome({ error: 'no such guard' });
    expect(differenceInWords(difference(outcome(), broken)).slice(-2)).toEqual([
      '  replayed',
      '    threw   no such guard',
    ]);
  });

  it('has no event at a checkpoint, and shows what is remembered otherwise', () => {
    const words = differenceInWords(
      difference(outcome({ context: { resumes: 1, session: undefined } }), outcome({ context: { resumes: 0 } }), {
        place: { line: checkpointLine(), number: 30, file: 'life.jsonl' },
        event: null,
      }),
    );
    expect(words[0]).toBe('life.jsonl, line 30: the outcome differs from the recording');
    expect(words[2]).toMatch(/^ {2}event {5}\(a checkpoint: /);
    expect(words.slice(6, 8)).toEqual(['    does    nothing', '  * resumes 1']);
    expect(words).toContain('  * session nothing');
    expect(words.at(-1)).toBe('  * resumes 0');
  });
});
