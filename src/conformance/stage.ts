/** Plays one case: a simulated Gateway of its own, a fresh client, the script. What was seen is the evidence. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Opcode } from '../../machines/protocol/opcodes.js';
import { EXAMPLE_TOKEN, type LogEntry, type Simulator, startSimulator } from '../simulator/index.js';
import type { Case, Landmark, Step } from './case.js';
import { ClientProcess } from './client-process.js';
import { readControl, type Told } from './control.js';
import { DEFAULTS } from './defaults.js';
import { Evidence, now } from './evidence.js';
import { fieldsOf } from './fields.js';

/** How cases are played. Times in ms. */
export interface StageOptions {
  /** The client's command and its arguments. */
  readonly command: readonly string[];
  /** How long a client may take from its start to READY. Default: 30,000. */
  readonly startup?: number;
  /** How long a message, or what a client does later, is waited for where a case does not say. Default: 20,000. */
  readonly patience?: number;
  /** The heartbeat interval. Default: 3,000. */
  readonly interval?: number;
  /** `wss` and `https`; the authorities to trust are written to this folder, one for each case. */
  readonly caFolder?: string | undefined;
  readonly signal?: AbortSignal;
}

/** A landmark that does not come within this is not waited for any longer. */
const DEFAULT_PATIENCE = 20_000;
/** So many connections or identifies end a case. */
const MOST = 500;
/** Messages per second, unless the case has another rate. */
const RATE = 5;
/** How often the stage looks whether all is over, and how late it is itself, in ms. */
const LOOK_MS = 100;

/** The client's command cannot be run. */
export class ClientMissingError extends Error {
  override readonly name = 'ClientMissingError';
}

/**
 * Plays a case to its end. Rejects with the reason of an aborted signal, and with a `ClientMissingError` if the command
 * cannot be run.
 */
export async function play(each: Case, options: StageOptions): Promise<Evidence> {
  const interval = each.gateway?.heartbeatInterval ?? options.interval ?? DEFAULTS.interval;
  const simulator = await startSimulator({
    token: EXAMPLE_TOKEN,
    heartbeatInterval: interval,
    dispatchesPerSecond: RATE,
    seed: 1,
    log: 100_000,
    tls: options.caFolder !== undefined,
    ...each.gateway,
  });
  try {
    return await new Stage(simulator, interval, options).play(each, await writeAuthority(simulator, options));
  } finally {
    await simulator.close();
  }
}

/** A file of its own for each Gateway, since each has an authority of its own. */
async function writeAuthority({ ca, port }: Simulator, { caFolder }: StageOptions): Promise<string | undefined> {
  if (caFolder === undefined || ca === null) return undefined;
  const file = join(caFolder, `${port}.pem`);
  await writeFile(file, ca);
  return file;
}

class Stage {
  readonly #evidence = new Evidence();
  readonly #lookers = new Set<() => void>();
  /** The number of the log entry up to which landmarks have been passed, and how many lines of messages. */
  #mark = 0;
  #messages = 0;
  #isMissing: string | null = null;
  #isEnding = false;
  #strikes: Case['strikes'];

  constructor(
    private readonly simulator: Simulator,
    private readonly interval: number,
    private readonly options: StageOptions,
  ) {
    this.#evidence.mainUrl = simulator.url;
    this.#evidence.token = EXAMPLE_TOKEN;
    this.#evidence.interval = interval;
  }

  #client: ClientProcess | null = null;
  #ca: string | undefined;
  /** The number of the next command. */
  #nextId = 1;
  /** From where on what is told is listened to: an item. */
  #heardFrom = 0;

