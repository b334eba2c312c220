/** The pages of the tables: opcodes, intents, the charts' words, causes, and the numbers of the policy. */

import type { AnyStateNode, AnyTransitionDefinition } from 'xstate';
import { spanInWords } from '../../machines/kit/durations.js';
import { causeOf } from '../../machines/kit/rows.js';
import type { Meaning } from '../../machines/kit/words.js';
import { DISPATCH_EVENTS } from '../../machines/protocol/events.js';
import { INTENTS } from '../../machines/protocol/intents.js';
import { LIMITS } from '../../machines/protocol/limits.js';
import { OPCODES } from '../../machines/protocol/opcodes.js';
import { explainIntents } from '../../machines/protocol/wanted.js';
import { DEFAULT_POLICY } from '../../machines/shard/policy.js';
import { POLICY_WORDS } from '../../machines/shard/words.js';
import { grouped } from '../telling/numbers.js';
import { actionsOf, type Chart, timerOf } from './chart.js';
import { clause } from './clauses.js';
import { code, paragraphs, table } from './markdown.js';

/** What of the shard belongs to an opcode: the events it becomes, or the effects that send it. */
const OF_SHARD: Readonly<
  Record<string, { readonly events?: readonly string[]; readonly effects?: readonly string[] }>
> = {
  0: { events: ['dispatch', 'ready', 'resumed'] },
  1: { events: ['heartbeatRequested'], effects: ['sendHeartbeat'] },
  2: { effects: ['sendIdentify'] },
  6: { effects: ['sendResume'] },
  7: { events: ['reconnectRequested'] },
  9: { events: ['invalidSession'] },
  10: { events: ['hello'] },
  11: { events: ['heartbeatAck'] },
};

/** The way that a message with an opcode goes, as the client sees it. */
export const WAY = { send: 'sent', receive: 'received', both: 'sent and received' };

/** The events that a message with an opcode becomes. */
export const eventsOf = (op: string): readonly string[] => OF_SHARD[op]?.events ?? [];
/** The opcode of the message that an event stands for. */
export const opcodeOf = (type: string): string | undefined =>
  Object.keys(OF_SHARD).find((op) => eventsOf(op).includes(type));

export function opcodesPage(shard: Chart): string {
  const rows = Object.entries(OPCODES).map(([op, { name, direction, d }]) => {
    const received = eventsOf(op).map((type) => shard.event(type));
    const sent = (OF_SHARD[op]?.effects ?? []).map((effect) => shard.action(effect));
    return [
      op,
      name,
      WAY[direction],
      d,
      received.join(', '),
      sent.join(', ') || (direction === 'send' ? '`shard.send`' : ''),
    ];
  });
  return paragraphs(
    '# Opcodes',
    `All that are documented (${clause('gateway#gateway-opcodes')}). What the shard does when one arrives stands under its event, state by state; any other opcode becomes ${shard.event('unknownOpcode')}.`,
    table(['op', 'name', 'way', 'd', 'arrives as', 'sent by'], rows),
  );
}

export function intentsPage(): string {
  const { events } = explainIntents(DISPATCH_EVENTS, []); // with all remarks there are
  const list = (names: readonly string[]) => names.map(code).join(', ');
  return paragraphs(
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
  );
}

/** What a page is called, and what it begins with. */
export interface Head {
  readonly title: string;
  readonly intro: string;
}

/** What a chart does and asks: effects, memory, guards. */
export function wordsPage(chart: Chart, { title, intro }: Head): string {
  const { effects, memory, guards } = chart.facts.words;
  const words = (some: Readonly<Record<string, Meaning>>) =>
    Object.entries(some).map(([name, { says }]) => `### ${name}\n\n${says} Done ${usesOf(chart, name)}.`);
  return paragraphs(
    `# ${title}`,
    intro,
    '## Effects',
    'Asked of the host; the chart itself does nothing outside.',
    ...words(effects),
    '## Memory',
    'What the chart remembers changes.',
    ...words(memory),
    '## Guards',
    table(
      ['guard', 'holds if'],
      Object.entries(guards).map(([name, { says }]) => [code(name), says]),
    ),
  );
}

