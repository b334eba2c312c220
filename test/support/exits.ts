/** Everything by which something leaves a shard that a person, a log or another program may read. */
import { inspect } from 'node:util';
import type { Actor } from 'xstate';
import { Story } from '../../src/cli/live/story.js';
import type { StatelyMessage } from '../../src/inspect/messages.js';
import { inspectorFor } from '../../src/inspect/stately.js';
import type { Shard, ShardNews } from '../../src/shard/index.js';
import type { ShardLogic } from '../../src/shard/logic.js';

/** A shard, and what it has said since it was last looked at. */
export interface Exhibit {
  readonly shard: Shard;
  readonly actor: Actor<ShardLogic>;
  /** News by name. */
  readonly news: readonly (readonly [name: keyof ShardNews, news: ShardNews[keyof ShardNews]])[];
  /** Everything that was thrown or rejected with. */
  readonly errors: readonly unknown[];
  readonly trace: readonly string[];
  readonly inspected: readonly StatelyMessage[];
}

const deep = (value: unknown) =>
  inspect(value, { depth: 20, showHidden: true, maxArrayLength: null, maxStringLength: null });

/** Each way out, and what comes out there as text. One more is one more row. */
export const EXITS: Readonly<Record<string, (exhibit: Exhibit) => string>> = {
  'util.inspect of the shard': ({ shard }) => deep(shard),
  'JSON of the shard': ({ shard }) => JSON.stringify(shard),
  'text of the shard': ({ shard }) => `${shard} ${shard.state} ${deep(shard.health())} ${deep(shard.latency)}`,
  'util.inspect of the actor': ({ actor }) => deep(actor),
  'console.log of its snapshot': ({ actor }) => inspect(actor.getSnapshot()),
  'util.inspect of its snapshot': ({ actor }) => deep({ ...actor.getSnapshot(), machine: null, _nodes: null }), // the chart is large
  'util.inspect of what it persists': ({ actor }) => deep(actor.getPersistedSnapshot()),
  'JSON of the actor': ({ actor }) => JSON.stringify(actor),
  'JSON of its snapshot': ({ actor }) => JSON.stringify(actor.getSnapshot()),
  'util.inspect of news': ({ news }) => deep(news),
  'JSON of news': ({ news }) => JSON.stringify(news),
  'util.inspect of errors': ({ errors }) => deep(errors),
  'JSON of errors': ({ errors }) => JSON.stringify(errors),
  'messages and stacks of errors': ({ errors }) => errors.flatMap(chain).join('\n'),
  'what gatechart run prints': ({ news }) => told(news, false),
  'what gatechart run --json prints': ({ news }) => told(news, true),
  'the trace': ({ trace }) => trace.join('\n'),
  'messages of the inspector': ({ inspected }) => JSON.stringify(inspected),
};

/** An inspector whose messages are kept. */
export function keptInspector(kept: StatelyMessage[]) {
  return inspectorFor({ send: (message) => void kept.push(message) });
}

function chain(error: unknown): string[] {
  return error instanceof Error
    ? [error.message, error.stack ?? '', String(error), ...chain(error.cause)]
    : [String(error)];
}

function told(news: Exhibit['news'], json: boolean): string {
  let text = '';
  const out = {
    write: (more: string) => {
      text += more;
    },
  };
  const io = { out, err: out, env: {}, signal: new AbortController().signal, version: '1' };
  const story = new Story(io, { json });
  for (const [name, data] of news) {
    if (name === 'transition') story.transition(data as ShardNews['transition'], { laps: true, specs: true });
    if (name === 'notice') story.notice((data as ShardNews['notice']).cause);
    if (name === 'warning') {
      const { problem, error } = data as ShardNews['warning'];
      story.fact('warning', 'warning', error instanceof Error ? `${problem}: ${error.message}` : problem);
    }
  }
  return text;
}
