/** What happens when: paths through the shard chart, played and told step by step. */
import type { AnyStateNode, SnapshotFrom } from 'xstate';
import { spanInWords } from '../../machines/kit/durations.js';
import type { Instruction } from '../../machines/kit/pure.js';
import { rowId } from '../../machines/kit/rows.js';
import { stateName } from '../../machines/kit/state-names.js';
import { activeNodes } from '../../machines/kit/xstate-insides.js';
import type { Cause } from '../../machines/shard/causes.js';
import type { shardMachine } from '../../machines/shard/chart.js';
import { shardAbstraction } from '../../machines/shard/laws/abstraction.js';
import { DEFAULT_POLICY, type Span } from '../../machines/shard/policy.js';
import { type ShardContext, type ShardEvent, SPANS, type Timer } from '../../machines/shard/vocabulary.js';
import type { SHARD_VIEWS } from '../diagram/views.js';
import { type Chart, headingOf, timerOf } from './chart.js';
import { clause } from './clauses.js';
import { linkTo } from './close-codes.js';
import { anchor, paragraphs, table } from './markdown.js';
import { outcomesTable, type ShardStates } from './outcomes.js';

const CONNECT = ['start', 'located', 'opened', 'hello', 'permitGranted', 'ready'];
const BEAT = [...CONNECT, 'timer.settle', 'timer.firstHeartbeat', 'heartbeatAck'];
const RESUME = ['timer.reconnect', 'opened', 'hello', 'resumed'];
const IDENTIFY = ['timer.reconnect', 'opened', 'hello', 'permitGranted', 'ready'];

/** A path through the chart, by the labels of its events. It begins where `before` has led, which is not told. */
interface Story {
  readonly title: string;
  readonly view?: keyof typeof SHARD_VIEWS;
  readonly before?: readonly string[];
  readonly tell: readonly string[];
}

const MISSED_ACK = 'A missed ACK';

const STORIES: readonly Story[] = [
  { title: 'The first connection', tell: [...CONNECT, 'timer.firstHeartbeat', 'heartbeatAck', 'timer.settle'] },
  {
    title: MISSED_ACK,
    view: 'heartbeat',
    before: [...BEAT, 'timer.heartbeat'],
    tell: ['timer.heartbeat', 'timer.silence', 'timer.close', ...RESUME],
  },
  {
    title: 'A late ACK',
    view: 'heartbeat',
    before: [...BEAT, 'timer.heartbeat'],
    tell: ['timer.heartbeat', 'heartbeatAck'],
  },
  { title: 'Op 7: Reconnect', before: BEAT, tell: ['reconnectRequested', 'closed (1000)', ...RESUME] },
  { title: 'Op 9: Invalid Session, d true', before: BEAT, tell: ['invalidSession (true)', 'closed (1000)', ...RESUME] },
  {
    title: 'Op 9: Invalid Session, d false',
    before: BEAT,
    tell: ['invalidSession (false)', 'closed (1000)', ...IDENTIFY],
  },
  { title: 'Op 1: a heartbeat is asked for', view: 'heartbeat', before: BEAT, tell: ['heartbeatRequested'] },
  {
    title: 'The connection is lost',
    before: BEAT,
    tell: ['closed (1006)', 'timer.reconnect', 'opened', 'hello', 'dispatched', 'resumed'],
  },
  { title: 'Close 4009: the session timed out', before: BEAT, tell: ['closed (4009)', ...IDENTIFY] },
  { title: 'Close 4004: the token is wrong', before: CONNECT.slice(0, -1), tell: ['closed (4004)', 'start'] },
  {
    title: 'A resume is refused',
    before: [...BEAT, 'closed (1006)', 'timer.reconnect', 'opened', 'hello'],
    tell: ['invalidSession (false)', 'closed (1000)', ...IDENTIFY],
  },
  {
    title: 'The URL of the session does not answer',
    before: [...BEAT, 'closed (1006)', 'timer.reconnect'],
    tell: ['timer.open', 'timer.reconnect', 'opened', 'hello', 'resumed'],
  },
  {
    title: 'Three resumes fail',
    before: BEAT,
    tell: [
      'closed (1006)',
      ...Array(3).fill(['timer.reconnect', 'opened', 'hello', 'closed (1006)']).flat(),
      ...IDENTIFY,
    ],
  },
  { title: 'Stop', before: BEAT, tell: ['stop', 'closed (1000)'] },
  { title: 'Detach', before: BEAT, tell: ['detach', 'closed (1000)'] },
];

