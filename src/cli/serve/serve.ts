import { type GatewayCause, gatewaySentence } from '../../../machines/index.js';
import type { TraceSink } from '../../ports/index.js';
import { EXAMPLE_TOKEN, type LogEntry, type Simulator, startSimulator } from '../../simulator/index.js';
import { printable } from '../../telling/printable.js';
import { type Inspection, startInspection } from '../live/inspection.js';
import { traceTo } from '../live/record.js';
import { Story } from '../live/story.js';
import { type Io, interruption, UsageError } from '../terminal/io.js';
import { writeOutput } from '../terminal/output-file.js';
import type { ServeOptions } from './command.js';
import { type FaultOrder, faultOrder, inject, promise, showFaults } from './faults.js';
import { Judging, PROMISE } from './judging.js';
import { ServeSummary } from './summary.js';

/** Causes that come with every heartbeat. */
const ROUTINE: readonly GatewayCause['name'][] = ['heartbeat', 'commanded'];

/** Runs a simulated Gateway until interrupted, and tells what its clients do. */
export async function serve(options: ServeOptions, io: Io): Promise<number> {
  const story = new Story(io, options);
  if (options.listFaults) {
    showFaults(story.terminal);
    return 0;
  }
  const faults = (options.fault ?? []).map(faultOrder);
  const trace = traceTo(options.record);
  const inspection = await startInspection(options, story, io);
  const token = tokenFrom(io);
  const summary = new ServeSummary();
  const simulator = await start({ ...options, token }, trace, inspection, (connection, cause) => {
    const { name, ...facts } = cause;
    summary.addCause(cause);
    if (ROUTINE.includes(name) && !options.verbose) return;
    story.fact('cause', `connection ${connection}`, gatewaySentence(cause), { connection, cause: name, ...facts });
  });
  simulator.log.subscribe((entry) => {
    summary.addEntry(entry);
    tell(story, entry, options.verbose === true);
  });
  try {
    for (const fault of faults) inject(simulator.control, fault);
    if (options.ca !== undefined && simulator.ca !== null) await writeOutput(options.ca, simulator.ca, '--ca');
  } catch (error) {
    await simulator.close();
    await inspection.close();
    if (error instanceof UsageError) throw error;
    throw new UsageError(`--fault: ${error instanceof Error ? error.message : String(error)}`);
  }
  announce(story, simulator, options, token, faults);
  const judging = options.judge === true ? new Judging(story, simulator) : null;
  if (judging !== null) story.say(PROMISE);
  await interruption(io.signal);
  judging?.end();
  await simulator.close();
  conclude(story, summary);
  judging?.conclude();
  await inspection.close();
  return 0;
}

/** `at` is the time of a line, so that the place of a fault has another name there. */
function recordFault(story: Story, fault: FaultOrder): void {
  const { at: place, ...order } = fault;
  story.record('fault', { ...order, ...(place === undefined ? {} : { place }), says: promise(fault) });
}

const TOKEN_VARIABLE = 'GATECHART_SIMULATOR_TOKEN';

/** The only token that is right; null if any is. */
function tokenFrom({ env }: Io): string | null {
  const token = env[TOKEN_VARIABLE];
  if (token === '') throw new UsageError(`${TOKEN_VARIABLE} is empty: write a token, or leave it out for any to do`);
  return token ?? null;
}

/** What crossed the wire, for programs; of what came before a connection, people are told what went wrong. */
function tell(story: Story, { at: _, ...entry }: LogEntry, isVerbose: boolean): void {
  story.record('wire', entry);
  const { kind, method, path, status = 0, error } = entry;
  if (story.isJson || status === 0 || (status < 400 && !isVerbose)) return;
  const what = kind === 'refused' ? `a WebSocket handshake for ${path} is refused` : `${method} ${path}`;
  const why = error === undefined ? '' : `, ${error.replace(/^\d{3}: (Not Found: )?/, '')}`;
  story.fact('request', kind === 'refused' ? 'handshake' : 'request', `${what}: ${status}${why}`);
}

