import { describe, expect, it } from 'vitest';
import { createActor } from 'xstate';
import { type Cause, policyFrom, shardMachine } from '../../machines/index.js';
import type { Reported } from '../../src/host/tap.js';
import { redactor } from '../../src/redact/redact.js';
import { News } from '../../src/shard/news.js';

function setUp() {
  const lines: unknown[] = [];
  const deferred: (() => void)[] = [];
  const news = new News((name, its) => void lines.push([name, its]), redactor({ token: 'secret-token' }), {
    defer: (fn) => void deferred.push(fn),
  });
  /** The actor has its new snapshot. */
  const settle = () => {
    for (const fn of deferred.splice(0)) fn();
  };
  return { news, lines, settle };
}

const snapshot = createActor(shardMachine, { input: { policy: policyFrom(), gatewayUrl: null } }).getSnapshot();
const running = { ...snapshot, value: { running: 'locating' } };
const CAUSES: readonly Cause[] = [{ name: 'started' }, { name: 'gatewayUnknown' }];
const step = (change: object): Reported => ({
  event: { type: 'start' },
  before: snapshot,
  after: snapshot,
  causes: CAUSES,
  wait: null,
  at: 0,
  ...change,
});

describe('the news of a shard', () => {
  it('are a transition, if a step led to another state, with all its causes', () => {
    const { news, lines, settle } = setUp();
    news.reported(step({ after: running }));
    news.reported(step({ before: running, wait: 5 }));
    settle();
    const [cause] = CAUSES;
    expect(lines).toEqual([
      ['transition', { from: 'stopped', to: 'running.locating', cause, causes: CAUSES }],
      ['transition', { from: 'running.locating', to: 'stopped', cause, causes: CAUSES, wait: 5 }],
    ]);
  });

  it('are a storm, as it is', () => {
    const { news, lines, settle } = setUp();
    const storm = { identifies: 5, since: 1_000, share: 10 };
    news.storm(storm);
    settle();
    expect(lines).toEqual([['storm', storm]]);
  });

  it('are a notice for each cause of a step that led nowhere', () => {
    const { news, lines, settle } = setUp();
    news.reported(step({}));
    settle();
    expect(lines).toEqual(CAUSES.map((cause) => ['notice', { cause }]));
  });

  it('of a step wait until its actor has the new snapshot; others do not', () => {
    const { news, lines, settle } = setUp();
    news.reported(step({ after: running }));
    news.health({ status: 'down' } as never);
    news.latency(42);
    news.located({ url: 'wss://x.example/' } as never);
    news.warned('a problem');
    const names = () => lines.map((line) => (line as [string])[0]);
    expect(names()).toEqual(['latency', 'located', 'warning']);
    settle();
    expect(names()).toEqual(['latency', 'located', 'warning', 'transition', 'health']);
  });

  it('hold no secret of an error, and no error where there is none', () => {
    const { news, lines } = setUp();
    news.warned('one', new Error('of secret-token'));
    news.warned('two');
    expect(lines).toEqual([
      ['warning', { problem: 'one', error: expect.objectContaining({ message: 'of <token>' }) }],
      ['warning', { problem: 'two' }],
    ]);
  });
});
