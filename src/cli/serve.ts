import { type GatewayCause, gatewaySentence } from '../../machines/index.js';
import type { TraceSink } from '../host/ports.js';
import { type Simulator, startSimulator } from '../simulator/index.js';
import { faultOrder, inject, showFaults } from './faults.js';
import { type Inspection, type InspectOptions, startInspection } from './inspection.js';
import { type Io, interruption, UsageError } from './io.js';
import { writeOutput } from './output-file.js';
import { traceTo } from './record.js';
import { Story } from './story.js';

/** Options of `gatechart serve`. */
export interface ServeOptions extends InspectOptions {
  readonly port: number;
  readonly heartbeat?: number;
  readonly fault?: readonly string[];
  readonly dispatches?: number;
  readonly guilds?: number;
  readonly tls?: boolean;
  readonly ca?: string;
  readonly listFaults?: boolean;
  readonly record?: string;
  readonly verbose?: boolean;
  readonly json?: boolean;
}

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
  const simulator = await start(options, trace, inspection, (connection, cause) => {
    const { name } = cause;
    if (ROUTINE.includes(name) && !options.verbose) return;
    story.fact('cause', `connection ${connection}`, gatewaySentence(cause), { connection, cause: name });
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
  announce(story, simulator, options);
  await interruption(io.signal);
  await simulator.close();
  await inspection.close();
  return 0;
}

async function start(
  { port, heartbeat, dispatches, guilds, tls = false, ca }: ServeOptions,
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
    });
  } catch (error) {
    await close();
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new Error(`port ${port} is taken: choose another with --port, or leave it out`);
  }
}

function announce(story: Story, { url, restUrl, controlUrl, ca }: Simulator, options: ServeOptions): void {
  story.record('listening', { url, restUrl, controlUrl, ...(ca === null ? {} : { ca }) });
  if (story.isJson) return;
  const { terminal } = story;
  const { bold, cyan, dim } = terminal.colors;
  const trust = ca === null ? '' : `NODE_EXTRA_CA_CERTS=${options.ca ?? 'ca.pem'} `;
  const curl = ca === null ? 'curl' : `curl --cacert ${options.ca ?? 'ca.pem'}`;
  terminal.line(bold('A simulated Gateway, for any client; any token will do. Ctrl-C ends it.'));
  terminal.line();
  terminal.line(`  Gateway  ${cyan(url)}`);
  terminal.line(`  API      ${cyan(restUrl)}`);
  terminal.line(`  Control  ${cyan(controlUrl)}  ${dim('(GET shows the state)')}`);
  terminal.line();
  terminal.line('A client:');
  terminal.line(`  ${trust}DISCORD_TOKEN=simulated gatechart run --url ${url}`);
  terminal.line('Something that goes wrong (gatechart serve --list-faults lists what can):');
  terminal.line(`  ${curl} -X POST ${controlUrl}/injectFault \\`);
  terminal.line(`    -H 'content-type: application/json' -d '{"name":"goSilent"}'`);
  if (ca !== null) {
    terminal.line(options.ca === undefined ? `Clients have to trust this (--ca FILE writes it):` : '');
    if (options.ca === undefined) terminal.line(ca.trim());
  }
  terminal.line();
}
