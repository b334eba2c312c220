/** The client under test: any command, in a process group of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type ControlOrder, RECORD_VARIABLE } from './control.js';

/** What a client has to know, as environment variables and as placeholders in its command. */
export interface Surroundings {
  readonly token: string;
  /** Base of the API, without its version: `http://127.0.0.1:4747/api`. */
  readonly rest: string;
  readonly gateway: string;
  /** A file with the certification authority to trust; none without TLS. */
  readonly ca?: string | undefined;
  /** What another process needs to go on with a session, as JSON, for a client that is to begin with it. */
  readonly record?: string | undefined;
}

/** Environment variables that tell a client where it is. */
export const VARIABLES: Readonly<Record<string, keyof Surroundings>> = {
  DISCORD_TOKEN: 'token',
  GATECHART_REST: 'rest',
  GATECHART_GATEWAY: 'gateway',
  GATECHART_CA: 'ca',
  NODE_EXTRA_CA_CERTS: 'ca',
  SSL_CERT_FILE: 'ca',
  [RECORD_VARIABLE]: 'record',
};

/** Placeholders of a command, such as `--gateway {gateway}`. */
export const PLACEHOLDERS: readonly (keyof Surroundings)[] = ['token', 'rest', 'gateway', 'ca'];

/** The command with its placeholders filled in. Throws a `TypeError` for one that there is not. */
export function commandFor(command: readonly string[], surroundings: Surroundings): readonly string[] {
  return command.map((part) =>
    part.replace(/\{([a-z]+)\}/g, (whole, name: string) => {
      if (!(PLACEHOLDERS as readonly string[]).includes(name)) {
        throw new TypeError(
          `there is no placeholder ${whole}: there are ${PLACEHOLDERS.map((p) => `{${p}}`).join(', ')}`,
        );
      }
      return surroundings[name as keyof Surroundings] ?? '';
    }),
  );
}

/** Why a program did not start, and what to do. */
function whyMissing(program: string, { code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return `${program} was not found: name a program that is on the PATH, or its path`;
  if (code === 'EACCES') return `${program} may not be executed: is it a program, as in node ${program}?`;
  return `${program} could not be started: ${message}`;
}

/** Who hears of a client. */
export interface ClientListener {
  line(stream: 'stdout' | 'stderr', text: string): void;
  /** Once: how it ended, such as `ends with exit code 1`. `isMissing` tells that the command could not be run. */
  ended(says: string, isMissing: boolean): void;
}

/** So many characters of a line are kept. */
const LONGEST_LINE = 2_000;
/** How long a client may take to end after SIGTERM, in ms. */
const GRACE_MS = 2_000;

/** Process groups that run: none outlives this process, even where it has no time to wait for them. */
const running = new Set<() => void>();
const killAll = () => {
  for (const kill of running) kill();
};

/** A running client. */
export class ClientProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  readonly #killAtExit = () => this.#kill('SIGKILL');
  #isOver = false;

  constructor(command: readonly string[], surroundings: Surroundings, listener: ClientListener) {
    const [program = '', ...args] = commandFor(command, surroundings);
    const told = Object.entries(VARIABLES).flatMap(([name, key]) => {
      const value = surroundings[key];
      return value === undefined ? [] : [[name, value]];
    });
    this.#child = spawn(program, args, {
      env: { ...process.env, ...Object.fromEntries(told) },
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: process.platform !== 'win32', // a group of its own, so that what it starts ends with it
    });
    this.#child.stdin?.on('error', () => {}); // it reads no orders, or has ended
    if (running.size === 0) process.once('exit', killAll);
    running.add(this.#killAtExit);
    for (const stream of ['stdout', 'stderr'] as const) {
      const output = this.#child[stream];
      if (output !== null) {
        createInterface({ input: output }).on('line', (text) => listener.line(stream, text.slice(0, LONGEST_LINE)));
      }
    }
    this.#ended = new Promise((resolve) => {
      const end = (says: string, isMissing: boolean) => {
        if (this.#isOver) return;
        this.#isOver = true;
        listener.ended(says, isMissing);
        resolve();
      };
      this.#child.once('error', (error: NodeJS.ErrnoException) => end(whyMissing(program, error), true));
      this.#child.once('exit', (code, signal) =>
        end(signal === null ? `ends with exit code ${code}` : `is ended by ${signal}`, false),
      );
    });
  }

  /** Writes an order to its standard input; it goes nowhere if the client does not read it. */
  order(order: ControlOrder): void {
    this.#child.stdin?.write(`${JSON.stringify(order)}\n`);
  }

  /** Ends it and whatever it started: SIGTERM, and SIGKILL after two seconds, or SIGKILL at once. */
  async end(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    this.#kill(signal);
    const timer = setTimeout(() => this.#kill('SIGKILL'), GRACE_MS);
    await this.#ended;
    clearTimeout(timer);
    this.#kill('SIGKILL');
    running.delete(this.#killAtExit);
    if (running.size === 0) process.off('exit', killAll);
  }

  #kill(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      if (process.platform === 'win32') this.#child.kill(signal);
      else process.kill(-pid, signal);
    } catch {
      // it is over already
    }
  }
}
