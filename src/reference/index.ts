/** The pages of docs/reference, by their names, and the one that leads to all others. */
import type { AnyStateNode } from 'xstate';
import { GATEWAY_CAUSES } from '../../machines/gateway/causes.js';
import { gatewayMachine } from '../../machines/gateway/chart.js';
import { GATEWAY_IGNORED } from '../../machines/gateway/laws/invariants.js';
import { gatewayContext } from '../../machines/gateway/vocabulary.js';
import { GATEWAY_WORDS } from '../../machines/gateway/words.js';
import { OPCODES } from '../../machines/protocol/opcodes.js';
import { CAUSES } from '../../machines/shard/causes.js';
import { SHARD_IGNORED } from '../../machines/shard/laws/ignored.js';
import { DEFAULT_POLICY } from '../../machines/shard/policy.js';
import { TIMERS, type Timer } from '../../machines/shard/vocabulary.js';
import { SHARD_WORDS } from '../../machines/shard/words.js';
import { CODES, invalidSession } from '../telling/consequences.js';
import type { Explored } from '../telling/resting-states.js';
import { defaultSpanOf, intervalsInWords } from '../telling/timer-spans.js';
import { Chart, type Facts } from './chart.js';
import { closeCodesPage, linkTo } from './close-codes.js';
import { eventsPage } from './events.js';
import { paragraphs } from './markdown.js';
import { gatewayMatrices, LEGEND, shardMatrices } from './matrix.js';
import { outcomesTable, ShardStates } from './outcomes.js';
import { type Departure, statesPage } from './states.js';
import { storiesPage, storyLinks, storyPictures } from './stories.js';
import { causesPage, eventsOf, intentsPage, opcodesPage, policyPage, wordsPage } from './tables.js';
import { voicePage } from './voice.js';

/** Both charts, explored. */
export interface Graphs {
  readonly shard: ShardStates['explored'];
  readonly gateway: Explored<typeof gatewayMachine>;
}

/** Every page by its file name. `departures` is the text of docs/departures.md. */
export function referencePages(graphs: Graphs, departures: string): Readonly<Record<string, string>> {
  const [shard, states] = [shardFrom(graphs), new ShardStates(graphs.shard)];
  const gateway = new Chart(graphs.gateway, GATEWAY);
  const pages = {
    'README.md': indexPage(shard),
    'stories.md': storiesPage(shard, states),
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
      more: aboutEvents(shard, states),
      links: { closed: ' [What follows from each code](close-codes.md).' },
    }),
    'close-codes.md': closeCodesPage(shard, states),
    'opcodes.md': opcodesPage(shard),
    'intents.md': intentsPage(),
    'voice.md': voicePage(),
    'effects.md': wordsPage(shard, {
      title: 'Effects, memory and guards of the shard',
      intro: 'What the words of [the shard chart](states.md) mean, and where it uses them.',
    }),
    'causes.md': causesPage(shard, {
      title: 'Causes',
      intro:
        'Why the shard moves. Every transition reports one of these: in `transition` and `notice`, in traces, and in what `gatechart run` tells.',
    }),
    'policy.md': policyPage(shard, gateway),
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
  return Object.fromEntries(Object.entries(pages).map(([name, text]) => [name, `${NOTICE}\n\n${text}\n`]));
}

/** The pictures of the stories: file, view, and the rows of each step. */
export const picturesOfStories = (graphs: Graphs) => storyPictures(shardFrom(graphs), new ShardStates(graphs.shard));

/** What is asked most of events, beside the rows of the chart. */
function aboutEvents(shard: Chart, states: ShardStates): Readonly<Record<string, string>> {
  const received = (resumable: boolean) =>
    outcomesTable(shard, states, invalidSession(resumable), { heading: 'received in' });
  const missed = 'A heartbeat whose ACK is missing, from state to state: [a missed ACK](stories.md#a-missed-ack).';
  return {
    'timer.heartbeat': missed,
    'timer.silence': missed,
    invalidSession: paragraphs(
      'With `d: true`:',
      received(true),
      'With `d: false`:',
      received(false),
      'The rows of the chart:',
    ),
  };
}

const NOTICE = '<!-- Written by `npm run generate` from the charts and tables; a test compares it. -->';

const shardFrom = ({ shard }: Graphs) => new Chart(shard, SHARD);