/** Where the chart takes an action. */
function usesOf(chart: Chart, name: string): string {
  const has = (actions: readonly unknown[]) => actionsOf(actions).some(({ type }) => type === name);
  const links = (states: readonly AnyStateNode[]) => states.map((state) => chart.state(state)).join(', ');
  const moments = (['entry', 'exit'] as const).map((moment) => ({
    moment,
    states: chart.states.filter((state) => has(state[moment])),
  }));
  return [
    ...moments
      .filter(({ states }) => states.length > 0)
      .map(({ moment, states }) => `on ${moment} of ${links(states)}`),
    ...(name === 'report' || name === 'remember'
      ? ['on nearly every transition']
      : whereOf(
          chart,
          chart.rows.filter(({ actions }) => has(actions)),
        )),
  ].join('; ');
}

/** The events of some rows, with the states that handle them. */
function whereOf(chart: Chart, rows: readonly AnyTransitionDefinition[]): readonly string[] {
  const types = [...new Set(rows.map(({ eventType }) => eventType))];
  return types.map((type) => {
    const sources = new Set(rows.filter(({ eventType }) => eventType === type).map(({ source }) => source));
    const links = [...sources].map((source) => chart.state(source)).join(', ');
    return type === '' ? `at once in ${links}` : `on ${chart.event(type)} in ${links}`;
  });
}

export function causesPage(chart: Chart, { title, intro }: Head): string {
  const sections = Object.entries(chart.facts.causes).map(([name, { says, spec }]) => {
    const lines = chart.rows
      .filter((row) => causeOf(row) === name)
      .map((row) => {
        const event = row.eventType === '' ? 'at once' : chart.event(row.eventType);
        const guard = chart.guardOf(row);
        const target = chart.target(row);
        return `- in ${chart.state(row.source)}: ${event}${guard === undefined ? '' : ` if ${chart.guard(guard)}`}${target === '' ? '' : `, to ${target}`}`;
      });
    const sentence = `${says.charAt(0).toUpperCase()}${says.slice(1)}`;
    return paragraphs(`## ${name}`, `${sentence}. From: ${clause(spec)}.`, lines.join('\n'));
  });
  return paragraphs(`# ${title}`, intro, ...sections);
}

export function policyPage(shard: Chart, gateway: Chart): string {
  const decides: Readonly<Record<string, string>> = {
    ...POLICY_WORDS,
    closeCodes: POLICY_WORDS.closeCodes.replace('the close codes', '[the close codes](close-codes.md)'),
  };
  return paragraphs(
    '# Policy',
    'Every number that Discord leaves to the client, and what gatechart takes unless told otherwise: `createShard({ policy: { … } })`. Why these, in [departures](../departures.md).',
    '## Numbers',
    table(
      ['number', 'default', 'decides'],
      leaves(DEFAULT_POLICY).map(({ path, value }) => [code(path), shownNumber(path, value), decides[path] ?? '']),
    ),
    '## Deadlines of the shard',
    'Each is a timer: started on entry of its state, stopped on exit.',
    timersTable(shard),
    '## Deadlines of the simulated Gateway',
    timersTable(gateway),
  );
}

/** The parts of a policy that have words, by path. */
function leaves(value: unknown, path: readonly string[] = []): readonly { path: string; value: unknown }[] {
  const name = path.join('.');
  if (name in POLICY_WORDS) return [{ path: name, value }];
  return Object.entries(value as object).flatMap(([key, each]) => leaves(each, [...path, key]));
}

function shownNumber(path: string, value: unknown): string {
  if (path.startsWith('deadlines.') || Array.isArray(value)) return spanInWords(value as number | [number, number]);
  if (path === 'waits.backoff') {
    const { base, factor, cap } = DEFAULT_POLICY.waits.backoff;
    return `base ${spanInWords(base)}, factor ${factor}, cap ${spanInWords(cap)}`;
  }
  return typeof value === 'object' ? 'none' : code(JSON.stringify(value).replace(/"/g, "'"));
}

function timersTable(chart: Chart): string {
  const rows = chart.events.flatMap((type) => {
    const timer = timerOf(type);
    if (timer === undefined) return [];
    const states = chart.states.filter(({ entry }) => chart.armedBy(entry).includes(timer));
    return [
      [
        chart.event(type),
        chart.delay(timer),
        states.map((state) => chart.state(state)).join(', '),
        chart.facts.words.timers[timer]?.says ?? '',
      ],
    ];
  });
  return table(['timer', 'takes', 'runs in', 'when it runs out'], rows);
}
