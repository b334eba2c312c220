import { describe, expect, it } from 'vitest';
import { lookAtWiring } from '../../src/conformance/wiring.js';
import { smallClient } from './small-client.js';

const GOOD = smallClient('connect', 'beat', 'identify', 'resume', 'tell', 'leave');

describe.concurrent('lookAtWiring', () => {
  it.each([
    [GOOD, null],
    [
      smallClient('exit', 'print'),
      /ended with exit code 0 before it connected: .*GATECHART_REST.*\nIt printed last:\n {2}\{"token":"\[token\]"/s,
    ],
    [smallClient(), /did not connect: .*GATECHART_REST/],
    [smallClient('connect', 'beat', 'identify'), /printed no line for a message: it has to print `MSG <id>`/],
    [smallClient('connect'), null], // it is wired up; what else it lacks, cases tell
  ])('says what is wrong with how a client is wired up: %j', async (command, says) => {
    const { problem, can } = await lookAtWiring({ command, startup: 2_000, patience: 1_500 });
    if (says === null) expect(problem).toBeNull();
    else expect(problem).toMatch(says);
    expect(can).toEqual([]);
  });
});
