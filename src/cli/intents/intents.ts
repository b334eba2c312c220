import {
  DISPATCH_EVENTS,
  type DispatchEventName,
  explainIntents,
  INTENTS,
  type IntentName,
  type IntentReport,
  intentsFor,
  isDispatchEvent,
  undeliverable,
  type WantedEvent,
} from '../../../machines/index.js';
import { unknownEvent } from '../../../machines/protocol/wanted.js';
import { counted } from '../../telling/numbers.js';
import { printableJson } from '../../telling/printable.js';
import { type Io, UsageError } from '../terminal/io.js';
import { Terminal } from '../terminal/terminal.js';
import type { IntentsOptions } from './command.js';

/** Tells which intents events need, or what comes under those given; 1 if an event that was named never comes. */
export function intents(names: readonly string[], { intents: given, format }: IntentsOptions, io: Io): number {
  const events = names.length === 0 ? DISPATCH_EVENTS : names.map(eventNamed);
  const report = explainIntents(events, given ?? intentsFor(events));
  if (format === 'json') io.out.write(`${printableJson(report)}\n`);
  else show(report, new Terminal(io));
  return names.length > 0 && undeliverable(events, report.intents).length > 0 ? 1 : 0;
}

function eventNamed(name: string): DispatchEventName {
  if (isDispatchEvent(name)) return name;
  throw new UsageError(`${unknownEvent(name)}. \`gatechart intents\` lists all of them`);
}

function show({ events, intents, bits, privileged, unneeded, missing }: IntentReport, terminal: Terminal): void {
  const { bold, green, yellow, red } = terminal.colors;
  const paint = (text: string) => (/never/.test(text) ? red : /only/.test(text) ? yellow : green)(text);
  terminal.line(bold(`${counted(events.length, 'event')} under ${counted(intents.length, 'intent')}`));
  terminal.line();
  terminal.table(
    [{ title: 'event' }, { title: 'from guilds' }, { title: 'from direct messages' }, { title: 'comes', paint }],
    events.map((row) => [row.event, anyOf(row.guild), anyOf(row.direct), comes(row)]),
  );
  const remarks = events.flatMap(({ event, remarks }) => remarks.map((remark) => `${event}: ${remark}.`));
  if (remarks.length > 0) terminal.heading('Remarks');
  for (const remark of remarks) terminal.paragraph(remark, { indent: 2 });
  terminal.heading('Intents');
  terminal.paragraph(`intents: [${intents.map((name) => `'${name}'`).join(', ')}], in bits ${bits}`, { indent: 2 });
  say(terminal, 'Privileged, to be enabled in the Developer Portal', privileged);
  say(terminal, 'Not needed for these events', unneeded);
  say(terminal, 'More would come with', missing.map(marked));
}

const anyOf = (intents: readonly IntentName[]) => intents.join(' or ') || '-';

function comes({ arrives, guild, direct }: WantedEvent): string {
  if (arrives === 'always' || arrives === 'never') return arrives;
  if (arrives === 'itself') return 'about the bot only';
  if (arrives === 'guild' && direct.length > 0) return 'from guilds only';
  if (arrives === 'direct' && guild.length > 0) return 'from direct messages only';
  return 'yes';
}

const marked = (name: IntentName) => (INTENTS[name].privileged ? `${name} (privileged)` : name);

function say(terminal: Terminal, what: string, names: readonly string[]): void {
  if (names.length > 0) terminal.paragraph(`${what}: ${names.join(', ')}.`, { indent: 2 });
}
