/** The pages of docs/reference, by their names, and the one that leads to all others: every event in every state at a glance. */
import { table } from '../markdown.mjs';
import { Chart } from './chart.mjs';
import { closeCodesPage, linkTo } from './close-codes.mjs';
import { eventsPage } from './events.mjs';
import { outcomesTable } from './outcome.mjs';
import { statesPage } from './states.mjs';
import { storiesPage, storyLinks, storyPictures } from './stories.mjs';
import { causesPage, eventsOf, intentsPage, opcodeOf, opcodesPage, policyPage, wordsPage } from './tables.mjs';
import { voicePage } from './voice.mjs';
import { GLOSSARY, POLICY, WORDS } from './words.mjs';

/** Every page by its file name. `graphs` are the explored charts; `departures` is the text of docs/departures.md. */
export function referencePages({ machines, graphs, departures }) {
  const shard = shardFrom(machines, graphs.shard);
  const gateway = gatewayFrom(machines, graphs.gateway);
  const pages = {
    'README.md': indexPage(shard, machines),
    'stories.md': storiesPage(shard, { machines, abstraction: machines.shardAbstraction }),
    'states.md': statesPage(shard, {
      title: 'States of the shard',
      intro:
        'Each state of [the shard chart](../charts.md): its rule, the clause it comes from, its deadline, what it does, and what it does about every event. The first row whose guard holds is taken.',
      departures: (state) => departuresOf(state, departures),
    }),
    'events.md': eventsPage(shard, {
      title: 'Events of the shard',
      intro:
        'What each event of [the shard chart](../charts.md) does in every state. The first row whose guard holds is taken.',
      more: aboutEvents(shard),
    }),
    'close-codes.md': closeCodesPage(shard, { machines }),
    'opcodes.md': opcodesPage(shard, { machines }),
    'intents.md': intentsPage({ machines }),
    'voice.md': voicePage({ machines }),
    'effects.md': wordsPage(shard, {
      title: 'Effects, memory and guards of the shard',
      intro: 'What the words of [the shard chart](states.md) mean, and where it uses them.',
    }),
    'causes.md': causesPage(shard, {
      title: 'Causes',
      intro:
        'Why the shard moves. Every transition reports one of these: in `transition` and `notice`, in traces, and in what `gatechart run` tells.',
    }),
    'policy.md': policyPage(shard, gateway, { machines, words: POLICY }),
    'gateway-states.md': statesPage(gateway, {
      title: "States of the Gateway's side",
      intro:
        'Each state of [the Gateway chart](../charts.md#the-gateway), which drives the simulator: the other side, as one client may observe it.',
    }),
    'gateway-events.md': eventsPage(gateway, {
      title: "Events of the Gateway's side",
      intro: 'What each event of [the Gateway chart](../charts.md#the-gateway) does in every state.',
      overview: gatewayMatrices(gateway),
    }),
    'gateway-effects.md': wordsPage(gateway, {
      title: "Effects, memory and guards of the Gateway's side",
      intro: 'What the words of [the Gateway chart](gateway-states.md) mean, and where it uses them.',
    }),
    'gateway-causes.md': causesPage(gateway, {
      title: "Causes of the Gateway's side",
      intro: 'Why the simulated Gateway moves.',
    }),
  };
  return Object.fromEntries(
    Object.entries(pages).map(([name, text]) => [name, `${NOTICE}\n\n${text.replace(/\n{3,}/g, '\n\n')}\n`]),
  );
}

/** The pictures of the stories: file, view, and the rows of each step. */
export const picturesOfStories = ({ machines, graphs }) =>
  storyPictures(shardFrom(machines, graphs.shard), { machines, abstraction: machines.shardAbstraction });

/** What is asked most of events, beside the rows of the chart. */
function aboutEvents(shard) {
  const invalid = (resumable) =>
    outcomesTable(shard, {
      heading: 'received in',
      movesFrom: ({ event }) => event.type === 'invalidSession' && event.resumable === resumable,
    });
  const missed = 'A heartbeat whose ACK is missing, from state to state: [a missed ACK](stories.md#a-missed-ack).';
  return {
    'timer.heartbeat': missed,
    'timer.silence': missed,
    invalidSession: `With \`d: true\`:\n\n${invalid(true)}\n\nWith \`d: false\`:\n\n${invalid(false)}\n\nThe rows of the chart:`,
  };
}

const NOTICE = '<!-- Written by `npm run generate` from the charts and tables; a test compares it. -->';

function shardFrom(machines, graph) {
  return new Chart({
    name: 'shard',
    machine: machines.shardMachine,
    graph,
    causes: machines.CAUSES,
    ignored: machines.SHARD_IGNORED,
    words: WORDS.shard,
    delays: shardDelays(machines),
    computed: { closeSocket: machines.DEFAULT_POLICY.closeCode },
    pages: { states: 'states.md', events: 'events.md', words: 'effects.md', causes: 'causes.md' },
    machines,
  });
}