/** How long each timer of the shard takes. */
function shardDelays(): Facts['delays'] {
  const inWords = (timer: Timer) =>
    timer === 'reconnect' ? 'a time that depends on what led there ([waits](policy.md))' : intervalsInWords(timer);
  return Object.fromEntries(TIMERS.map((timer) => [timer, inWords(timer) ?? defaultSpanOf(timer)]));
}

function gatewayDelays(): Facts['delays'] {
  const context = gatewayContext({});
  const delays = gatewayMachine.implementations.delays as Readonly<Record<string, (args: object) => number>>;
  return Object.fromEntries(Object.entries(delays).map(([timer, delay]) => [timer, delay({ context })]));
}

const SHARD: Facts = {
  causes: CAUSES,
  ignored: SHARD_IGNORED,
  words: SHARD_WORDS,
  delays: shardDelays(),
  computed: { closeSocket: DEFAULT_POLICY.closeCode },
  pages: { states: 'states.md', events: 'events.md', words: 'effects.md', causes: 'causes.md' },
};

const GATEWAY: Facts = {
  causes: GATEWAY_CAUSES,
  ignored: GATEWAY_IGNORED,
  words: GATEWAY_WORDS,
  delays: gatewayDelays(),
  pages: {
    states: 'gateway-states.md',
    events: 'gateway-events.md',
    words: 'gateway-effects.md',
    causes: 'gateway-causes.md',
  },
};

/** The rows of docs/departures.md whose last cell names a state. */
function departuresOf({ key, path }: AnyStateNode, text: string): readonly Departure[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => line.slice(2, -2).split(' | '))
    .filter(({ length, 4: where = '' }) => {
      const names = [...where.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
      return (
        length === 5 && names.some((name) => name === key || (name.includes('.') && path.join('.').endsWith(name)))
      );
    })
    .map(([about = '', , we = '']) => ({ about, we }));
}

function indexPage(shard: Chart): string {
  const links = (some: readonly number[]) => some.map(linkTo).join(' ');
  const ops = Object.entries(OPCODES).flatMap(([op, { name }]) => {
    const [type] = eventsOf(op);
    return type === undefined ? [] : [shard.event(type, `${op} ${name}`)];
  });
  return paragraphs(
    '# Reference',
    'What a client of the Discord Gateway does, state by state, event by event. Everything here is made from [the charts](../charts.md) and tables that run.',
    '## Look it up',
    [
      `- The connection was closed with **a code**: ${links(CODES.filter((code) => code >= 4000))}, others ${links(CODES.filter((code) => code < 4000))}`,
      `- **A message** came: ${ops.join(', ')}`,
      `- **No ACK** came, or any other deadline passed: [stories](stories.md#a-missed-ack), [timers](policy.md#deadlines-of-the-shard)`,
      '- **A word** of the chart: [states](states.md), [events](events.md), [effects, memory and guards](effects.md), [causes](causes.md), [numbers](policy.md)',
      '- **Tables**: [close codes](close-codes.md), [opcodes](opcodes.md), [intents](intents.md), [voice](voice.md), [departures](../departures.md) from the documentation',
      "- **The Gateway's side**, which drives the simulator: [states](gateway-states.md), [events](gateway-events.md), [effects](gateway-effects.md), [causes](gateway-causes.md)",
    ].join('\n'),
    '## Words',
    Object.entries(GLOSSARY)
      .map(([word, says]) => `- **${word}**: ${says}`)
      .join('\n'),
    '## What happens when',
    storyLinks(),
    '## Every event in every state',
    `${LEGEND} Click on an event for guards, effects and reasons. How long a timer takes: [deadlines](policy.md#deadlines-of-the-shard).`,
    shardMatrices(shard),
  );
}

/** Words of the pages that are the charts' or ours, and not Discord's, in the order in which a reader meets them. */
const GLOSSARY: Readonly<Record<string, string>> = {
  permit: 'leave to send an Identify: one per 5 s and lane, and so many a day',
  'settling, settled':
    'ready for less than `stability` heartbeat intervals, and for longer with a sign of life since: then the connection has *held*, and failures are forgiven',
  beside: 'handled by another region: session, heartbeat and reading go on side by side on an open connection',
  noted: 'told as a `notice`, and otherwise ignored',
  zombie: 'a connection that is open while the other side is gone, as a missing ACK tells',
  'the main URL': "that of Get Gateway Bot; *the session's own* is the one that READY named for a Resume",
  [DEFAULT_POLICY.closeCode]:
    'the code that we close with when the session is to be kept (`closeCode`); [1000 ends it](close-codes.md#codes-that-we-close-with)',
};
