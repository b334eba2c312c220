import { describe, expect, it } from 'vitest';
import type { SnapshotFrom } from 'xstate';
import {
  CAUSES,
  type CauseName,
  CLOSE_CODES,
  closeCode,
  DEFAULT_POLICY,
  pure,
  type ShardEvent,
  SPANS,
  shardAbstraction,
  shardMachine,
  stateName,
  TIMERS,
} from '../../../machines/index.js';
import { batchEquivalence } from '../../../src/exploring/batch.js';
import { explore, rowsOf, statesOf } from '../../../src/exploring/graph.js';
import { coverageOf, pathsOf } from '../../../src/exploring/paths.js';

const graph = explore(shardMachine, shardAbstraction);
type Snapshot = SnapshotFrom<typeof shardMachine>;

const nodes = [...graph.nodes.values()];
const CLOSED = [...Object.keys(CLOSE_CODES).map(Number), 4999].map((code) => [`closed (${code})`, code] as const);
const name = (node: (typeof nodes)[number]) => stateName(node.snapshot.value);

describe('the shard chart, explored', () => {
  it('has every state, row and edge covered by the paths of the criterion "transitions"', () => {
    const { stateNodes, rows, states, transitions } = coverageOf(graph, pathsOf(graph, 'transitions'));
    expect({ ...stateNodes.missing, ...rows.missing, ...states.missing, ...transitions.missing }).toEqual({});
    expect(stateNodes.of).toBe(statesOf(shardMachine).length);
    expect(rows.of).toBe(rowsOf(shardMachine).length);
  });

  it('has fewer rows covered by shortest paths to states alone', () => {
    expect(coverageOf(graph, pathsOf(graph, 'states')).rows.missing.length).toBeGreaterThan(0);
  });

  it('arms no timer twice, leaves none behind, and handles every one that runs', () => {
    for (const node of nodes) {
      const handled = node.edges.flatMap(({ event }) => (event.type.startsWith('timer.') ? [event.type.slice(6)] : []));
      expect(handled.sort(), node.key).toEqual([...node.armed].sort());
    }
    for (const edge of graph.edges) {
      const running = new Set(edge.from.armed);
      running.delete(edge.event.type.replace('timer.', ''));
      for (const { type, params } of edge.instructions) {
        const { timer } = params as { timer: string };
        if (type === 'arm') {
          expect(running, `${edge.from.key}: ${edge.label} arms ${timer}`).not.toContain(timer);
          running.add(timer);
        }
        if (type === 'disarm') running.delete(timer);
      }
      expect([...running].sort(), `${edge.from.key}: ${edge.label}`).toEqual([...edge.to.armed].sort());
    }
  });

  it('runs no timer in stopped and failed, and one in every other state', () => {
    for (const node of nodes) {
      const ended = name(node) === 'stopped' || name(node) === 'failed';
      expect(node.armed.size > 0, node.key).toBe(!ended);
    }
  });

  it('gives a cause for every step but those of dispatches that are new', () => {
    const silent = graph.edges.filter(({ instructions }) => effects(instructions, 'report').length === 0);
    const known = silent.filter(({ from }) => from.snapshot.context.sequence !== null).map(({ label }) => label);
    expect([...new Set(known)].sort()).toEqual(['dispatch', 'dispatched']);
    expect(new Set(silent.map(({ event }) => event.type))).toEqual(new Set(['dispatch', 'dispatched']));
  });

  it('uses every cause, and no other', () => {
    const used = new Set(
      graph.edges.flatMap(({ instructions }) =>
        instructions.flatMap(({ type, params }) =>
          type === 'report' ? [(params['cause'] as { name: string }).name] : [],
        ),
      ),
    );
    expect([...used].sort()).toEqual(Object.keys(CAUSES).sort());
  });

  it('stops from every state, and stays stopped until start', () => {
    for (const node of nodes.filter((each) => name(each).startsWith('running'))) {
      const after = run(node.snapshot, [{ type: 'stop' }]);
      const closing = stateName(after.value).endsWith('closing.stopping');
      const settled = closing ? run(after, [{ type: 'timer.close' }]) : after;
      expect(stateName(settled.value), node.key).toBe('stopped');
      expect(settled.context.session, node.key).toBeNull();
    }
    for (const node of nodes.filter((each) => name(each) === 'stopped')) {
      expect(
        node.edges.map(({ label }) => label),
        node.key,
      ).toEqual(['start']);
    }
  });

  it('keeps the session on detach in every state', () => {
    for (const node of nodes.filter((each) => name(each).startsWith('running'))) {
      const after = run(node.snapshot, [{ type: 'detach' }, { type: 'timer.close' }]);
      expect(stateName(after.value), node.key).toBe('stopped');
      expect(after.context.session, node.key).toEqual(node.snapshot.context.session);
      expect(after.context.sequence, node.key).toEqual(node.snapshot.context.sequence);
    }
  });

  it('has a span that a timer can hold for every timer in every state', () => {
    for (const { snapshot } of nodes) {
      for (const timer of TIMERS) {
        const [least, most] = SPANS[timer](snapshot.context);
        expect(least).toBeGreaterThanOrEqual(0);
        expect(most).toBeGreaterThanOrEqual(least);
        expect(most).toBeLessThan(2 ** 31);
      }
    }
  });

  it('ends in the same state after n dispatches as after one batch of n, with the same timers and effects', () => {
    const { compared, different } = batchEquivalence(graph);
    expect(different).toEqual([]);
    expect(compared).toBeGreaterThan(100);
  });
});

