/**
 * What follows from one thing in every state, for the page. States that answer alike with and without a session, at this
 * URL or that, give one answer; where they differ, each says when it holds.
 */
import type { AnyStateNode, SnapshotFrom } from 'xstate';
import { DEFAULT_POLICY, shardAbstraction, shardMachine, spanInWords, waitInWords } from '../../../machines/index.js';
import { explore } from '../../exploring/graph.js';
import {
  awaitsRoom,
  consequences,
  goesOnWaiting,
  type Question,
  type Result,
  wayBack,
} from '../../telling/consequences.js';
import { lineage, RestingStates } from '../../telling/resting-states.js';
import { chartOf } from './charts.js';
import type { Effect, Reason } from './tracks.js';
import { doing, reason } from './words.js';

type Shard = typeof shardMachine;
type Context = SnapshotFrom<Shard>['context'];

/** What follows from a question. */
export interface WhatIf {
  /** In every state that answers it, in the order of the chart. */
  readonly found: readonly StatesAnswer[];
  /** The states that ignore it, or in which it cannot come. */
  readonly elsewhere: readonly AnyStateNode[];
  /** A rule that explains what is found; empty if none is needed. */
  readonly rule: string;
  /** The rows of the chart that are taken, as `rowId` names them. */
  readonly rows: readonly string[];
}

/** What follows in states of the chart that answer alike. */
export interface StatesAnswer {
  readonly states: readonly AnyStateNode[];
  readonly answers: readonly Answer[];
}

/** One answer to what follows in a state. */
export interface Answer {
  /** When it holds, such as `with a session`; empty if always. */
  readonly when: string;
  /** The state it leads to; empty if it stays. */
  readonly to: string;
  readonly steps: readonly Step[];
  /** What it comes to in the end. */
  readonly outcome: string;
}

/** One thing that happens in an answer. */
export interface Step {
  /** The time since the first; empty if there is but one. */
  readonly time: string;
  readonly causes: readonly string[];
  readonly deeds: readonly string[];
}

let explored: RestingStates<Shard> | undefined;

function restingStates(): RestingStates<Shard> {
  explored ??= new RestingStates(
    explore(shardMachine, { ...shardAbstraction, roots: { documented: { policy: DEFAULT_POLICY } } }),
  );
  return explored;
}

/** What follows from a question, in every state. */
export function whatIf(question: Question): WhatIf {
  const states = restingStates();
  const results = new Map<AnyStateNode, Result[]>();
  for (const consequence of consequences(states, question)) {
    const state = merged(consequence.state);
    if (states.in(consequence.state).length === 0) continue; // another policy leads there
    results.set(state, [...(results.get(state) ?? []), ...firstOfEach(consequence.results)]);
  }
  const all = [...results].map(([state, some]) => ({ state, answers: answersOf(some) }));
  return {
    found: grouped(all.filter(({ answers }) => answers.length > 0)),
    elsewhere: all.filter(({ answers }) => answers.length === 0).map(({ state }) => state),
    rule: chartOf('shard')?.nodes.get(question.rule ?? '')?.description ?? '',
    rows: [...new Set([...results.values()].flat().flatMap(({ rows }) => rows))],
  };
}

/** Of an event that may come with more facts, such as a close with HTTP 429, the plain one. */
function firstOfEach(results: readonly Result[]): readonly Result[] {
  const seen = new Set<Result['before']>();
  return results.filter(({ before }) => !seen.has(before) && seen.add(before));
}

/** That a connection has held changes waits alone. */
const merged = (state: AnyStateNode): AnyStateNode =>
  lineage(state).find(({ tags }) => tags.includes('ready')) ?? state;

/** The answers that some results give. */
function answersOf(results: readonly Result[]): readonly Answer[] {
  const answers = new Map<string, { readonly answer: Answer; readonly results: Result[] }>();
  for (const result of results) {
    const answer = answerOf(result);
    const key = JSON.stringify(answer);
    const known = answers.get(key) ?? { answer, results: [] };
    answers.set(key, known);
    known.results.push(result);
  }
  const whenOfAny = (some: readonly Result[]) => (answers.size === 1 ? '' : whenOf(some, results));
  return [...answers.values()].map((each) => ({ ...each.answer, when: whenOfAny(each.results) }));
}

