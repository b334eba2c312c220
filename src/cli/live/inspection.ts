/** `--inspect`: a page on which a person watches what a command does, and looks back afterwards. */
import type { InspectionEvent } from 'xstate';
import {
  type Inspector,
  inspectorFor,
  type Relay,
  STATELY_URL,
  startRelay,
  startStatelyRelay,
  whatIsSent,
} from '../../inspect/index.js';
import type { ShardOptions } from '../../shard/index.js';
import type { GatewayOptions } from '../../simulator/index.js';
import type { TraceSink, TraceTarget } from '../../trace/index.js';
import { viewerPage } from '../../viewer/built.js';
import type { InspectOptions, InspectTarget } from '../shared-options.js';
import { openBrowser } from '../terminal/browser.js';
import { type Io, interruption } from '../terminal/io.js';
import { both as alsoTo } from './record.js';
import type { Story } from './story.js';

/** What a command tells whoever watches. */
export interface Inspection {
  /** Options that let a shard be watched, beside an inspector of the command's own. */
  shard(inspect?: (seen: InspectionEvent) => void): Pick<ShardOptions, 'inspect' | 'record'>;
  /** Options that let the simulator be watched, each connection as an actor, beside a trace of it. */
  gateway(trace?: TraceSink): Pick<GatewayOptions, 'inspect' | 'record'>;
  chapter(title: string, says: string): void;
  /** What happens outside of all charts. */
  note(says: string): void;
  /** Lets a person look until interrupted. */
  linger(): Promise<void>;
  close(): Promise<void>;
}

/** Starts the page if it was asked for, and says where it is; otherwise everything goes nowhere. */
export async function startInspection(
  { inspect: target, open = true }: InspectOptions,
  story: Story,
  io: Io,
): Promise<Inspection> {
  if (target === undefined) return NOBODY;
  const relay = target === 'local' ? await localRelay() : await startStatelyRelay();
  const inspector = inspectorFor({ send: (message) => relay.send(message) });
  await announce(target, relay, story, io, open);
  const isLocal = target === 'local';
  // A recording of its own: its first actor, too, needs a name.
  const gatewayLine = (line: string) => relay.send({ actor: 'gateway 1', ...JSON.parse(line) });
  return {
    shard: (inspect) =>
      isLocal
        ? { record: (line) => relay.send(JSON.parse(line)), ...(inspect === undefined ? {} : { inspect }) }
        : { inspect: both(inspector, inspect) },
    gateway: (trace) => (isLocal ? { record: beside(trace, gatewayLine) } : { record: trace, inspect: inspector }),
    chapter: (title, says) => isLocal && relay.send({ type: 'chapter', title, says }),
    note: (says) => isLocal && relay.send({ type: 'note', says }),
    async linger() {
      if (io.signal.aborted) return;
      story.say();
      story.say('The page goes on showing it until Ctrl-C.');
      await interruption(io.signal);
    },
    close: () => relay.close(),
  };
}

const NOBODY: Inspection = {
  shard: (inspect) => (inspect === undefined ? {} : { inspect }),
  gateway: (trace) => ({ record: trace }),
  chapter: () => {},
  note: () => {},
  linger: async () => {},
  close: async () => {},
};

function beside(trace: TraceSink | undefined, also: (line: string) => void): TraceTarget {
  return trace === undefined ? also : alsoTo(trace, also);
}

/** A relay that serves the local viewer. */
export async function localRelay(
  options: { readonly publish?: (message: unknown) => object | null } = {},
): Promise<Relay> {
  return startRelay({ page: await viewerPage(), isNeeded, ...options });
}

/** What the viewer cannot do without: who somebody is. */
function isNeeded(message: object): boolean {
  const { type } = message as { type?: unknown };
  return (
    type === 'header' ||
    type === 'checkpoint' ||
    type === 'chapter' ||
    type === 'difference' ||
    type === '@xstate.actor'
  );
}

function both(first: Inspector, second?: (seen: InspectionEvent) => void): (seen: InspectionEvent) => void {
  return (seen) => {
    first.next(seen);
    second?.(seen);
  };
}

async function announce(target: InspectTarget, { url }: Relay, story: Story, io: Io, open: boolean): Promise<void> {
  story.record('inspecting', { target, url });
  if (!story.isJson) {
    const { bold, cyan } = story.terminal.colors;
    story.terminal.line(`${bold(target === 'local' ? 'Viewer' : 'Stately inspector')}  ${cyan(url)}`);
    if (target === 'stately') story.say(`${whatIsSent(STATELY_URL)} The page asks first.`);
    story.say('The address works once, for the tab that opens it first.', { dim: true });
    story.say();
  }
  if (open && !story.isJson) await openBrowser(url, io);
}