  /** Starts the client, with a record of a session or without. */
  #start(record?: string): void {
    const { simulator, options } = this;
    this.#isEnding = false;
    this.#client = new ClientProcess(
      options.command,
      { token: EXAMPLE_TOKEN, rest: simulator.restUrl, gateway: simulator.url, ca: this.#ca, record },
      {
        line: (stream, text) => this.#printed(stream, text),
        ended: (says, isMissing) => {
          if (isMissing) this.#isMissing = says;
          this.#add({ at: now(), kind: 'exit', says, isOrdered: this.#isEnding });
        },
      },
    );
  }

  #printed(stream: 'stdout' | 'stderr', text: string): void {
    const control = stream === 'stdout' ? readControl(text) : null;
    if (control === null) this.#add({ at: now(), kind: 'line', stream, text });
    else if ('can' in control) this.#evidence.can = control.can;
    else this.#add({ at: now(), kind: 'told', what: control.told, fields: control.fields });
  }

  async play(each: Case, ca: string | undefined): Promise<Evidence> {
    const { simulator, options } = this;
    const evidence = this.#evidence;
    this.#strikes = each.strikes;
    const stopListening = simulator.log.subscribe((entry) => this.#seen(entry));
    const stopMeasuring = measureLag((ms) => {
      evidence.lag = Math.max(evidence.lag, ms);
    });
    for (const step of each.before ?? []) await this.#take(step);
    this.#ca = ca;
    this.#start();
    try {
      for (const step of each.script) {
        if (evidence.stalled !== null || this.#isOver) break;
        await this.#take(step);
      }
      // A client that never came so far has nothing more to show.
      const isInVain = evidence.stalled !== null && !Number.isFinite(evidence.struck);
      await this.#wait(isInVain ? 0 : each.watch, () => this.#isOver || each.isSettled?.(evidence) === true);
    } finally {
      evidence.watchedUntil = now();
      evidence.pending = simulator.control
        .state()
        .faults.map(({ name, at }) => `${name}${at === undefined ? '' : ` at ${at}`}`);
      this.#isEnding = true;
      stopListening();
      stopMeasuring();
      await this.#client?.end();
    }
    options.signal?.throwIfAborted();
    if (this.#isMissing !== null) throw new ClientMissingError(this.#isMissing);
    return evidence;
  }

  get #isOver(): boolean {
    return this.#evidence.flood !== null || this.#evidence.exit !== null || this.options.signal?.aborted === true;
  }

  #seen(entry: LogEntry): void {
    if (this.#strikes?.(entry) === true) this.#evidence.struck = Math.min(this.#evidence.struck, entry.at);
    this.#add({ at: entry.at, kind: 'wire', entry });
    const { handshakes, identifies } = this.#counts;
    if (entry.kind === 'open' || entry.kind === 'refused') this.#counts.handshakes = handshakes + 1;
    if (isIdentify(entry)) this.#counts.identifies = identifies + 1;
    if (this.#counts.handshakes >= MOST) this.#evidence.flood = 'sockets';
    if (this.#counts.identifies >= MOST) this.#evidence.flood = 'identifies';
  }
  #counts = { handshakes: 0, identifies: 0 };

  #add(item: Evidence['items'][number]): void {
    this.#evidence.items.push(item);
    for (const look of [...this.#lookers]) look();
  }

  async #take(step: Step): Promise<void> {
    if ('until' in step) return await this.#reach(step.until, step.within, step.orNot);
    if ('wait' in step) return await this.#wait(step.wait, () => this.#isOver);
    if ('beats' in step) return await this.#wait(step.beats * this.interval, () => this.#isOver);
    if ('during' in step) return await this.#repeat(step.steps, now() + step.during);
    if ('hear' in step) return await this.#hear(step.hear, step.within);
    if ('restart' in step) return await this.#restart();
    if (this.#strikes === undefined) this.#evidence.struck = Math.min(this.#evidence.struck, now());
    if ('tell' in step || 'send' in step) return this.#tell(step);
    const { says, reached } = this.#obey(step);
    this.#add({ at: now(), kind: 'order', says, reached });
  }

  /** Gives an order to the client. After some it may end by itself. */
  #tell(step: Extract<Step, { tell: object } | { send: number }>): void {
    this.#heardFrom = this.#evidence.items.length;
    if ('tell' in step) {
      const { order } = step.tell;
      if (order !== 'block') this.#isEnding = true;
      this.#add({ at: now(), kind: 'asked', order, says: order === 'block' ? `block for ${step.tell.ms} ms` : order });
      this.#client?.order(step.tell);
      return;
    }
    const { op, d } = step;
    for (const end = this.#nextId + step.send; this.#nextId < end; this.#nextId += 1) {
      const id = this.#nextId;
      const data = JSON.parse(JSON.stringify(d(id)).replaceAll('{guild}', this.#evidence.guild));
      this.#add({ at: now(), kind: 'asked', order: 'send', says: `send op ${op}`, id });
      this.#client?.order({ order: 'send', id, op, d: data });
    }
  }

  async #hear(what: Told, within = this.options.patience ?? DEFAULT_PATIENCE): Promise<void> {
    const isHeard = () =>
      this.#evidence.items.slice(this.#heardFrom).some((item) => item.kind === 'told' && item.what === what);
    await this.#wait(within, () => isHeard() || this.#isOver);
    if (!isHeard() && this.#evidence.stalled === null) this.#evidence.stalled = `telling ${what} within ${within} ms`;
  }

  async #restart(): Promise<void> {
    const record = this.#evidence.told('record').at(-1)?.fields['record'];
    this.#isEnding = true;
    await this.#client?.end('SIGKILL');
    this.#add({ at: now(), kind: 'order', says: 'another process begins with the record', reached: null });
    this.#start(record === undefined ? undefined : JSON.stringify(record));
  }

  async #repeat(steps: readonly Step[], end: number): Promise<void> {
    this.#deadline = end;
    while (!this.#isOver && now() < end) {
      for (const step of steps) if (now() < end) await this.#take(step);
    }
    this.#deadline = Number.POSITIVE_INFINITY;
  }
  /** When the repeated steps end. */
  #deadline = Number.POSITIVE_INFINITY;

  #obey(step: Extract<Step, { order: string } | { fault: string } | { clear: true } | { configure: object }>): {
    readonly says: string;
    readonly reached: number | null;
  } {
    const { control } = this.simulator;
    if ('clear' in step) {
      control.clearFaults();
      return { says: 'everything is answered again', reached: null };
    }
    if ('configure' in step) {
      control.configure(step.configure);
      return { says: `configured: ${JSON.stringify(step.configure)}`, reached: null };
    }
    if ('fault' in step) {
      const reached = control.injectFault(step.fault, step.options);
      const details = step.options === undefined ? '' : ` ${JSON.stringify(step.options)}`;
      const isNow = step.options?.at === undefined && AT_ONCE.has(step.fault);
      return { says: `${step.fault}${details}`, reached: isNow ? reached : null };
    }
    switch (step.order) {
      case 'closeWith':
        return { says: `close ${step.code}`, reached: control.closeWith(step.code) };
      case 'invalidateSession':
        return { says: `Invalid Session, d ${step.resumable}`, reached: control.invalidateSession(step.resumable) };
      case 'dispatch':
        return { says: `dispatch ${step.name}`, reached: control.dispatch(step.name, step.data) };
      default:
        return { says: step.order, reached: control[step.order]() };
    }
  }

  /** Waits for a landmark after the one before. */
  async #reach(
    landmark: Landmark,
    within = landmark === 'live' || landmark === 'ready'
      ? (this.options.startup ?? DEFAULTS.startup)
      : (this.options.patience ?? DEFAULT_PATIENCE),
    orNot = false,
  ): Promise<void> {
    let found: boolean = false;
    const look = () => {
      found ||= this.#passes(landmark);
      return found || this.#isOver;
    };
    const rest = this.#deadline - now();
    await this.#wait(Math.min(within, rest), look);
    if (!found && !orNot && within < rest && this.#evidence.stalled === null)
      this.#evidence.stalled = `${landmark} within ${within} ms`;
  }

  #passes(landmark: Landmark): boolean {
    if (landmark === 'message') {
      const count = this.#evidence.deliveries.length;
      if (count <= this.#messages) return false;
      this.#messages = count;
      return true;
    }
    const next = this.simulator.log.after(this.#mark).find((entry) => IS[landmark](entry));
    if (next === undefined) return false;
    this.#mark = next.number;
    return true;
  }

  /** Waits, less if it holds before. */
  #wait(ms: number, holds: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        clearInterval(beat);
        this.#lookers.delete(look);
        resolve();
      };
      const look = () => {
        if (holds()) end();
      };
      const timer = setTimeout(end, Math.max(0, ms));
      const beat = setInterval(look, LOOK_MS);
      this.#lookers.add(look);
      look();
    });
  }
}

