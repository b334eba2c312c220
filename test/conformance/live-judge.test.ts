import { describe, expect, it } from 'vitest';
import { LiveJudge, STANDING_MS } from '../../src/conformance/live-judge.js';
import { Scenario } from './scenario.js';

const HEARTBEAT = 'a heartbeat carries the last sequence received, or null before the first';
const OP_9 = 'op 9 ends the connection, and the next begins 1 to 5 s later at the earliest';
const ZOMBIE = 'no connection is kept without an ACK for longer than two intervals and a grace';
const RESUMED_FIRST = 'a session is resumed before it is given up';

/** A judge that has seen a scenario. */
function judgeOf(...scenarios: readonly Scenario[]): LiveJudge {
  const judge = new LiveJudge('ws://127.0.0.1:4000');
  for (const { evidence } of scenarios) for (const entry of evidence.wire) judge.add(entry);
  return judge;
}

/** Looks every second for a while. */
const lookFor = (judge: LiveJudge, from: number, to: number) => {
  const found = [];
  for (let at = from; at <= to; at += 1_000) found.push(...judge.judge(at));
  return found.map(({ rule, shard, what }) => ({ says: rule.says, shard, what }));
};
const statesOf = (judge: LiveJudge) => Object.fromEntries(judge.records.map(({ rule, state }) => [rule.says, state]));
/** Identifies as a shard. */
const as = (scenario: Scenario, shard: readonly number[], session: string) =>
  scenario
    .open()
    .hello()
    .client({ op: 2, d: { token: '[token]', intents: 1, properties: { os: '', browser: '', device: '' }, shard } })
    .ready(session);

describe('a live judge', () => {
  it('tells a breach once, when it has stood for a while', () => {
    const judge = judgeOf(new Scenario().live().at(10).beat(999));
    expect(lookFor(judge, 1_000, STANDING_MS)).toEqual([]);
    expect(lookFor(judge, STANDING_MS + 1_000, STANDING_MS + 9_000).filter(({ says }) => says !== ZOMBIE)).toEqual([
      { says: HEARTBEAT, shard: '[0,1]', what: 'client message at 10 {"op":1,"d":999} instead of 1' },
    ]);
    expect(statesOf(judge)[HEARTBEAT]).toBe('broken');
  });

  it('tells of a connection on which nothing happens any more: tolerated first, and broken when it goes on', () => {
    const judge = judgeOf(new Scenario({ interval: 10_000 }).at(1_000).live().beat());
    const told = [];
    for (let at = 1_000; at <= 60_000; at += 1_000) {
      told.push(...judge.judge(at).map(({ rule, what, tolerated }) => [at, rule.says, what, tolerated !== undefined]));
    }
    expect(told).toEqual([
      [27_000, ZOMBIE, 'no ACK since 1000, so far for 2.60 intervals (26.0 s)', true],
      [36_000, ZOMBIE, 'no ACK since 1000, so far for 3.50 intervals (35.0 s)', false],
    ]);
    expect(statesOf(judge)[ZOMBIE]).toBe('broken');
  });

  it('tells nothing of what the client answers in time', () => {
    const scenario = new Scenario().live().gateway({ op: 9, d: false });
    const judge = judgeOf(scenario);
    expect(lookFor(judge, 0, STANDING_MS - 1_000)).toEqual([]);
    for (const entry of scenario.at(4_500).close('client', 1000).evidence.wire.slice(-1)) judge.add(entry);
    expect(lookFor(judge, STANDING_MS, 20_000)).toEqual([]);
    expect(statesOf(judge)[OP_9]).toBe('kept');
  });

  it('says of a rule what became of it, and tolerates what a case tolerates', () => {
    const early = new Scenario()
      .live()
      .gateway({ op: 9, d: false })
      .at(10)
      .close('client', 1000)
      .close('gateway', 1000);
    const judge = judgeOf(early.after(100).live('other'));
    lookFor(judge, 1_000, 10_000);
    expect(statesOf(judge)).toMatchObject({
      [OP_9]: 'tolerated',
      [HEARTBEAT]: 'not exercised',
      'at most one Identify or Resume is sent on a connection': 'kept',
    });
  });

  it('tells clients apart by their shard, and knows whose a session is', () => {
    const scenario = new Scenario();
    as(scenario, [0, 2], 'a').drop();
    as(scenario.after(10), [1, 2], 'b').drop();
    scenario.after(10).back('a').drop();
    as(scenario.after(10), [1, 2], 'c');
    expect(lookFor(judgeOf(scenario), 1_000, 10_000).map(({ says, shard }) => [says, shard])).toEqual([
      [RESUMED_FIRST, '[1,2]'],
    ]);
  });

  it('takes a connection that never says whose it is for one of the only client, unless that has another open', () => {
    const scenario = new Scenario().live();
    const nameless = () => scenario.after(1_000).open().hello().beat(null);
    expect(lookFor(judgeOf(nameless()), 1_000, 10_000)).toEqual([]);
    scenario.evidence.items.splice(0);
    scenario.live().drop();
    expect(lookFor(judgeOf(nameless()), 1_000, 10_000).map(({ says, shard }) => [says, shard])).toEqual([
      [HEARTBEAT, '[0,1]'],
    ]);
  });

  it('holds a client that never identifies against the rules too', () => {
    const scenario = new Scenario().open().hello().gateway({ op: 7 }).beat(4);
    expect(lookFor(judgeOf(scenario), 1_000, 10_000).map(({ says, shard }) => [says, shard])).toEqual([
      [HEARTBEAT, null],
      ['op 7 is followed by a close that keeps the session', null],
    ]);
  });

  it('goes on for days: what is past is forgotten, and what counts on is not', () => {
    const judge = judgeOf();
    const scenario = new Scenario().live();
    const items = scenario.evidence.items;
    const drain = () => {
      for (const item of items.splice(0)) if (item.kind === 'wire') judge.add(item.entry);
    };
    for (let i = 1; i <= 6_000; i += 1) {
      scenario
        .at(i * 3_000)
        .message(`${i}`)
        .beat();
      drain();
      if (i % 500 === 0) expect(judge.judge(i * 3_000)).toEqual([]);
    }
    scenario.drop().after(100).back().after(100).beat(1);
    drain();
    expect(lookFor(judge, 18_001_000, 18_010_000).map(({ says }) => says)).toEqual([HEARTBEAT]);
  });

  it('gives up a client that connects a thousand times and never gets a session', () => {
    const scenario = new Scenario();
    for (let i = 0; i < 1_001; i += 1) scenario.after(1_000).open().hello().identify().drop();
    const judge = judgeOf(scenario);
    lookFor(judge, 1_001_000, 1_001_000);
    expect(judge.givenUp).toBe(1);
    scenario.evidence.items.splice(0);
    scenario.after(1_000).live().beat(999);
    for (const entry of scenario.evidence.wire) judge.add(entry);
    expect(lookFor(judge, 1_002_000, 1_020_000)).toEqual([]);
  });

  it('does not judge what it cannot read, and counts it', () => {
    const judge = judgeOf(
      new Scenario().wire('client', { kind: 'open', connection: 1, path: '/?v=10&encoding=etf' }).wire('client', {
        kind: 'binary',
        connection: 1,
      }),
    );
    expect(lookFor(judge, 1_000, 10_000)).toEqual([]);
    expect(judge.unreadable).toBe(1);
  });
});
