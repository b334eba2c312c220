import {
  CAUSES,
  type Cause,
  isReadyIn,
  type StateView,
  sentence,
  stateInWords,
  stateView,
} from '../../../machines/index.js';
import { roughly } from '../../../machines/kit/durations.js';
import type { ShardTransition } from '../../shard/index.js';
import { printable, printableJson } from '../../telling/printable.js';
import { isLap } from '../../trace/explain.js';
import type { Io } from '../terminal/io.js';
import { Terminal, wrap } from '../terminal/terminal.js';

/** Columns of a line: when, where to, why. */
const TIME = 7;
const STATE = 21;
const INDENT = TIME + 2 + 2 + STATE + 1;

/** Tells what a shard does, line by line: to people, or as JSON to programs. */
export class Story {
  readonly terminal: Terminal;
  readonly #io: Io;
  /** Whether programs read this. */
  readonly isJson: boolean;
  /** In ms, from the beginning of the story on. */
  readonly #time: () => number;

  constructor(io: Io, { json = false, time = stopwatch() }: { json?: boolean | undefined; time?: () => number } = {}) {
    this.#time = time;
    this.terminal = new Terminal(io);
    this.#io = io;
    this.isJson = json;
  }

  /** How long ago the story began, in ms. */
  get elapsed(): number {
    return this.#time();
  }

  /** Text for people alone. */
  say(text = '', { indent = 0, dim = false } = {}): void {
    if (this.isJson) return;
    this.terminal.paragraph(text, { indent, ...(dim ? { paint: this.terminal.colors.dim } : {}) });
  }

  chapter(title: string, says: string): void {
    this.record('chapter', { title, says });
    if (this.isJson) return;
    this.terminal.heading(title);
    this.say(says, { dim: true });
    this.terminal.line();
  }

  /** Something that happened to the shard: a word for it, and a sentence. */
  fact(type: string, word: string, sentence: string, data: object = {}): void {
    this.record(type, { says: `${word}: ${sentence}`, ...data });
    if (!this.isJson) this.#line(`  ${word}`, this.terminal.colors.magenta, sentence);
  }

  /** A step of the chart. Heartbeats that go well are many: `laps` tells them too. */
  transition({ from, to, cause, causes, wait }: ShardTransition, { laps = false, specs = false } = {}): void {
    if (!laps && isLap([cause])) return;
    const waits = wait === undefined ? [] : [`the next try is in ${roughly(wait)}`];
    const says = [...causes.map(sentence), ...waits].join('; ');
    const { spec } = CAUSES[cause.name];
    this.record('transition', { from, to, cause, says, spec, ...(wait === undefined ? {} : { wait }) });
    if (this.isJson) return;
    const state = news(from, to);
    this.#line(`→ ${state.says}`, this.#paint(to, state), specs ? `${says} [${spec}]` : says);
  }

  notice(cause: Cause): void {
    this.record('notice', { cause, says: sentence(cause) });
    if (!this.isJson) this.#line('  notice', this.terminal.colors.yellow, sentence(cause));
  }

  /** A line of JSON; nothing for people. */
  record(type: string, data: object): void {
    if (this.isJson) this.#io.out.write(`${printableJson({ type, at: Math.round(this.#time()), ...data })}\n`);
  }

  #line(word: string, paint: (text: string) => string, sentence: string): void {
    const { terminal } = this;
    const time = (this.#time() / 1000).toFixed(2).padStart(TIME);
    const [first = '', ...more] = wrap(printable(sentence), terminal.width - INDENT);
    terminal.line(`${terminal.colors.dim(time)}  ${paint(printable(word).padEnd(STATE + 2))} ${first}`);
    for (const line of more) terminal.line(' '.repeat(INDENT) + line);
  }

  #paint(to: string, { isBeside }: News): (text: string) => string {
    const { colors } = this.terminal;
    if (isBeside) return colors.dim;
    const view = stateView(to);
    return colors[COLORS[view.run] ?? (isReadyIn(view) ? 'green' : 'cyan')];
  }
}

function stopwatch(): () => number {
  const began = performance.now();
  return () => performance.now() - began;
}

/** Where a shard is not well. */
const COLORS: { readonly [R in StateView['run']]?: 'yellow' | 'red' } = {
  'running.connection.closing.reconnecting': 'yellow',
  'running.connection.closing.stopping': 'yellow',
  'running.connection.closing.failing': 'red',
  'running.waiting': 'yellow',
  failed: 'red',
};

/** What of a state is new. */
interface News {
  readonly says: string;
  /** Whether it is beside the session. */
  readonly isBeside: boolean;
}

function news(from: string, to: string): News {
  const [before, after] = [stateInWords(from), stateInWords(to)];
  const goesOn = before.state === after.state && before.heartbeat !== null && after.heartbeat !== null;
  const beside = (['reading', 'heartbeat'] as const).find((part) => goesOn && before[part] !== after[part]);
  return beside === undefined
    ? { says: after.state, isBeside: false }
    : { says: `${beside} ${after[beside]}`, isBeside: true };
}