describe('the shard chart against the documentation', () => {
  it('gateway#hello-event: nothing is sent before Hello', () => {
    for (const edge of graph.edges) {
      if (name(edge.to).includes('.open(')) continue;
      expect(effects(edge.instructions, 'send'), `${edge.from.key}: ${edge.label}`).toEqual([]);
    }
  });

  it('gateway#sending-heartbeats: each heartbeat carries the last sequence of the session, null before the first', () => {
    const sent = { before: 0, after: 0 };
    for (const { from, label, instructions } of graph.edges) {
      for (const { params } of effects(instructions, 'sendHeartbeat')) {
        const last = received(from);
        sent[last === null ? 'before' : 'after'] += 1;
        expect(params['sequence'], `${from.key}: ${label}`).toBe(last);
      }
    }
    expect(Math.min(sent.before, sent.after)).toBeGreaterThan(100);
  });

  it('gateway#resuming: Resume goes out with a session id and a sequence, on a new connection, and never with Identify', () => {
    let resumes = 0;
    for (const { from, to, instructions } of graph.edges) {
      const sent = effects(instructions, 'send').filter(({ type }) => type !== 'sendHeartbeat');
      expect(sent.length).toBeLessThanOrEqual(1);
      for (const { type, params } of sent) {
        if (type !== 'sendResume') continue;
        resumes += 1;
        expect(params).toEqual({
          sessionId: from.snapshot.context.session?.id,
          sequence: from.snapshot.context.sequence,
        });
        expect(name(from)).toBe('running.connection.reaching.awaitingHello');
        expect(name(to)).toContain('session.resuming');
      }
    }
    expect(resumes).toBeGreaterThan(0);
  });

  it('gateway#disconnecting: our close keeps the session unless it is dropped with it', () => {
    for (const { to, instructions, from, label } of graph.edges) {
      for (const { params } of effects(instructions, 'closeSocket')) {
        const { code } = params as { code: number };
        if (to.snapshot.context.session !== null) expect(code, `${from.key}: ${label}`).toBe(4900);
        if (code === 1000) expect(to.snapshot.context.session, `${from.key}: ${label}`).toBeNull();
      }
    }
  });

  it.each(CLOSED)('Gateway Close Event Codes: %s in every state where a connection may be lost', (label, code) => {
    const { recovery } = closeCode(code);
    const edges = graph.edges.filter((edge) => edge.label === label && !name(edge.from).includes('closing'));
    expect(edges.length).toBeGreaterThan(50);
    for (const { from, to } of edges) {
      expect(name(to), from.key).toBe(recovery === 'stop' ? 'failed' : 'running.waiting');
      const kept = recovery === 'resume' ? from.snapshot.context.session?.id : undefined;
      expect(to.snapshot.context.session?.id, from.key).toBe(kept);
    }
  });

  it.each(CLOSED)('Gateway Close Event Codes: %s where it crosses a close frame of ours', (label, code) => {
    const { recovery } = closeCode(code);
    const isAnswer = code === 1000; // what we may have sent ourselves only answers it
    for (const [state, end] of [
      ['reconnecting', 'failed'],
      ['stopping', 'stopped'],
    ] as const) {
      const edges = graph.edges.filter((edge) => edge.label === label && name(edge.from).endsWith(`closing.${state}`));
      expect(edges.length).toBeGreaterThan(0);
      for (const { from, to } of edges) {
        const goesOn = state === 'reconnecting' && recovery !== 'stop';
        expect(name(to), from.key).toBe(goesOn ? 'running.waiting' : end);
        const kept = recovery === 'resume' || isAnswer ? from.snapshot.context.session?.id : undefined;
        expect(to.snapshot.context.session?.id, from.key).toBe(kept);
      }
    }
  });

  it('op 1 is answered at once in every open state, changes none, and never counts for the zombie test', () => {
    for (const node of nodes.filter((each) => name(each).includes('.open('))) {
      const edge = node.edges.find(({ label }) => label === 'heartbeatRequested');
      expect(edge && effects(edge.instructions, 'sendHeartbeat').length, node.key).toBe(1);
      if (node.root === 'documented') expect(edge?.to, node.key).toBe(node); // else it is traffic, and so life
    }
  });

  it('falls back to identify after three resumes that failed, and drops the session before the URL is chosen', () => {
    let snapshot = ready();
    for (let failed = 0; failed < 3; failed += 1) {
      snapshot = run(snapshot, ['closed', 'timer.reconnect', 'opened', 'hello']);
      expect(stateName(snapshot.value)).toContain('resuming');
    }
    const last = pure(shardMachine).step(run(snapshot, ['closed']), { type: 'timer.reconnect' });
    expect(last.snapshot.context.session).toBeNull();
    expect(effects(last.instructions, 'openSocket')[0]?.params['url']).toBe('wss://gateway.discord.gg');
    expect(causes(last.instructions)).toEqual(['waited', 'resumesSpent', 'gatewayKnown']);
  });

  it('falls back to identify, and waits longer and longer, where every connection turns undecodable', () => {
    let snapshot = run(ready(), ['undecodable', 'closed']);
    const tries: string[] = [];
    for (let hours = 0; hours < 24; ) {
      const [least, most] = SPANS.reconnect(snapshot.context);
      hours += (least + most) / 2 / 3_600_000;
      snapshot = run(snapshot, ['timer.reconnect', 'opened', 'hello']);
      const kind = snapshot.context.session === null ? 'identify' : 'resume';
      tries.push(`${kind} after ${least} to ${most} ms`);
      snapshot = run(snapshot, [
        ...(kind === 'identify' ? (['permitGranted', 'ready'] as const) : []),
        'undecodable',
        'closed',
      ]);
    }
    expect(tries.slice(0, 8)).toEqual([
      'resume after 0 to 500 ms',
      'resume after 500 to 1000 ms',
      'resume after 1000 to 2000 ms',
      'identify after 2000 to 4000 ms',
      'resume after 4000 to 8000 ms',
      'resume after 8000 to 16000 ms',
      'resume after 16000 to 32000 ms',
      'identify after 30000 to 60000 ms',
    ]);
    expect(new Set(tries.slice(7).map((each) => each.slice(-23)))).toEqual(new Set(['after 30000 to 60000 ms']));
    expect(tries.filter((each) => each.startsWith('identify')).length).toBeLessThan(500); // of 1000 in a day
  });

  it('gateway#resuming: a session without a sequence is dropped before the next connection', () => {
    let dropped = 0;
    for (const { from, to, instructions, label } of graph.edges) {
      const { session, sequence } = from.snapshot.context;
      if (session === null || sequence !== null || effects(instructions, 'openSocket').length === 0) continue;
      expect(to.snapshot.context.session, `${from.key}: ${label}`).toBeNull();
      expect(effects(instructions, 'openSocket')[0]?.params['url']).toBe(to.snapshot.context.gatewayUrl);
      dropped += 1;
    }
    expect(dropped).toBeGreaterThan(0);
  });

  it('gateway#resuming: what was there before, by its number, changes nothing that is remembered but the reason', () => {
    let seen = 0;
    for (const { from, event, label } of graph.edges) {
      if (label !== 'dispatch (repeated)' || from.snapshot.context.sequence === null || from.root !== 'documented')
        continue;
      const { snapshot, instructions } = graph.pure.step(from.snapshot, event);
      expect(snapshot.value, from.key).toEqual(from.snapshot.value);
      expect({ ...snapshot.context, cause: null }, from.key).toEqual({ ...from.snapshot.context, cause: null });
      expect(
        instructions.map(({ type }) => type),
        from.key,
      ).toEqual(['report']);
      seen += 1;
    }
    expect(seen).toBeGreaterThan(100);
  });

  it.each([4001, 1000])('close code %i allows one resume', (code) => {
    const closed = (snapshot: ReturnType<typeof ready>) =>
      run(snapshot, [{ type: 'closed', connection: snapshot.context.connection, code }]);
    const resuming = run(closed(ready()), ['timer.reconnect', 'opened', 'hello']);
    expect(stateName(resuming.value)).toContain('resuming');
    expect(run(closed(resuming), ['timer.reconnect']).context.session).toBeNull();
  });

  it('a URL that does not connect costs the URL, not the session', () => {
    const dropped = run(ready(), ['closed', 'timer.reconnect', 'closed']);
    expect(dropped.context).toMatchObject({ session: { url: null }, gatewayUrl: 'wss://gateway.discord.gg' });
    const again = run(dropped, ['timer.reconnect', 'closed']);
    expect(again.context).toMatchObject({ session: { url: null }, gatewayUrl: null });
    expect(stateName(run(again, ['timer.reconnect']).value)).toBe('running.locating');
  });
});