/** States that answer alike together. */
function grouped(
  found: readonly { readonly state: AnyStateNode; readonly answers: readonly Answer[] }[],
): StatesAnswer[] {
  const groups = new Map<string, { readonly states: AnyStateNode[]; readonly answers: readonly Answer[] }>();
  for (const { state, answers } of found) {
    const key = JSON.stringify(answers);
    const group = groups.get(key) ?? { states: [], answers };
    groups.set(key, group);
    group.states.push(state);
  }
  return [...groups.values()];
}

function answerOf(result: Result): Answer {
  const { to, steps } = result;
  return {
    when: '',
    to: to === null ? '' : merged(to).key,
    steps: steps.map(({ timer, ms, instructions }) => {
      const latest = timer === 'close' ? 'by ' : ''; // an answer comes sooner
      return { time: steps.length === 1 ? '' : ms === 0 ? '0' : `${latest}${spanInWords(ms)}`, ...told(instructions) };
    }),
    outcome: outcomeOf(result),
  };
}

function told(instructions: Result['steps'][number]['instructions']): Pick<Step, 'causes' | 'deeds'> {
  const causes = instructions.flatMap(({ type, params }) =>
    type === 'report' ? [(params as { cause: Reason }).cause] : [],
  );
  const effects = instructions.filter(({ type }) => !LEFT_OUT.has(type)) as readonly Effect[];
  return {
    causes: [...new Set(causes.map((cause) => reason('shard', cause)))],
    deeds: effects.map(withoutNumbers).map(doing),
  };
}

/** What a reader does not ask about. */
const LEFT_OUT = new Set(['arm', 'disarm', 'report', 'cancelLocate', 'cancelPermit', 'dropSocket']);

/** An effect without what differs from run to run. */
function withoutNumbers({ type, params }: Effect): Effect {
  return type === 'sendHeartbeat' ? { type, params: { sequence: null } } : { type, params };
}

/** What it comes to: the wait, and what the next connection begins with. */
function outcomeOf(result: Result): string {
  const { after } = result;
  const states = restingStates();
  const isKept = after.context.session !== null;
  const back = wayBack(states, after);
  if (back === null) return ENDS[states.restingIn(after).key]?.(isKept) ?? '';
  const comesBack = back.resumes
    ? 'a new connection, and Resume: what was missed comes again'
    : 'a new connection to the main URL, and Identify: a new session';
  return `Then, ${waitBefore(result)}, ${comesBack}.`;
}

const ENDS: Readonly<Record<string, (isKept: boolean) => string>> = {
  stopped: (isKept) => (isKept ? 'Stopped, and the session is kept.' : 'Stopped; the session is over.'),
  failed: () => 'Failed: the reason needs a person.',
  failing: () => 'Fails once the close is answered.',
  stopping: (isKept) => (isKept ? 'Stops, and keeps the session.' : 'Stops; the session is over.'),
};

/** The wait, with its numbers; only a connection that was ready may have held. */
function waitBefore(result: Result): string {
  const { before, after } = result;
  if (awaitsRoom(result)) return 'once there is room in the buffer';
  if (goesOnWaiting(result)) return 'after the wait that was begun with our close';
  if (after.context.wait.for === 'order') return 'at once';
  return `after ${waitInWords(after.context, before.hasTag('ready') ? undefined : false)}`;
}

/** In what the results of one answer differ from the others. */
function whenOf(some: readonly Result[], all: readonly Result[]): string {
  for (const [says, holds] of FACTS) {
    const isSo = some.every(({ before }) => holds(before.context));
    const elsewhere = all.some((other) => !some.includes(other) && holds(other.before.context));
    if (!isSo || elsewhere) continue;
    return says === WITHOUT && some.every(({ before }) => before.hasTag('ready'))
      ? `${says}, as READY named none`
      : says;
  }
  return 'in some cases';
}

const WITHOUT = 'without a session';

const FACTS: readonly (readonly [says: string, holds: (context: Context) => boolean])[] = [
  ['with a session', ({ session }) => session !== null],
  [WITHOUT, ({ session }) => session === null],
  ['without a session that READY named and numbered', ({ session, sequence }) => session === null || sequence === null],
  ['if its resumes are used up', ({ session, resumes, policy }) => session !== null && resumes >= policy.resumeBudget],
  ['if it may still be resumed', canResume],
  ['if it cannot be resumed any more', (context) => context.session !== null && !canResume(context)],
  ['if there is no session that may be resumed', (context) => !canResume(context)],
];

/** Whether the next connection would resume. */
function canResume({ session, sequence, resumes, policy }: Context): boolean {
  return session !== null && sequence !== null && resumes < policy.resumeBudget;
}
