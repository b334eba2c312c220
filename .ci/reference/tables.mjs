/** The pages of the tables: opcodes, intents, the charts' words, causes, and the numbers of the policy. */
import { code, duration, grouped, table } from '../markdown.mjs';
import { clause } from './chart.mjs';

/** What of the shard belongs to an opcode: the events it becomes, or the effects that send it. */
const OPCODES = {
  0: { events: ['dispatch', 'ready', 'resumed'] },
  1: { events: ['heartbeatRequested'], effects: ['sendHeartbeat'] },
  2: { effects: ['sendIdentify'] },
  6: { effects: ['sendResume'] },
  7: { events: ['reconnectRequested'] },
  9: { events: ['invalidSession'] },
  10: { events: ['hello'] },
  11: { events: ['heartbeatAck'] },
};

/** The events that a message with an opcode becomes. */
export const eventsOf = (op) => OPCODES[op]?.events ?? [];
/** The opcode of the message that an event stands for. */
export const opcodeOf = (type) => Object.keys(OPCODES).find((op) => eventsOf(op).includes(type));

export function opcodesPage(shard, { machines }) {
  const rows = Object.entries(machines.OPCODES).map(([op, { name, direction, d }]) => {
    const { effects = [] } = OPCODES[op] ?? {};
    const received = eventsOf(op)
      .map((type) => shard.event(type))
      .join(', ');
    const sent = effects.map((name) => shard.action(name)).join(', ') || (direction === 'send' ? '`shard.send`' : '');
    const way = { send: 'sent', receive: 'received', both: 'sent and received' }[direction];
    return [op, name, way, d, received, sent];
  });
  return [
    '# Opcodes',
    `All that are documented (${clause('gateway#gateway-opcodes')}). What the shard does when one arrives stands under its event, state by state; any other opcode becomes ${shard.event('unknownOpcode')}.`,
    table(['op', 'name', 'way', 'd', 'arrives as', 'sent by'], rows),
  ].join('\n\n');
}

export function intentsPage({ machines }) {
  const { INTENTS, DISPATCH_EVENTS, LIMITS, explainIntents } = machines;
  const { events } = explainIntents(DISPATCH_EVENTS, []); // with all remarks there are
  const list = (names) => names.map(code).join(', ');
  return [
    '# Intents',
    `Which dispatches each intent brings, and which intents each dispatch needs (${clause('gateway#gateway-intents')}). \`gatechart intents MESSAGE_CREATE\` tells the same.`,
    '## By intent',
    table(
      ['intent', 'bit', 'value', 'privileged', 'from guilds', 'from direct messages'],
      Object.entries(INTENTS).map(([name, { bit, privileged, guild, direct }]) => [
        code(name),
        bit,
        2 ** bit,
        privileged ? 'yes' : '',
        list(guild),
        list(direct),
      ]),
    ),
    '## By dispatch',
    `Any one of the intents in a cell is enough. \`MESSAGE_CONTENT\` brings no dispatch of its own: it fills messages. Where a remark names permissions, the bot needs one of them in the guild too. A privileged intent is enabled in the Developer Portal; from ${grouped(LIMITS.privilegedReviewUsers)} users who can see the application on, it takes a review each year.`,
    table(
      ['dispatch', 'from guilds', 'from direct messages', 'remarks'],
      events.map(({ event, guild, direct, remarks, arrives }) => [
        code(event),
        arrives === 'always' ? 'needs none' : list(guild),
        list(direct),
        remarks.join('; '),
      ]),
    ),
  ].join('\n\n');
}

/** What a chart does and asks: effects, memory, guards. */
export function wordsPage(chart, { title, intro }) {
  const { effects, memory, guards } = chart.words;
  return [
    `# ${title}`,
    intro,
    '## Effects',
    'Asked of the host; the chart itself does nothing outside.',
    ...Object.entries(effects).map(([name, says]) => word(chart, name, says)),
    '## Memory',
    'What the chart remembers changes.',
    ...Object.entries(memory).map(([name, says]) => word(chart, name, says)),
    '## Guards',
    table(
      ['guard', 'holds if'],
      Object.entries(guards).map(([name, says]) => [code(name), says]),
    ),
  ].join('\n\n');
}