export const storyLinks = (page = 'stories.md'): string =>
  STORIES.map(({ title }) => `- [${title}](${page}#${anchor(title)})`).join('\n');

export function storiesPage(chart: Chart, shard: ShardStates): string {
  const sections = STORIES.map(({ title, before = [], tell }) => {
    const run = new Run(chart, shard, before);
    const from = before.length === 0 ? '' : `The shard is ${run.place()}.`;
    const rows = tell.map((label) => run.take(label));
    return paragraphs(
      `## ${title}`,
      title === MISSED_ACK ? aboutMissedAck(chart, shard) : '',
      elsewhere(chart, tell[0] ?? ''),
      from,
      table(['time', 'what happens', 'the shard does', 'because', 'and is then'], rows),
      `![The steps of this story, numbered](../diagrams/${fileOf(title)})`,
    );
  });
  return paragraphs(
    '# What happens when',
    'Paths through [the shard chart](states.md), played step by step on the chart itself. Nothing is told here that it does not do. In the pictures the arrows have the numbers of the lines; what goes on inside a folded box has its number at the corner. Heartbeats go on beside every story; they are told where they matter. Waits and deadlines are [the defaults](policy.md). The time runs from the first line on, as far as timers alone decide it; a *+* stands before what a timer takes after something whose time is not known.',
    storyLinks(''),
    ...sections,
  );
}

const fileOf = (title: string) => `story-${anchor(title)}.svg`;

/** For each story the view that shows most of it, and the rows of the chart that each step took. */
export function storyPictures(chart: Chart, shard: ShardStates) {
  return STORIES.map(({ title, view = 'overview', before = [], tell }) => {
    const run = new Run(chart, shard, before);
    return { file: fileOf(title), view, path: tell.map((label) => run.rowsOf(label)) };
  });
}

/** Where the same is told of every state. */
function elsewhere(chart: Chart, label: string): string {
  if (label === 'start' || timerOf(label) !== undefined) return '';
  const [, code] = /^closed \((\d+)\)$/.exec(label) ?? [];
  const page = code === undefined ? chart.event(label.replace(/ .*$/, '')) : linkTo(Number(code));
  return `This is one state of many; the same in each of them: ${page}.`;
}

/** What precedes the story of a missed ACK. */
function aboutMissedAck(chart: Chart, shard: ShardStates): string {
  const overdue = stateAt(chart, 'beating.overdue');
  const { silence, overdue: atMost, close } = DEFAULT_POLICY.deadlines;
  return paragraphs(
    `${overdue.description} Where nothing is left to be read that is ${spanInWords(silence)}, and ${spanInWords(atMost)} at most; an answer to our close is awaited for ${spanInWords(close)}; then comes the wait. After a pause of reading one heartbeat without its ACK is excused (${chart.state(stateAt(chart, 'excused'))}). By the state of the session ([overdue](${chart.facts.pages.states}#${anchor(headingOf(overdue))}) is beside it):`,
    outcomesTable(
      chart,
      shard,
      { matches: ({ type }) => type === 'timer.silence', during: 'beating.overdue.listening' },
      {
        heading: 'missed in',
        nowhere: (links) =>
          `No heartbeat has been sent, or its ACK is not awaited any more, in ${links}: there none can be missed.`,
      },
    ),
    'Step by step, from ready:',
  );
}

function stateAt(chart: Chart, end: string): AnyStateNode {
  const state = chart.states.find(({ id }) => id.endsWith(`.${end}`));
  if (state === undefined) throw new Error(`The shard chart has no state ${end}, of which a story tells`);
  return state;
}

class Run {
  #snapshot: SnapshotFrom<typeof shardMachine>;
  #rows: readonly string[] = [];
  /** The time since the first line; undefined before it, null where it is not known. */
  #clock: Span | null | undefined;
  /** The timers that the last step started, with how long they take; in words where it depends on Hello. */
  #armed: ReadonlyMap<string, Span | string> = new Map();

  constructor(
    readonly chart: Chart,
    readonly shard: ShardStates,
    before: readonly string[],
  ) {
    this.#snapshot = shard.explored.pure.initial(Object.values(shardAbstraction.roots)[0]).snapshot;
    for (const label of before) this.take(label);
    this.#clock = undefined;
  }

