import { describe, expect, it } from 'vitest';
import { shardAbstraction, shardMachine, stateName } from '../../../machines/index.js';
import { explore } from '../../../src/exploring/graph.js';
import { stateInWords } from '../../../src/viewer/model/words.js';

describe('words', () => {
  it('differ on every step to another state, unless it only tells that the connection has held', () => {
    const { edges } = explore(shardMachine, shardAbstraction);
    const same = edges.flatMap(({ from, after, event: { type } }) => {
      const [left, entered] = [stateName(from.snapshot.value), stateName(after.value)];
      return left !== entered && stateInWords(left) === stateInWords(entered) ? [type] : [];
    });
    expect([...new Set(same)]).toEqual(['timer.settle']);
  });
});