function effects(instructions: readonly { type: string; params: object }[], prefix: string) {
  return instructions.filter(({ type }) => type.startsWith(prefix)) as {
    type: string;
    params: Record<string, unknown>;
  }[];
}

function causes(instructions: readonly { type: string; params: object }[]): CauseName[] {
  return effects(instructions, 'report').map(({ params }) => (params['cause'] as { name: CauseName }).name);
}

/** The last sequence received in the session, from the messages on the way to a state; the chart is asked for its session alone. */
function received(node: (typeof nodes)[number]): number | null {
  if (node.via === undefined) return node.snapshot.context.sequence; // as a record has it that the shard begins with
  const { from, event } = node.via;
  const isOfOtherSession = node.snapshot.context.session?.id !== from.snapshot.context.session?.id;
  const before = isOfOtherSession ? null : received(from);
  if (!('sequence' in event) || event.sequence === null) return before;
  return Math.max(before ?? event.sequence, event.sequence);
}

/** A shard that was ready and had held. */
function ready() {
  const { snapshot } = pure(shardMachine).initial({ policy: DEFAULT_POLICY });
  const begun = run(snapshot, ['start', 'located', 'opened', 'hello', 'permitGranted', 'ready', 'timer.settle']);
  return run(begun, ['timer.firstHeartbeat', 'heartbeatAck']);
}

/** Feeds events; a bare name stands for the first of its kind in the alphabet, a lost connection for `closed`. */
function run(from: Snapshot, events: readonly (ShardEvent | ShardEvent['type'])[]): Snapshot {
  const { step } = pure(shardMachine);
  return events.reduce((at, each) => step(at, typeof each === 'string' ? eventNamed(each, at) : each).snapshot, from);
}

function eventNamed(type: ShardEvent['type'], at: Snapshot): ShardEvent {
  if (type === 'closed') return { type, connection: at.context.connection, code: 1006 };
  const event = shardAbstraction.alphabet(at).find((each) => each.type === type);
  if (event === undefined) throw new Error(`the alphabet has no ${type}`);
  return event;
}