function gatewayFrom(machines, graph) {
  return new Chart({
    name: 'Gateway',
    machine: machines.gatewayMachine,
    graph,
    causes: machines.GATEWAY_CAUSES,
    ignored: machines.GATEWAY_IGNORED,
    words: WORDS.gateway,
    delays: gatewayDelays(machines),
    pages: {
      states: 'gateway-states.md',
      events: 'gateway-events.md',
      words: 'gateway-effects.md',
      causes: 'gateway-causes.md',
    },
    machines,
  });
}

/** How long each timer of the shard takes: in ms, or in words where it depends on Hello or on what came before. */
function shardDelays({ SPANS, DEFAULT_POLICY, shardContext }) {
  const contextWith = (heartbeatInterval) => ({ ...shardContext({ policy: DEFAULT_POLICY }), heartbeatInterval });
  const interval = 40_000;
  return Object.fromEntries(
    Object.entries(SPANS).map(([timer, span]) => {
      const [short, long] = [span(contextWith(interval)), span(contextWith(2 * interval))];
      if (timer === 'reconnect') return [timer, 'a time that depends on what led there ([waits](policy.md))'];
      if (`${short}` === `${long}`) return [timer, short];
      const [least, most] = short.map((ms) => ms / interval);
      const laps = `${most === 1 ? 'one heartbeat interval' : `${most} heartbeat intervals`}`;
      return [timer, least === most ? laps : `between ${least} and ${laps}`];
    }),
  );
}

function gatewayDelays({ gatewayMachine, gatewayContext }) {
  const context = gatewayContext({});
  const { delays } = gatewayMachine.implementations;
  return Object.fromEntries(Object.entries(delays).map(([timer, delay]) => [timer, delay({ context })]));
}

/** The rows of docs/departures.md whose last cell names a state. */
function departuresOf({ key, path }, text) {
  return text
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => line.slice(2, -2).split(' | '))
    .filter(({ length }) => length === 5)
    .filter(([, , , , where]) =>
      [...where.matchAll(/`([^`]+)`/g)].some(
        ([, name]) => name === key || (name.includes('.') && path.join('.').endsWith(name)),
      ),
    )
    .map(([about, , we]) => ({ about, we }));
}

function indexPage(shard, machines) {
  const { CLOSE_CODES, OPCODES, closeCode } = machines;
  const codes = Object.keys(CLOSE_CODES).map(Number);
  const links = (some) => some.map((each) => linkTo(each, closeCode(each))).join(' ');
  const ops = Object.entries(OPCODES).flatMap(([op, { name }]) => {
    const [type] = eventsOf(op);
    return type === undefined ? [] : [shard.event(type, `${op} ${name}`)];
  });
  return [
    '# Reference',
    'What a client of the Discord Gateway does, state by state, event by event. Everything here is made from [the charts](../charts.md) and tables that run.',
    '## Look it up',
    [
      `- The connection was closed with **a code**: ${links(codes.filter((each) => each >= 4000))}, others ${links(codes.filter((each) => each < 4000))}`,
      `- **A message** came: ${ops.join(', ')}`,
      `- **No ACK** came, or any other deadline passed: [stories](stories.md#a-missed-ack), [timers](policy.md#deadlines-of-the-shard)`,
      '- **A word** of the chart: [states](states.md), [events](events.md), [effects, memory and guards](effects.md), [causes](causes.md), [numbers](policy.md)',
      '- **Tables**: [close codes](close-codes.md), [opcodes](opcodes.md), [intents](intents.md), [voice](voice.md), [departures](../departures.md) from the documentation',
      "- **The Gateway's side**, which drives the simulator: [states](gateway-states.md), [events](gateway-events.md), [effects](gateway-effects.md), [causes](gateway-causes.md)",
    ].join('\n'),
    '## Words',
    glossary(machines),
    '## What happens when',
    storyLinks(),
    '## Every event in every state',
    `${LEGEND} Click on an event for guards, effects and reasons. How long a timer takes: [deadlines](policy.md#deadlines-of-the-shard).`,
    '### On a connection',
    matrix(
      shard,
      shard.primary.filter((state) => hears(shard, state, 'hello')),
    ),
    ...shard.secondaryRegions.flatMap((region) => besides(shard, region)),
    '### Before and after it',
    matrix(
      shard,
      shard.primary.filter((state) => !hears(shard, state, 'hello')),
    ),
  ].join('\n\n');
}