/** An action, and where the chart takes it. */
function word(chart, name, says) {
  const has = (actions) => actions.some((action) => (typeof action === 'string' ? action : action.type) === name);
  const states = (moment) => chart.states.filter((state) => has(state[moment])).map((state) => chart.state(state));
  const rows = chart.rows.filter(({ actions }) => has(actions));
  const uses = [
    ...Object.entries({ entry: states('entry'), exit: states('exit') }).flatMap(([moment, links]) =>
      links.length === 0 ? [] : [`on ${moment} of ${links.join(', ')}`],
    ),
    ...(name === 'report' || name === 'remember' ? ['on nearly every transition'] : whereOf(chart, rows)),
  ];
  return `### ${name}\n\n${says} Done ${uses.join('; ')}.`;
}

/** The rows with an action: the events, with the states that handle them. */
function whereOf(chart, rows) {
  const types = [...new Set(rows.map(({ eventType }) => eventType))];
  return types.map((type) => {
    const sources = [...new Set(rows.filter(({ eventType }) => eventType === type).map(({ source }) => source))];
    const links = sources.map((source) => chart.state(source)).join(', ');
    return type === '' ? `at once in ${links}` : `on ${chart.event(type)} in ${links}`;
  });
}

export function causesPage(chart, { title, intro }) {
  const sections = Object.entries(chart.causes).map(([name, { says, spec }]) => {
    const rows = chart.rows.filter((row) => chart.causeOf(row) === name);
    const lines = rows.map((row) => {
      const event = row.eventType === '' ? 'at once' : chart.event(row.eventType);
      const guard = chart.guardOf(row);
      const target = chart.target(row);
      return `- in ${chart.state(row.source)}: ${event}${guard === undefined ? '' : ` if ${chart.guard(guard)}`}${target === '' ? '' : `, to ${target}`}`;
    });
    return `## ${name}\n\n${says[0].toUpperCase()}${says.slice(1)}. From: ${clause(spec)}.\n\n${lines.join('\n')}`;
  });
  return [`# ${title}`, intro, ...sections].join('\n\n');
}

export function policyPage(shard, gateway, { machines, words }) {
  const numbers = leaves(machines.DEFAULT_POLICY, Object.keys(words));
  const missing = numbers.filter(({ path }) => words[path] === undefined);
  if (missing.length > 0)
    throw new Error(
      `Say in .ci/reference/words.mjs what these numbers of the policy mean: ${missing.map(({ path }) => path)}`,
    );
  return [
    '# Policy',
    'Every number that Discord leaves to the client, and what gatechart takes unless told otherwise: `createShard({ policy: { … } })`. Why these, in [departures](../departures.md).',
    '## Numbers',
    table(
      ['number', 'default', 'decides'],
      numbers.map(({ path, value }) => [code(path), shownNumber(path, value), words[path]]),
    ),
    '## Deadlines of the shard',
    'Each is a timer: started on entry of its state, stopped on exit.',
    timersTable(shard),
    '## Deadlines of the simulated Gateway',
    timersTable(gateway),
  ].join('\n\n');
}

function leaves(value, stops, path = []) {
  const name = path.join('.');
  if (stops.includes(name) || typeof value !== 'object' || Array.isArray(value)) return [{ path: name, value }];
  return Object.entries(value).flatMap(([key, each]) => leaves(each, stops, [...path, key]));
}

function shownNumber(path, value) {
  if (path.startsWith('deadlines.')) return duration(value);
  if (Array.isArray(value)) return duration(value);
  if (path === 'waits.backoff')
    return `base ${duration(value.base)}, factor ${value.factor}, cap ${duration(value.cap)}`;
  return typeof value === 'object' ? 'none' : code(JSON.stringify(value).replace(/"/g, "'"));
}

function timersTable(chart) {
  const timers = chart.events.filter((type) => type.startsWith('timer.'));
  return table(
    ['timer', 'takes', 'runs in', 'when it runs out'],
    timers.map((type) => {
      const timer = type.slice('timer.'.length);
      const states = chart.states.filter(({ entry }) => chart.armedBy(entry).includes(timer));
      return [
        chart.event(type),
        chart.delay(timer),
        states.map((state) => chart.state(state)).join(', '),
        chart.words.timers[timer],
      ];
    }),
  );
}
