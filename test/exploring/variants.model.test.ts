import { describe, expect, it } from 'vitest';
import { SHARD_INVARIANTS, shardAbstraction, shardMachine } from '../../machines/index.js';
import { check, counterexampleText } from '../../src/exploring/check.js';
import { explore } from '../../src/exploring/graph.js';
import { type StateFinder, variant } from '../../src/exploring/variant.js';

const CONNECTION = 'running.connection';
const OPEN = `${CONNECTION}.open`;

/** Changes that somebody who writes a chart of their own might make, and what is to be read about them. */
const BROKEN: Record<string, { edit: (state: StateFinder) => void; says: string; event?: string; path: string }> = {
  'no timer is disarmed on leaving `locating`': {
    edit: (state) => {
      state('running.locating').exit = state('running.locating').exit.slice(0, 1);
    },
    says: 'Which timers run is known from the state',
    event: 'stop',
    path: 'start > stop',
  },
  'a fatal close leads to another try': {
    edit: (state) => {
      const [fatal] = state(CONNECTION).on['closed'] ?? [];
      if (fatal) fatal.target = '#shard.running.waiting';
    },
    says: 'The shard ends on an order, a fatal close code',
    path: 'start > located > opened > hello > closed (4004)',
  },
  'Identify does not wait for the permit': {
    edit: (state) => state(`${OPEN}.session.queuedForIdentify`).entry.push({ type: 'sendIdentify', params: {} }),
    says: 'Identify is sent with a permit only',
    event: 'hello',
    path: 'start > located > opened > hello',
  },
  'Identify does not even wait for Hello': {
    edit: (state) => state(`${CONNECTION}.reaching.awaitingHello`).entry.push({ type: 'sendIdentify', params: {} }),
    says: 'Nothing is sent before Hello',
    event: 'opened',
    path: 'start > located > opened',
  },
  'op 7 costs the session': {
    edit: (state) => state(OPEN).on['reconnectRequested']?.[0]?.actions.unshift('forgetSession'),
    says: 'The session is dropped when the documentation says so',
    event: 'reconnectRequested',
    path: 'start > located > opened > hello > permitGranted > ready > reconnectRequested',
  },
  'Resume is sent whether there is a session or not': {
    edit: (state) => {
      const [resuming] = state(`${CONNECTION}.reaching.awaitingHello`).on['hello'] ?? [];
      Reflect.deleteProperty(resuming ?? {}, 'guard');
    },
    says: 'Resume carries the session and the last sequence',
    event: 'hello',
    path: 'start > located > opened > hello',
  },
  'nothing stops a shard that waits for Hello': {
    edit: (state) => {
      state(`${CONNECTION}.reaching.awaitingHello`).on['stop'] = [{ actions: [] }];
    },
    says: 'Stop and detach work in every state',
    path: 'start > located > opened',
  },
  'the heartbeat timer is armed twice': {
    edit: (state) => {
      const beating = state(`${OPEN}.heartbeat.beating`);
      beating.entry.push(beating.entry[1]);
    },
    says: 'No timer is armed while it runs',
    event: 'timer.firstHeartbeat',
    path: 'start > located > opened > hello > timer.firstHeartbeat',
  },
  'nobody waits for Hello in vain': {
    edit: (state) => {
      const waiting = state(`${CONNECTION}.reaching.awaitingHello`);
      waiting.entry = [];
      waiting.exit = [];
      Reflect.deleteProperty(waiting.on, 'timer.hello');
    },
    says: 'Every state but stopped and failed has a way on without any message',
    path: 'start > located > opened',
  },
  'op 1 is ignored': {
    edit: (state) => {
      Reflect.deleteProperty(state(`${OPEN}.heartbeat`).on, 'heartbeatRequested');
    },
    says: 'Every event is handled in every state, or listed as ignored',
    path: 'start > located > opened > hello',
  },
  'the socket is not dropped when a connection is left': {
    edit: (state) => {
      state(CONNECTION).exit = [];
    },
    says: 'A socket is dropped before the next is opened',
    path: 'start > located > reconnect',
  },
  'Invalid Session is survived': {
    edit: (state) => {
      state(OPEN).on['invalidSession'] = [{ actions: [] }];
    },
    says: 'After Invalid Session the connection is closed',
    event: 'invalidSession (true)',
    path: 'start > located > opened > hello > invalidSession (true)',
  },
};

describe.each(Object.entries(BROKEN))('a variant in which %s', (_, { edit, says, event, path }) => {
  const report = check(explore(variant(shardMachine, edit), shardAbstraction), SHARD_INVARIANTS);
  const found = report.verdicts.flatMap(({ counterexamples }) => counterexamples);

  it('is refuted by the invariant it breaks, with state, clause, event and the shortest path', () => {
    expect(report.holds).toBe(false);
    const mine = found.find((each) => each.says.startsWith(says));
    expect(mine, found.map(counterexampleText).join('\n')).toBeDefined();
    const text = counterexampleText(mine as NonNullable<typeof mine>);
    expect(text).toMatch(/^.+ \(\w+#?[\w.-]*\)\n {2}state: {2}\S+/);
    expect(text).toContain(`\n  path:   ${path}`);
    if (event !== undefined) expect(mine?.event).toBe(event);
  });
});

describe('an invariant of one’s own', () => {
  it('is checked beside ours', () => {
    const graph = explore(shardMachine, shardAbstraction);
    const { verdicts } = check(graph, [
      {
        spec: 'mine',
        says: 'The shard never waits',
        state: ({ snapshot }: { snapshot: { value: unknown } }) =>
          JSON.stringify(snapshot.value).includes('waiting') ? 'it waits' : null,
      },
    ]);
    expect(verdicts[0]?.counterexamples[0]).toMatchObject({
      path: ['start', 'locateFailed (rateLimited)'],
      broken: 'it waits',
    });
  });
});
