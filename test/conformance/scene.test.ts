import { describe, expect, it } from 'vitest';
import { RULES } from '../../src/conformance/rules.js';
import { SLACK_MS, sceneOf } from '../../src/conformance/scene.js';
import { Scenario } from './scenario.js';

const kindsOf = (scenario: Scenario) =>
  sceneOf(scenario.evidence).connections.map(({ entries }) => entries.map(({ kind, payload }) => payload?.op ?? kind));
const broken = (scenario: Scenario) => {
  const scene = sceneOf(scenario.evidence);
  return RULES.filter((rule) => rule.broken(scene).length > 0).map(({ says }) => says);
};

describe('sceneOf', () => {
  it('has each connection with its URL, the resume URL on a host of its own', () => {
    const { connections, starts, mainUrl, slack } = sceneOf(new Scenario().at(3).live().drop().back().evidence);
    expect(connections.map(({ url }) => url)).toEqual([
      'ws://127.0.0.1:4000/?v=10&encoding=json',
      'ws://localhost:4000/?v=10&encoding=json',
    ]);
    expect({ starts, mainUrl, slack }).toEqual({ starts: [3], mainUrl: 'ws://127.0.0.1:4000', slack: SLACK_MS });
  });

  it('takes a lost connection for an end, and what is no object for a message without fields', () => {
    const scenario = new Scenario().open().gateway('no json').gateway([1]).wire('gateway', { kind: 'binary' }).drop();
    expect(sceneOf(scenario.evidence).connections[0]?.entries.map(({ kind, payload }) => [kind, payload])).toEqual([
      ['message', null],
      ['message', null],
      ['message', null],
      ['end', undefined],
    ]);
  });

  it('leaves out what crossed the close of a client that was told to reconnect', () => {
    const scenario = new Scenario().live().gateway({ op: 7 }).gateway({ op: 1 }).after(SLACK_MS).close('client', 4900);
    expect(kindsOf(scenario)).toEqual([[10, 2, 0, 7, 'close']]);
  });

  it('keeps dispatches that crossed it, of which a client may know or not', () => {
    const told = () =>
      new Scenario().live().gateway({ op: 7 }).message('1').close('client', 4900).close('gateway', 4900).after(500);
    expect(kindsOf(told())).toEqual([[10, 2, 0, 7, 0, 'close', 'close']]);
    for (const seq of [1, 2]) expect(broken(told().open(true).hello().resume('session', seq))).toEqual([]);
  });

  it('keeps a READY that crossed it only if its session is resumed', () => {
    const told = () =>
      new Scenario()
        .open()
        .hello()
        .identify()
        .gateway({ op: 7 })
        .ready()
        .close('client', 4900)
        .close('gateway', 4900)
        .after(500);
    expect(kindsOf(told())).toEqual([[10, 2, 7, 'close', 'close']]);
    expect(broken(told().live('other'))).toEqual([]);
    expect(broken(told().back())).toEqual([]);
  });

  it('keeps what came long before the close, and what the client sent', () => {
    const late = new Scenario()
      .live()
      .gateway({ op: 9, d: true })
      .gateway({ op: 1 })
      .after(SLACK_MS + 1)
      .close('client', 4900);
    expect(kindsOf(late)).toEqual([[10, 2, 0, 9, 1, 'close']]);
    const sent = new Scenario().live().gateway({ op: 7 }).client({ op: 3 }).close('client', 4900);
    expect(kindsOf(sent)).toEqual([[10, 2, 0, 7, 3, 'close']]);
  });

  it('keeps all where the Gateway closes, or no one does', () => {
    expect(kindsOf(new Scenario().live().gateway({ op: 7 }).gateway({ op: 1 }).close('gateway', 4000))).toEqual([
      [10, 2, 0, 7, 1, 'close'],
    ]);
    expect(kindsOf(new Scenario().live().gateway({ op: 7 }).gateway({ op: 1 }))).toEqual([[10, 2, 0, 7, 1]]);
    const answered = new Scenario().live().gateway({ op: 9 }).close('gateway', 4005).close('client', 4005);
    expect(kindsOf(answered)).toEqual([[10, 2, 0, 9, 'close', 'close']]);
  });

  it('breaks no rule where a client does as documented', () => {
    expect(
      broken(new Scenario().live().message('1').after(2_000).beat().after(1_000).drop().after(500).back()),
    ).toEqual([]);
  });

  it('lets a heartbeat carry the sequence before a dispatch that was on its way', () => {
    const says = 'a heartbeat carries the last sequence received, or null before the first';
    expect(
      broken(
        new Scenario()
          .live()
          .after(1_000)
          .message('1')
          .after(SLACK_MS - 1)
          .beat(1),
      ),
    ).toEqual([]);
    expect(
      broken(
        new Scenario()
          .live()
          .after(1_000)
          .message('1')
          .after(SLACK_MS + 1)
          .beat(1),
      ),
    ).toEqual([says]);
  });
});