  /** Where it is: the state, and those beside it; of them only what is new since `before`. */
  place(before: readonly AnyStateNode[] = []): string {
    const { chart } = this;
    const states = this.#active().filter((state) => !before.includes(state));
    const main = states.filter((state) => chart.primary.includes(state)).map((state) => chart.state(state));
    const beside = states
      .filter((state) => !chart.primary.includes(state))
      .map((state) => `beside it ${chart.state(state)}`);
    return [...main, ...beside].join(', ') || 'where it was';
  }

  #active(): readonly AnyStateNode[] {
    const active = activeNodes(this.#snapshot);
    return this.chart.resting.filter((state) => active.includes(state));
  }

  /** When an event comes: as far as the timers of the step before tell it. */
  #time({ type }: ShardEvent): string {
    const timer = timerOf(type);
    const before = this.#clock;
    if (before === undefined) {
      this.#clock = [0, 0];
      return '0';
    }
    this.#clock = null;
    if (timer === undefined) return '';
    const span = this.#armed.get(timer);
    if (typeof span !== 'object') return `+ ${this.chart.delay(timer)}`;
    if (before === null) return `+ ${spanInWords(span)}`;
    this.#clock = [before[0] + span[0], before[1] + span[1]];
    return spanInWords(this.#clock);
  }

  #span(timer: string, context: ShardContext): Span | string {
    const words = this.chart.facts.delays[timer];
    return timer !== 'reconnect' && typeof words === 'string' ? words : SPANS[timer as Timer](context);
  }

  /** Plays an event; the rows of the chart that it takes. */
  rowsOf(label: string): readonly string[] {
    this.take(label);
    return this.#rows;
  }

  /** Plays an event; the cells of its line. */
  take(label: string): readonly string[] {
    const { causes } = this.chart.facts;
    const before = this.#active();
    const event = shardAbstraction.alphabet(this.#snapshot).find((each) => shardAbstraction.label(each) === label);
    const step = event && this.shard.explored.pure.step(this.#snapshot, event);
    if (event === undefined || step === undefined || step.rows.length === 0)
      throw new Error(`A story does not fit the chart: ${label} is ignored in ${stateName(this.#snapshot.value)}`);
    const { snapshot, instructions, rows } = step;
    const time = this.#time(event);
    this.#snapshot = snapshot;
    this.#rows = rows.map(rowId);
    const armed = instructions.flatMap(({ type, params }) => (type === 'arm' ? [`${params.timer}`] : []));
    this.#armed = new Map(armed.map((timer) => [timer, this.#span(timer, snapshot.context)]));
    const reported = instructions.flatMap(({ type, params }) =>
      type === 'report' ? [(params as { readonly cause: Cause }).cause.name] : [],
    );
    const done = instructions
      .filter(({ type }) => type !== 'report' && type !== 'disarm')
      .map((each) => this.#told(each));
    const why = reported.map((name) => `${causes[name]?.says} (${clause(causes[name]?.spec)})`);
    return [
      time,
      this.#happening(event, reported.includes('closeAnswered') ? event.type : label),
      done.join(', ') || 'nothing',
      why.join(', then ') || 'taken silently',
      this.place(before),
    ];
  }

  #happening({ type }: ShardEvent, label: string): string {
    const { chart } = this;
    const [, detail = ''] = /( \(.*\))$/.exec(label) ?? [];
    const { says = '' } = chart.facts.words.timers[timerOf(type) ?? ''] ?? {};
    const meaning = says === '' ? '' : `: ${says.charAt(0).toLowerCase()}${says.slice(1).replace(/\.$/, '')}`;
    return `${chart.event(type)}${detail}${meaning}`;
  }

  #told({ type, params }: Instruction): string {
    const { chart } = this;
    if (type === 'arm') {
      const timer = `${params.timer}`;
      const span = this.#armed.get(timer) ?? '';
      const long = typeof span === 'string' ? span : spanInWords(span);
      return `starts ${chart.event(`timer.${timer}`, timer)} (${long})`;
    }
    const { code, sequence } = params as { readonly code?: number; readonly sequence?: number | null };
    const fact = { closeSocket: code, sendHeartbeat: sequence, sendResume: sequence }[type];
    return `${chart.action(type)}${fact === undefined ? '' : ` ${fact}`}`;
  }
}
