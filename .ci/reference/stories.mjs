/** What happens when: paths through the shard chart, played and told step by step. */
import { anchor, duration, table } from '../markdown.mjs';
import { headingOf } from './chart.mjs';
import { linkTo } from './close-codes.mjs';
import { outcomesTable } from './outcome.mjs';

const CONNECT = ['start', 'located', 'opened', 'hello', 'permitGranted', 'ready'];
const BEAT = [...CONNECT, 'timer.settle', 'timer.firstHeartbeat', 'heartbeatAck'];
const RESUME = ['timer.reconnect', 'opened', 'hello', 'resumed'];
const IDENTIFY = ['timer.reconnect', 'opened', 'hello', 'permitGranted', 'ready'];

/** Each story begins where `before` has led, which is not told. */
const STORIES = [
  { title: 'The first connection', tell: [...CONNECT, 'timer.firstHeartbeat', 'heartbeatAck', 'timer.settle'] },
  {
    title: 'A missed ACK',
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

export const storyLinks = () => STORIES.map(({ title }) => `- [${title}](stories.md#${anchor(title)})`).join('\n');

export function storiesPage(chart, { machines, abstraction }) {
  const sections = STORIES.map(({ title, before = [], tell }) => {
    const run = new Run(chart, machines, abstraction);
    for (const label of before) run.take(label);
    const from = before.length === 0 ? '' : `The shard is ${run.place()}.\n\n`;
    run.startClock();
    const rows = tell.map((label) => run.take(label));
    const picture = `![The steps of this story, numbered](../diagrams/${fileOf(title)})`;
    return `## ${title}\n\n${about(chart, title)}${elsewhere(chart, tell[0])}${from}${table(['time', 'what happens', 'the shard does', 'because', 'and is then'], rows)}\n\n${picture}`;
  });
  return [
    '# What happens when',
    'Paths through [the shard chart](states.md), played step by step on the chart itself. Nothing is told here that it does not do. In the pictures the arrows have the numbers of the lines; what goes on inside a folded box has its number at the corner. Heartbeats go on beside every story; they are told where they matter. Waits and deadlines are [the defaults](policy.md). The time runs from the first line on, as far as timers alone decide it; a *+* stands before what a timer takes after something whose time is not known.',
    storyLinks().replaceAll('stories.md', ''),
    ...sections,
  ].join('\n\n');
}

const fileOf = (title) => `story-${anchor(title)}.svg`;

/** For each story the view that shows most of it, and the rows of the chart that each step took. */
export function storyPictures(chart, { machines, abstraction }) {
  return STORIES.map(({ title, view = 'overview', before = [], tell }) => {
    const run = new Run(chart, machines, abstraction);
    for (const label of before) run.take(label);
    run.startClock();
    return { file: fileOf(title), view, path: tell.map((label) => run.rowsOf(label)) };
  });
}

/** Where the same is told of every state. */
function elsewhere(chart, label) {
  if (label === 'start' || label.startsWith('timer.')) return '';
  const closed = /^closed \((\d+)\)$/.exec(label);
  const [type] = label.split(' ');
  const page = closed ? linkTo(Number(closed[1]), chart.machines.closeCode(Number(closed[1]))) : chart.event(type);
  return `This is one state of many; the same in each of them: ${page}.\n\n`;
}

/** What precedes a story. */
function about(chart, title) {
  if (title !== 'A missed ACK') return '';
  const state = chart.states.find(({ path }) => path.join('.').endsWith('beating.overdue'));
  const outcomes = outcomesTable(chart, {
    heading: 'missed in',
    movesFrom: ({ from, event }) => event.type === 'timer.silence' && isListening(chart, from.snapshot),
    nowhere: (states) =>
      `No heartbeat has been sent, or its ACK is not awaited any more, in ${states.map((state) => chart.state(state)).join(', ')}: there none can be missed.`,
  });
  const { silence, overdue, close } = chart.machines.DEFAULT_POLICY.deadlines;
  return `${state.description} Where nothing is left to be read that is ${duration(silence)}, and ${duration(overdue)} at most; an answer to our close is awaited for ${duration(close)}; then comes the wait. After a pause of reading one heartbeat without its ACK is excused (${excusedLink(chart)}). By the state of the session ([overdue](${chart.pages.states}#${anchor(headingOf(state))}) is beside it):\n\n${outcomes}\n\nStep by step, from ready:\n\n`;
}

function excusedLink(chart) {
  return chart.state(chart.states.find(({ path }) => path.at(-1) === 'excused'));
}

const isListening = ({ machines }, { value }) => machines.stateName(value).includes('overdue.listening');

class Run {
  #snapshot;
  #rows = [];
  /** The time since the first line, in ms; null where it is not known. */
  #clock = null;
  /** The timers that the last step started, with how long they take. */
  #armed = new Map();

  constructor(chart, machines, abstraction) {
    Object.assign(this, { chart, machines, abstraction, pure: machines.pure(chart.machine) });
    this.#snapshot = this.pure.initial(Object.values(abstraction.roots)[0]).snapshot;
  }

  /** Where it is: the state, and those beside it; of them only what is new since `before`. */
  place(before = []) {
    const { chart } = this;
    const states = this.#active().filter((state) => !before.includes(state));
    const main = states.filter((state) => chart.primary.includes(state)).map((state) => chart.state(state));
    const beside = states
      .filter((state) => !chart.primary.includes(state))
      .map((state) => `beside it ${chart.state(state)}`);
    return [...main, ...beside].join(', ') || 'where it was';
  }

  #active() {
    return this.chart.resting.filter((state) => this.#snapshot._nodes.includes(state));
  }

  /** The next line is at 0. */
  startClock() {
    this.#clock = undefined;
  }

  /** When an event comes: as far as the timers of the step before tell it. */
  #time({ type }) {
    const timer = type.startsWith('timer.') ? type.slice('timer.'.length) : '';
    if (this.#clock === undefined) {
      this.#clock = [0, 0];
      return '0';
    }
    if (timer === '') {
      this.#clock = null;
      return '';
    }
    const span = this.#armed.get(timer);
    if (typeof span !== 'object') {
      this.#clock = null;
      return `+ ${this.chart.delay(timer)}`;
    }
    if (this.#clock === null) return `+ ${duration(span)}`;
    this.#clock = [this.#clock[0] + span[0], this.#clock[1] + span[1]];
    return duration(this.#clock);
  }

  /** How long a timer takes, in ms; in words where it depends on Hello. */
  #span(timer, context) {
    const words = this.chart.delays[timer];
    return timer === 'reconnect' || typeof words !== 'string' ? this.machines.SPANS[timer](context) : words;
  }

  /** Plays an event; the rows of the chart that it takes. */
  rowsOf(label) {
    this.take(label);
    return this.#rows;
  }

  /** Plays an event; the cells of its line. */
  take(label) {
    const { chart, machines, abstraction } = this;
    const event = abstraction.alphabet(this.#snapshot).find((each) => abstraction.label(each) === label);
    const { snapshot, instructions, rows } = this.pure.step(this.#snapshot, event);
    if (rows.length === 0)
      throw new Error(
        `A story of .ci/reference/stories.mjs does not fit the chart: ${label} is ignored in ${machines.stateName(this.#snapshot.value)}`,
      );
    const before = this.#active();
    const time = this.#time(event);
    this.#snapshot = snapshot;
    this.#rows = rows.map(machines.rowId);
    const armed = instructions.filter(({ type }) => type === 'arm').map(({ params }) => params.timer);
    this.#armed = new Map(armed.map((timer) => [timer, this.#span(timer, snapshot.context)]));
    const causes = instructions.flatMap(({ type, params }) => (type === 'report' ? [params.cause.name] : []));
    const done = instructions
      .filter(({ type }) => !['report', 'disarm'].includes(type))
      .map((each) => this.#told(each));
    const why = causes.map((name) => `${chart.causes[name].says} (${chart.clause(chart.causes[name].spec)})`);
    return [
      time,
      this.#happening(event, causes.includes('closeAnswered') ? event.type : label),
      done.join(', ') || 'nothing',
      why.join(', then ') || 'taken silently',
      this.place(before),
    ];
  }

  #happening({ type }, label) {
    const { chart } = this;
    const [, detail = ''] = /( \(.*\))$/.exec(label) ?? [];
    const timer = type.startsWith('timer.') ? chart.words.timers[type.slice('timer.'.length)] : '';
    return `${chart.event(type)}${detail}${timer === '' ? '' : `: ${timer[0].toLowerCase()}${timer.slice(1).replace(/\.$/, '')}`}`;
  }

  #told({ type, params }) {
    const { chart } = this;
    if (type === 'arm') {
      const { timer } = params;
      const span = this.#armed.get(timer);
      const long = typeof span === 'string' ? span : duration(span);
      return `starts ${chart.event(`timer.${timer}`, timer)} (${long})`;
    }
    const fact = { closeSocket: params.code, sendHeartbeat: params.sequence, sendResume: params.sequence }[type];
    return `${chart.action(type)}${fact === undefined ? '' : ` ${fact}`}`;
  }
}
