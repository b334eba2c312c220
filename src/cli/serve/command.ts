import { intents, whole } from '../arguments.js';
import { command, examples, flag, type OptionsOf, parsed, parsedOr, repeated, text } from '../command.js';
import { json, record, verbose, WATCHING } from '../shared-options.js';

export const SERVE = command({
  name: 'serve',
  summary: 'run a simulated Gateway for any client',
  description:
    'Runs a simulated Gateway on 127.0.0.1 until interrupted, tells what its clients do, and sums it up. Any token ' +
    'is right, or that of GATECHART_SIMULATOR_TOKEN alone. Faults are injected at the start with --fault, and at ' +
    'any time over HTTP.',
  options: {
    port: parsedOr('--port <number>', 'where to listen; any free port if 0', whole(0, 65_535), 0),
    heartbeat: parsed('--heartbeat <ms>', "Hello's heartbeat interval (default: 41250)", whole(1)),
    dispatches: parsed('--dispatches <number>', 'MESSAGE_CREATE per second and session', whole(0, 100_000)),
    guilds: parsed('--guilds <number>', 'guilds of the bot (default: 3 for each shard)', whole(0, 1_000_000)),
    intents: parsed('--intents <names>', 'the intents that the application may use (default: all)', intents),
    retention: parsed('--retention <ms>', 'how long a session waits to be resumed (default: 180000)', whole(0)),
    concurrency: parsed('--concurrency <number>', 'identifies per 5 s, max_concurrency (default: 1)', whole(1, 1_000)),
    seed: parsed('--seed <number>', 'repeat ids and contents of a run with the same seed', whole(0)),
    fault: repeated('--fault <name[=value][@state]>', 'what is to go wrong; may be repeated'),
    listFaults: flag('--list-faults', 'print what can go wrong'),
    tls: flag('--tls', 'serve wss and https (needs the package selfsigned)'),
    ca: text('--ca <file>', 'write the certificate that clients have to trust; implies --tls'),
    judge: flag('--judge', 'hold what clients do against the documentation, and sum it up at the end'),
    verbose: verbose('tell heartbeats and commands too'),
    ...WATCHING,
    record,
    json,
  },
  epilog: examples(
    'gatechart serve --port 4000 --dispatches 5',
    'GATECHART_SIMULATOR_TOKEN=… gatechart serve --intents GUILDS',
    'gatechart serve --heartbeat 5000 --fault swallowAcks',
    'gatechart serve --fault closeWith=4009@replaying',
    'gatechart serve --heartbeat 5000 --judge',
  ),
});

/** Options of `gatechart serve`. */
export type ServeOptions = OptionsOf<typeof SERVE.options>;