function conclude(story: Story, summary: ServeSummary): void {
  story.record('summary', summary.counts);
  if (story.isJson) return;
  const { terminal } = story;
  terminal.heading('What the clients did');
  const width = Math.max(...summary.lines.map(([label]) => label.length), 0);
  for (const [label, says] of summary.lines) {
    terminal.line(`  ${terminal.colors.dim(label.padEnd(width))}  ${printable(says)}`);
  }
  if (summary.lines.length === 0) story.say('Nothing.', { indent: 2 });
}

async function start(
  {
    port,
    heartbeat,
    dispatches,
    guilds,
    intents,
    retention,
    concurrency,
    seed,
    token,
    tls = false,
    ca,
  }: ServeOptions & { readonly token: string | null },
  trace: TraceSink | undefined,
  { gateway, close }: Inspection,
  onCause: (connection: number, cause: GatewayCause) => void,
): Promise<Simulator> {
  try {
    return await startSimulator({
      port,
      tls: tls || ca !== undefined,
      onCause,
      ...gateway(trace),
      ...(heartbeat === undefined ? {} : { heartbeatInterval: heartbeat }),
      ...(dispatches === undefined ? {} : { dispatchesPerSecond: dispatches }),
      ...(guilds === undefined ? {} : { guilds }),
      ...(intents === undefined ? {} : { intents }),
      ...(retention === undefined ? {} : { settings: { sessionRetention: retention } }),
      ...(concurrency === undefined ? {} : { maxConcurrency: concurrency }),
      ...(seed === undefined ? {} : { seed }),
      ...(token === null ? {} : { token }),
    });
  } catch (error) {
    await close();
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new Error(`port ${port} is taken: choose another with --port, or leave it out`);
  }
}

function announce(
  story: Story,
  { url, restUrl, controlUrl, ca }: Simulator,
  options: ServeOptions,
  token: string | null,
  faults: readonly FaultOrder[],
): void {
  const example = token === null ? { exampleToken: EXAMPLE_TOKEN } : {};
  story.record('listening', { url, restUrl, controlUrl, ...example, ...(ca === null ? {} : { ca }) });
  for (const fault of faults) recordFault(story, fault);
  if (story.isJson) return;
  const { terminal } = story;
  const { bold, cyan, dim } = terminal.colors;
  const trust = ca === null ? '' : `NODE_EXTRA_CA_CERTS=${options.ca ?? 'ca.pem'} `;
  const curl = ca === null ? 'curl' : `curl --cacert ${options.ca ?? 'ca.pem'}`;
  const right = token === null ? 'any token will do' : `the token is that of ${TOKEN_VARIABLE}`;
  terminal.line(bold(`A simulated Gateway, for any client; ${right}. Ctrl-C ends it.`));
  terminal.line();
  terminal.line(`  Gateway  ${cyan(url)}`);
  terminal.line(`  API      ${cyan(restUrl)}`);
  terminal.line(`  Control  ${cyan(controlUrl)}  ${dim('(GET shows the state)')}`);
  terminal.line();
  terminal.line('A client:');
  terminal.line(`  ${trust}DISCORD_TOKEN=${token === null ? EXAMPLE_TOKEN : `$${TOKEN_VARIABLE}`} \\`);
  terminal.line(`    gatechart run --url ${url}`);
  terminal.line('Something that goes wrong (gatechart serve --list-faults lists what can):');
  terminal.line(`  ${curl} -X POST ${controlUrl}/injectFault \\`);
  terminal.line(`    -H 'content-type: application/json' -d '{"name":"goSilent"}'`);
  if (faults.length > 0) terminal.line('Ordered:');
  for (const fault of faults) terminal.paragraph(promise(fault), { indent: 2 });
  if (ca !== null) {
    terminal.line(options.ca === undefined ? `Clients have to trust this (--ca FILE writes it):` : '');
    if (options.ca === undefined) terminal.line(ca.trim());
  }
  terminal.line();
}
