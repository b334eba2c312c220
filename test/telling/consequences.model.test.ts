/** What is told of coming back, against the chart played all the way. */
import { describe, expect, it } from 'vitest';
import type { SnapshotFrom } from 'xstate';
import { type ShardEvent, shardAbstraction, shardMachine, stateView } from '../../machines/index.js';
import { explore } from '../../src/exploring/graph.js';
import { consequences, goesOnWaiting, QUESTIONS, wayBack } from '../../src/telling/consequences.js';
import { RestingStates } from '../../src/telling/resting-states.js';

const graph = explore(shardMachine, shardAbstraction);
const states = new RestingStates(graph);
const { pure } = graph;

/** Plays the answer to a close, the wait, the connection, Hello: the URL that is connected to, and what is then sent. */
function comeBack(snapshot: SnapshotFrom<typeof shardMachine>) {
  let [at, url] = [snapshot, ''];
  const play = (type: ShardEvent['type']) => {
    const event = shardAbstraction.alphabet(at).find((each) => each.type === type);
    if (event === undefined) throw new Error(`no ${type}`);
    const step = pure.step(at, event);
    for (const { type, params } of step.instructions)
      if (type === 'openSocket') url = String((params as { url: string }).url);
    at = step.snapshot;
  };
  if (stateView(at.value).run.startsWith('running.connection.closing')) play('timer.close');
  if (stateView(at.value).run.startsWith('running.awaitingRoom')) play('backlogDrained');
  play('timer.reconnect');
  if (stateView(at.value).run === 'running.locating') play('located');
  play('opened');
  play('hello');
  return { url, resumes: stateView(at.value).session === 'resuming' };
}

describe('the way back', () => {
  const waiting = [...graph.nodes.values()].filter(({ snapshot }) => wayBack(states, snapshot) !== null);

  it('is there while the shard waits, or closes in order to come back', () => {
    const runs = new Set(waiting.map(({ snapshot }) => stateView(snapshot.value).run));
    expect([...runs].sort()).toEqual([
      'running.awaitingRoom.drained',
      'running.awaitingRoom.full',
      'running.awaitingRoom.resting',
      'running.connection.closing.makingRoom',
      'running.connection.closing.reconnecting',
      'running.waiting',
    ]);
    expect(waiting.length).toBeGreaterThan(20);
  });

  it('is the one that the chart takes', () => {
    for (const { key, snapshot } of waiting) {
      const { resumes, url } = comeBack(snapshot);
      const { session } = snapshot.context;
      expect(wayBack(states, snapshot), key).toEqual({
        resumes,
        isOwnUrl: resumes && url === session?.url,
        isSpent: !resumes && session !== null,
      });
    }
  });
});

describe('the consequences', () => {
  it('are found in each state that the question is about, in the order of the chart', () => {
    for (const question of QUESTIONS) {
      const asked = consequences(states, question).map(({ state }) => state);
      expect(asked, question.id).toEqual(states.resting.filter((state) => asked.includes(state)));
    }
  });

  it('go on with the wait of an earlier close only where one is going on', () => {
    const results = QUESTIONS.flatMap((question) => consequences(states, question)).flatMap((each) => each.results);
    const going = results.filter(goesOnWaiting).map(({ before }) => stateView(before.value).run);
    expect([...new Set(going)].every((run) => run.startsWith('running.connection.closing.'))).toBe(true);
    expect(going.length).toBeGreaterThan(0);
  });
});
