/** Inspectors in a Node process, and the relay that carries what they tell to a page on this machine. */
import WebSocket from 'ws';
import {
  demandShape,
  type Fields,
  isFunction,
  isPort,
  isTrueOrFalse,
  type Rule,
  wholeNumber,
} from '../../machines/kit/shape.js';
import { messageOf, printable } from '../telling/printable.js';
import { Deferred } from './deferred.js';
import { type Relay, type RelayOptions, startRelay } from './relay.js';
import { socketReceiver } from './socket.js';
import { type Inspector, inspectorFor, type StatelyOptions } from './stately.js';
import { statelyPage, whatIsSent } from './stately-page.js';
import { STATELY_URL } from './window.js';

export type { ActorMessage, EventMessage, SnapshotMessage, StatelyEvent, StatelyMessage } from './messages.js';
export { RELAY_CLOSE, type Relay, type RelayOptions, startRelay } from './relay.js';
export type { Inspector, StatelyOptions, StatelyReceiver } from './stately.js';
export { inspectorFor } from './stately.js';
export { statelyPage, whatIsSent } from './stately-page.js';
export { STATELY_URL } from './window.js';

/** What an inspector of a process is made from. */
export interface StatelyInspectorOptions extends StatelyOptions {
  /** Tells this relay, by its `publishUrl`, instead of starting one. */
  readonly relay?: string | undefined;
  /** The port of the relay that is started; any free one unless told. */
  readonly port?: number | undefined;
  /** The inspector's page: the hosted one unless told. */
  readonly url?: string | undefined;
  /** Told the address to open, and what will be sent where: written to standard error unless told. */
  readonly onUrl?: ((url: string, says: string) => void) | undefined;
  /** Messages kept until the relay can be reached: 1,000 unless told. */
  readonly history?: number | undefined;
}

const urlOf = (example: string, scheme: RegExp): Rule => ({
  says: `a URL, such as ${example}`,
  holds: (value) => typeof value === 'string' && URL.canParse(value) && scheme.test(new URL(value).protocol),
});

const OPTIONS = {
  fields: {
    relay: urlOf('the publishUrl of a relay, ws://127.0.0.1:4000/?key=…', /^wss?:$/),
    port: isPort,
    url: urlOf(STATELY_URL, /^https?:$/),
    onUrl: isFunction,
    history: wholeNumber('a whole number above 0', 1),
    filter: isFunction,
    payloads: isTrueOrFalse,
  },
} satisfies Fields;

/**
 * For XState's `inspect` option: shows shards, charts and the simulator of this process in Stately's inspector. It
 * starts a relay on 127.0.0.1, whose page asks before it hands anything to the hosted inspector; `close` ends it.
 */
export function statelyInspector(options: StatelyInspectorOptions = {}): Inspector {
  demandShape('', options, OPTIONS);
  const { relay, history = 1_000 } = options;
  if (relay !== undefined) return inspectorFor(socketReceiver(WebSocket, { url: relay, history }), options);
  let waiting: Deferred | null = new Deferred(history);
  let started: Relay | null = null;
  const starting = startStatelyRelay({ port: options.port, url: options.url, keepAlive: false }).then((running) => {
    started = running;
    for (const message of waiting?.all ?? []) running.send(message);
    waiting = null;
    tell(running.url, options);
  });
  starting.catch((error: unknown) => {
    waiting = null;
    tellFailure(error);
  });
  return inspectorFor(
    {
      send: (message) => (started ?? waiting)?.send(message),
      async close() {
        await starting.catch(() => {});
        await started?.close();
      },
    },
    options,
  );
}

/** What a relay to Stately's inspector is started with. */
export interface StatelyRelayOptions extends Pick<RelayOptions, 'port' | 'keepAlive'> {
  /** The inspector's page: the hosted one unless told. */
  readonly url?: string | undefined;
}

const RELAY: Fields = { fields: { port: isPort, keepAlive: isTrueOrFalse, url: OPTIONS.fields.url } };

/** Starts a relay whose page shows what it hears in Stately's inspector. Rejects when the port is taken. */
export async function startStatelyRelay(options: StatelyRelayOptions = {}): Promise<Relay> {
  demandShape('', options, RELAY);
  const { port, url = STATELY_URL, keepAlive } = options;
  return startRelay({ page: statelyPage(url), frames: [new URL(url).origin], isNeeded: isActor, port, keepAlive });
}

const isActor = (message: object): boolean => (message as { type?: unknown }).type === '@xstate.actor';

function tell(address: string, { url = STATELY_URL, onUrl }: StatelyInspectorOptions): void {
  const says = whatIsSent(url);
  if (onUrl !== undefined) onUrl(address, says);
  else process.stderr.write(`Stately inspector: ${address}\n${says} The page asks first.\n`);
}

function tellFailure(error: unknown): void {
  process.stderr.write(`The Stately inspector could not be started: ${printable(messageOf(error))}\n`);
}