/** Words that Discord's documentation does not have; our close code with them, as the policy sets it. */
function glossary({ DEFAULT_POLICY: { closeCode } }) {
  const keeping = `the code that we close with when the session is to be kept (\`closeCode\`); [1000 ends it](close-codes.md#codes-that-we-close-with)`;
  return Object.entries({ ...GLOSSARY, [closeCode]: keeping })
    .map(([word, says]) => `- **${word}**: ${says}`)
    .join('\n');
}

/** What a region does about the events that it handles itself. */
function besides(chart, region) {
  const inside = chart.resting.filter((state) => state.id.startsWith(`${region.id}.`));
  const isOwn = (type) =>
    inside.some((state) => chart.rowsFor(state, type).some(({ source }) => source.id.startsWith(region.id)));
  return [
    `### Beside it: ${region.key}`,
    `At the same time, while ${chart.state(region.parent)}.`,
    matrix(chart, inside, isOwn),
  ];
}

/** The same for the Gateway's side; what another region alone does is left out. */
function gatewayMatrices(gateway) {
  const open = gateway.primary.filter((state) => hears(gateway, state, 'received.identify'));
  const isOwn = (_, texts) => texts.some((text) => text !== '·' && text !== 'beside');
  return [
    '## At a glance',
    LEGEND,
    matrix(gateway, open, isOwn),
    'Without a client that could be heard:',
    matrix(
      gateway,
      gateway.primary.filter((state) => !open.includes(state)),
    ),
  ].join('\n\n');
}

const LEGEND =
  'Where each event leads. *noted*: reported, and otherwise ignored. ·: ignored. *stays*: handled, and the state stays; *anew*: left and entered again. *beside*: what goes on beside it handles it.';

const hears = (chart, state, type) => chart.rowsFor(state, type).length > 0;

/** A row for each event that does anything and that `keeps` keeps, a column for each state; states that fare alike share one. */
function matrix(chart, states, keeps = () => true) {
  const isTimer = (type) => type.startsWith('timer.');
  const events = [...chart.events.filter((type) => !isTimer(type)), ...chart.events.filter(isTimer)];
  const columns = new Map();
  for (const state of states) {
    const cells = events.map((type) => cell(chart, state, type));
    const column = columns.get(cells.join()) ?? { cells, states: [] };
    column.states.push(state);
    columns.set(cells.join(), column);
  }
  const all = [...columns.values()];
  const rows = events.flatMap((type, i) => {
    const texts = all.map(({ cells }) => cells[i]);
    return texts.some((text) => text !== '·') && keeps(type, texts) ? [[named(chart, type), ...texts]] : [];
  });
  return table(
    [
      '',
      ...all.map((column) =>
        column.states.map((state) => chart.state(state, broken(chart.shortName(state)))).join(', '),
      ),
    ],
    rows,
  );
}

/** An event of the shard with the opcode that it comes from. */
function named(chart, type) {
  const op = chart.name === 'shard' ? opcodeOf(type) : undefined;
  return `${chart.event(type)}${op === undefined ? '' : ` op&nbsp;${op}`}`;
}

/** Names may break where a new word begins, so that columns stay narrow. */
const broken = (name) => name.replace(/([a-z])(?=[A-Z])/g, '$1<wbr>').replace(/\./g, '.<wbr>');

/** Where an event leads from a state, in the first beginning of the chart. */
function cell(chart, state, type) {
  const { machines } = chart;
  const places = chart.placesOf.get(state);
  const moves = places.flatMap(({ edges }) => edges.filter(({ event }) => event.type === type));
  const own = moves.filter(({ rows }) => rows.some((row) => isOf(state, row)));
  if (own.length === 0) return moves.length > 0 ? 'beside' : '·';
  const inRegion = (snapshot) =>
    chart.resting.find((each) => sameRegion(each, state) && snapshot._nodes.includes(each)) ?? chart.mainOf(snapshot);
  const results = own.map(({ after, instructions, rows }) => {
    const target = inRegion(after);
    if (target !== state) return broken(chart.shortName(target));
    const own = rows.filter((id) => isOf(state, id)).map((id) => chart.rows.find((row) => machines.rowId(row) === id));
    if (own.some((row) => row.target !== undefined)) return 'anew';
    const does = instructions.filter(({ type }) => !['arm', 'disarm'].includes(type));
    return does.length > 0 && does.every(({ type }) => type === 'report') ? 'noted' : 'stays';
  });
  return [...new Set(results)].join(', ');
}

/** Whether a row, by its id, belongs to a state or one around it. */
const isOf = (state, row) => {
  const source = row.slice(0, row.indexOf(':'));
  return state.id === source || state.id.startsWith(`${source}.`);
};

const regionOf = (state) =>
  state.parent === undefined ? undefined : state.parent.type === 'parallel' ? state.id : regionOf(state.parent);
const sameRegion = (one, other) => regionOf(one) === regionOf(other);
