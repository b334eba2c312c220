/** The rules of the documentation beside whatever connects: told when one is broken, and summed up. */
import { GRADES } from '../../conformance/case.js';
import { inWords } from '../../conformance/checks.js';
import { type Breach, LiveJudge, MOST_CONNECTIONS, STANDING_MS } from '../../conformance/live-judge.js';
import type { Simulator } from '../../simulator/index.js';
import { counted } from '../../telling/numbers.js';
import type { Story } from '../live/story.js';

/** How often the rules are looked at, in ms. */
const LOOK_MS = 1_000;

/** So often people are told of one rule and client; more is counted. Programs are told all. */
const MOST_TOLD = 3;

/** What a look at the wire cannot know: said beside a breach. */
const UNLESS: Readonly<Record<string, string>> = {
  'a session is resumed before it is given up': 'unless the process was started anew',
  'after a code that forbids reconnecting there is no further connection without a start': 'unless somebody started it',
};

const now = () => performance.timeOrigin + performance.now();

/** Judges the clients of a simulator. */
export class Judging {
  readonly #story: Story;
  readonly #judge: LiveJudge;
  readonly #began: number;
  readonly #stop: () => void;
  readonly #timer: NodeJS.Timeout;
  /** How often a client broke a rule. */
  readonly #often = new Map<string, number>();

  constructor(story: Story, simulator: Simulator) {
    this.#story = story;
    this.#judge = new LiveJudge(simulator.url);
    this.#began = now() - story.elapsed;
    this.#stop = simulator.log.subscribe((entry) => this.#judge.add(entry));
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
  }

  /** Looks a last time: before the simulator closes, which would look like a Gateway that does. */
  end(): void {
    clearInterval(this.#timer);
    this.#stop();
    this.#look();
  }

  /** Tells what became of each rule. */
  conclude(): void {
    const { records, unreadable, givenUp } = this.#judge;
    for (const { rule, state, breaches } of records) {
      this.#story.record('rule', { spec: rule.spec, rule: rule.says, state, breaches });
    }
    if (this.#story.isJson) return;
    const { terminal } = this.#story;
    const { colors } = terminal;
    const paints = { broken: colors.red, tolerated: colors.yellow, kept: colors.green, 'not exercised': colors.dim };
    terminal.heading('What the documentation says to it');
    for (const [state, paint] of Object.entries(paints)) {
      for (const { rule, breaches } of records.filter((record) => record.state === state)) {
        const often = breaches === 0 ? '' : `, ${counted(breaches, 'time')}`;
        terminal.paragraph(`${state}${often}: ${rule.says} [${rule.spec}]`, { indent: 2, paint });
      }
    }
    if (unreadable > 0)
      this.#story.say(`Not judged, since they use ETF: ${counted(unreadable, 'connection')}.`, { indent: 2 });
    if (givenUp > 0) {
      const what = counted(givenUp, 'client');
      this.#story.say(`Judged no longer after ${MOST_CONNECTIONS} connections without a new session: ${what}.`, {
        indent: 2,
      });
    }
  }

  #look(): void {
    for (const breach of this.#judge.judge(now())) this.#tell(breach);
  }

  #tell({ rule, shard, what, grade, tolerated }: Breach): void {
    const key = `${shard} ${rule.says}`;
    const often = (this.#often.get(key) ?? 0) + 1;
    this.#often.set(key, often);
    if (often > MOST_TOLD && !this.#story.isJson) return;
    const who = shard === null ? 'a client that has not identified' : `shard ${shard}`;
    const unless = tolerated ?? UNLESS[rule.says];
    const says = `${who}: ${rule.says}: ${inWords(what, this.#began)}${unless === undefined ? '' : ` (${unless})`}`;
    const more = often === MOST_TOLD && !this.#story.isJson ? '; from here on it is counted' : '';
    const word = tolerated === undefined ? 'broken' : 'tolerated';
    this.#story.fact('breach', word, `${says} [${rule.spec}]${more}`, {
      spec: rule.spec,
      rule: rule.says,
      shard: shard === null ? null : JSON.parse(shard),
      grade,
      costs: GRADES[grade],
      ...(tolerated === undefined ? {} : { tolerated }),
    });
  }
}

/** For people, before the first client: what to expect. */
export const PROMISE =
  `What clients do is held against the documentation; a breach is told when it has stood for ${STANDING_MS / 1000} s, ` +
  'and Ctrl-C sums up.';
