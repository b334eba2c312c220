/** Processes that are started here, and that end with us. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A line of `stream` without line ends, for each that is written to it. */
const eachLine = (stream, take) =>
  createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', take);

/** A process whose lines are handed on as they come: `onLine(line, stream)`. */
export class Running {
  #child;
  /** Resolves with what ended the process, as text. */
  ended;

  constructor([command, ...args], { cwd, env = {}, signal, onLine = () => {} }) {
    this.#child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      signal,
      killSignal: 'SIGKILL',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const name of ['stdout', 'stderr']) eachLine(this.#child[name], (line) => onLine(line, name));
    this.ended = new Promise((resolve) => {
      this.#child.once('error', (error) => resolve(error.message));
      this.#child.once('close', (code, by) => resolve(code === null ? `ended by ${by}` : `ended with ${code}`));
    });
  }

  /** Asks it to end, and makes it end after two seconds. */
  async end() {
    this.#child.kill('SIGTERM');
    const late = setTimeout(() => this.#child.kill('SIGKILL'), 2_000);
    await this.ended;
    clearTimeout(late);
  }
}

/** Runs a command to its end. Resolves with what it printed; rejects with its last lines if it fails or takes longer than `ms`. */
export async function run(command, { cwd, env, signal, ms }) {
  const lines = [];
  const limit = AbortSignal.timeout(ms);
  const running = new Running(command, {
    cwd,
    env,
    signal: AbortSignal.any([limit, signal]),
    onLine: (line) => lines.push(line),
  });
  const ended = await running.ended;
  if (ended === 'ended with 0') return lines.join('\n');
  const why = limit.aborted ? `took longer than ${ms / 1_000} s` : ended;
  throw new Error([`${command.join(' ')}: ${why}`, ...lines.slice(-15)].join('\n'));
}
