import { counted } from '../../telling/numbers.js';
import { printable } from '../../telling/printable.js';
import { redactor } from '../../trace/index.js';
import { viewerFile } from '../../viewer/built.js';
import { lineOf, linesOf } from '../../viewer/model/lines.js';
import { localRelay } from '../live/inspection.js';
import { Story } from '../live/story.js';
import { openBrowser } from '../terminal/browser.js';
import { NO_TRACE, readInput } from '../terminal/input-file.js';
import { type Io, interruption, UsageError } from '../terminal/io.js';
import type { ViewOptions } from './command.js';

/** Serves the viewer until interrupted, with a trace if one is given. */
export async function view(trace: string | undefined, options: ViewOptions, io: Io): Promise<number> {
  const { lines, strange } = trace === undefined ? { lines: [], strange: 0 } : linesOf(await readInput(trace));
  if (trace !== undefined && lines.length === 0) {
    throw new UsageError(`${trace}: ${NO_TRACE}`);
  }
  const left = strange === 0 ? '' : `, ${counted(strange, 'line')} that make no sense left out`;
  const title = trace === undefined ? 'The viewer' : `${trace}: ${counted(lines.length, 'line')}${left}`;
  await serveViewer({ lines, strange, title }, options, io);
  return 0;
}

/** What a viewer is to show. */
export interface ViewerContent {
  readonly lines: readonly object[];
  /** Lines that were left out. */
  readonly strange: number;
  readonly title: string;
}

/** Serves the viewer with these lines, says where it is, and returns when interrupted. */
export async function serveViewer(
  { lines, strange, title }: ViewerContent,
  options: ViewOptions,
  io: Io,
): Promise<void> {
  const story = new Story(io, options);
  const secrets = redactor();
  const relay = await localRelay({ publish: (message) => inspected(message, (value) => secrets.value(value)) });
  for (const line of lines) relay.send(line);

  const { url, publishUrl } = relay;
  const file = viewerFile();
  story.record('viewing', { url, publishUrl, file, lines: lines.length, strange });
  if (!story.isJson) {
    const { bold, cyan, dim } = story.terminal.colors;
    story.terminal.line(bold(printable(`${title}. Ctrl-C ends it.`)));
    story.terminal.line();
    story.terminal.line(`  Page    ${cyan(url)}  ${dim('(works once)')}`);
    story.terminal.line(`  File    ${cyan(file)}  ${dim('(the same page, to be opened as it is)')}`);
    story.terminal.line(`  Apps    ${cyan(publishUrl ?? '')}`);
    story.terminal.line(
      `          ${dim('an XState app shows itself here by createWebSocketInspector({ url }) of @statelyai/inspect,')}`,
    );
    story.terminal.line(`          ${dim('or by statelyInspector({ relay }) of gatechart/inspect')}`);
    story.terminal.line();
    if (options.open !== false) await openBrowser(url, io);
  }
  await interruption(io.signal);
  await relay.close();
}

/** A message of somebody's inspector, without what would be a secret of a bot; null for anything else. */
function inspected(message: unknown, withoutSecrets: <T>(value: T) => T): object | null {
  const line = lineOf(message);
  if (line === null || !line.type.startsWith('@xstate.')) return null;
  const { event, snapshot } = line as { event?: unknown; snapshot?: unknown };
  return {
    ...line,
    ...(event === undefined ? {} : { event: withoutSecrets(event) }),
    ...(snapshot === undefined ? {} : { snapshot: withoutSecrets(snapshot) }),
  };
}
