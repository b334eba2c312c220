import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Actor } from 'xstate';
import { type ShardEvent, shardAbstraction, shardMachine, stateName } from '../../machines/index.js';
import { explore } from '../../src/exploring/graph.js';
import type { StatelyMessage } from '../../src/inspect/messages.js';
import type { ShardNews } from '../../src/shard/index.js';
import type { ShardLogic } from '../../src/shard/logic.js';
import { Shard } from '../../src/shard/shard.js';
import { readTrace } from '../../src/trace/read.js';
import { firstDifference, replay } from '../../src/trace/replay.js';
import { run } from '../support/cli.js';
import { EXITS, type Exhibit, keptInspector } from '../support/exits.js';
import { Puppet } from '../support/puppet.js';
import { tourOf } from '../support/tour.js';

const TOKEN = 'TOKENMARK.abcdef';
const SESSION = 'SESSIONMARK0123456789';
const RESUME_URL = 'wss://resumemark.discord.gg';
/** Each in whatever case: a host is lowered by whoever parses the URL. */
const MARKS = /tokenmark|sessionmark|resumemark/i;

/** A walk through every state of the chart in which every row is taken, in each state where it can be. */
const { documented } = shardAbstraction.roots as { documented: never };
const graph = explore(shardMachine, { ...shardAbstraction, roots: { documented } });
const tour = tourOf(graph, ({ from, event, rows }) => `${stateName(from.snapshot.value)} ${event.type} ${rows}`);

/** The same event, with a marked session. */
function marked(event: ShardEvent): ShardEvent {
  if (event.type !== 'ready' || event.session === null) return event;
  return { ...event, session: { id: SESSION, url: event.session.url === null ? null : RESUME_URL } };
}

describe('secrets', async () => {
  const news: Exhibit['news'][number][] = [];
  const errors: unknown[] = [];
  const inspected: StatelyMessage[] = [];
  const trace: string[] = [];
  let traced = 0;
  let shard: Shard | undefined;
  let isKnown = false;
  const keep = (promise: Promise<unknown>) => void promise.catch((error) => errors.push(error));

  const puppet = new Puppet(
    {},
    {
      options: { token: TOKEN, record: (line) => trace.push(line) },
      /** Whoever fails tells all he knows. */
      reason: () => (isKnown ? `${SESSION} of ${TOKEN} at ${RESUME_URL}/?v=10 and resumemark.discord.gg` : TOKEN),
      run: (settings) => {
        let actor: Actor<ShardLogic> | undefined;
        const inspector = keptInspector(inspected);
        shard = new Shard(settings, (seen) => {
          actor ??= seen.actorRef as Actor<ShardLogic>;
          inspector.next(seen);
        });
        for (const name of ['transition', 'notice', 'warning', 'located', 'latency', 'health'] as const) {
          shard.on(name, (each: ShardNews[keyof ShardNews]) => void news.push([name, each]));
        }
        if (actor === undefined) throw new Error('the inspector saw no actor');
        return actor;
      },
      order: (event) => {
        if (event.type === 'start') {
          keep((shard as Shard).start());
          keep((shard as Shard).closed);
        } else if (event.type === 'stop') keep((shard as Shard).stop());
        else if (event.type === 'reconnect') (shard as Shard).reconnect({ fresh: event.fresh });
        else if (event.type === 'detach') keep((shard as Shard).detach());
        else puppet.actor.send(event);
      },
    },
  );
  const found = new Map<string, string>();
  const states = new Set<string>();
  for (const { event } of tour) {
    await puppet.pull(marked(event));
    isKnown ||= event.type === 'ready';
    const { state } = shard as Shard;
    states.add(state);
    keep((shard as Shard).send(3, {} as never));
    const exhibit: Exhibit = {
      shard: shard as Shard,
      actor: puppet.actor,
      news: news.splice(0),
      errors: errors.splice(0),
      trace: trace.slice(traced),
      inspected: inspected.splice(0),
    };
    traced = trace.length;
    for (const [name, exit] of Object.entries(EXITS)) {
      const [leak] = MARKS.exec(exit(exhibit)) ?? [];
      if (leak !== undefined && !found.has(name)) found.set(name, `${leak} in ${state} after ${event.type}`);
    }
  }
  puppet.stop();

  it(`leave by none of ${Object.keys(EXITS).length} ways, in any state, whatever happens there`, () => {
    const reachable = new Set([...graph.nodes.values()].map(({ snapshot }) => stateName(snapshot.value)));
    expect(states).toEqual(reachable);
    expect(Object.fromEntries(found)).toEqual({});
  });

  it('have been there: the chart held them, and the trace has their placeholders', () => {
    expect(tour.some(({ to }) => to.snapshot.context.session !== null)).toBe(true);
    const text = trace.join('\n');
    for (const placeholder of ['"<session 1>"', '"<resume url 1>"', '<token>']) expect(text).toContain(placeholder);
    expect(text).not.toContain('<session 2>');
  });

  it('do not matter to a replay: it takes every step in every state to the byte', () => {
    const { lines } = readTrace(`${trace.join('\n')}\n`);
    expect(firstDifference(lines)).toBeNull();
    const steps = [...replay(lines)].flatMap(({ line }) => (line?.type === 'step' ? [JSON.stringify(line)] : []));
    expect(steps).toEqual(trace.filter((line) => line.startsWith('{"type":"step"')));
    expect(steps.length).toBeGreaterThanOrEqual(tour.length);
  });

  it('are in nothing that a replay writes', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'secrets-'));
    afterAll(() => rm(folder, { recursive: true }));
    const file = join(folder, 'trace.jsonl');
    writeFileSync(file, `${trace.join('\n')}\n`);
    const emitted = join(folder, 'emitted.test.ts');
    for (const format of ['text', 'json', 'mermaid']) {
      const { out, err } = await run(['replay', file, '--format', format, '--emit-test', emitted, '--verbose']);
      expect(`${out}${err}`).not.toMatch(MARKS);
    }
  });
});