/** Tells how late a timer is, again and again, until it is stopped. */
function measureLag(tell: (ms: number) => void): () => void {
  let due = now() + LOOK_MS;
  const timer = setInterval(() => {
    tell(Math.max(0, now() - due));
    due = now() + LOOK_MS;
  }, LOOK_MS);
  return () => clearInterval(timer);
}

/** Faults that happen now or never, unless they wait for a place. */
const AT_ONCE: ReadonlySet<string> = new Set(['malformed', 'skipSequence', 'goSilent', 'stopReading', 'startReading']);

const opcode = (entry: LogEntry) => (entry.kind === 'text' ? fieldsOf(entry.payload)['op'] : undefined);
const isIdentify = (entry: LogEntry) => entry.direction === 'client' && opcode(entry) === Opcode.Identify;
const isDispatch = (entry: LogEntry, ...names: readonly string[]) =>
  entry.direction === 'gateway' &&
  opcode(entry) === Opcode.Dispatch &&
  names.includes(String(fieldsOf(entry.payload)['t']));

const IS: Readonly<Record<Exclude<Landmark, 'message'>, (entry: LogEntry) => boolean>> = {
  open: ({ kind }) => kind === 'open',
  identify: isIdentify,
  resume: (entry) => entry.direction === 'client' && opcode(entry) === Opcode.Resume,
  heartbeat: (entry) => entry.direction === 'client' && opcode(entry) === Opcode.Heartbeat,
  ready: (entry) => isDispatch(entry, 'READY'),
  resumed: (entry) => isDispatch(entry, 'RESUMED'),
  live: (entry) => isDispatch(entry, 'READY', 'RESUMED'),
  end: ({ kind }) => kind === 'close' || kind === 'drop',
};
