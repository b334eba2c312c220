/** A chart as the reference tells of it: its states, what each does about every event, and the links between the pages. */
import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate';
import type { CauseRow } from '../../machines/kit/causes.js';
import { spanInWords } from '../../machines/kit/durations.js';
import type { IgnoredRow } from '../../machines/kit/invariants.js';
import { fitsPattern } from '../../machines/kit/patterns.js';
import { rowsFrom } from '../../machines/kit/rows.js';
import { stateName } from '../../machines/kit/state-names.js';
import type { ChartWords } from '../../machines/kit/words.js';
import { type Explored, isSecondary, isSimple, lineage, RestingStates } from '../telling/resting-states.js';
import { anchor, code } from './markdown.js';

/** What else there is to know of a chart. */
export interface Facts {
  readonly causes: Readonly<Record<string, CauseRow>>;
  readonly ignored: readonly IgnoredRow<string>[];
  readonly words: ChartWords;
  /** How long each timer takes, in ms, or in words where it depends on Hello or on what came before. */
  readonly delays: Readonly<Record<string, number | readonly [number, number] | string>>;
  /** What parameters of effects come to that only a run computes. */
  readonly computed?: Readonly<Record<string, string | number>>;
  /** The files of this chart. */
  readonly pages: Readonly<Record<'states' | 'events' | 'words' | 'causes', string>>;
}

/** An action of a chart, as far as pages tell of it. */
interface Action {
  readonly type: string;
  readonly params?: unknown;
  /** Of a timer that is started. */
  readonly id?: string;
}

/** Actions of a state or row, those included that have a name only. */
export const actionsOf = (actions: readonly unknown[]): readonly Action[] =>
  actions.map((action) => (typeof action === 'string' ? { type: action } : (action as Action)));

/** Actions that say nothing of their own: every row has them, or a timer's name tells it. */
const SILENT: readonly string[] = ['remember', 'report', 'disarm'];

/** The timer of an event; undefined for any other. */
export const timerOf = (type: string): string | undefined =>
  type.startsWith('timer.') ? type.slice('timer.'.length) : undefined;

export class Chart extends RestingStates<AnyStateMachine> {
  readonly rows: readonly AnyTransitionDefinition[];
  /** Its event types, in its order. */
  readonly events: readonly string[];

  constructor(
    explored: Explored<AnyStateMachine>,
    readonly facts: Facts,
  ) {
    super(explored);
    this.rows = this.states.flatMap(rowsFrom);
    this.events = [...new Set(this.rows.map(({ eventType }) => eventType))].filter((type) => type !== '');
  }

  /** The regions beside the first ones. */
  get secondaryRegions(): readonly AnyStateNode[] {
    return this.states.filter(isSecondary);
  }

  /** As much of a state's path, from its end, as no other state shares. */
  shortName({ path, key }: AnyStateNode): string {
    for (let length = 1; length < path.length; length++) {
      const end = path.slice(-length).join('.');
      if (this.states.filter((other) => other.path.slice(-length).join('.') === end).length === 1) return end;
    }
    return path.join('.') || key;
  }

  state(state: AnyStateNode, text = this.shortName(state)): string {
    return `[${text}](${this.facts.pages.states}#${anchor(headingOf(state))})`;
  }

  event(type: string, text = code(type)): string {
    return `[${text}](${this.facts.pages.events}#${anchor(type)})`;
  }

  action(name: string): string {
    return `[${code(name)}](${this.facts.pages.words}#${anchor(name)})`;
  }

  guard(name: string): string {
    return `[${code(name)}](${this.facts.pages.words}#guards)`;
  }

  causeLink(name: string): string {
    return `[${code(name)}](${this.facts.pages.causes}#${anchor(name)})`;
  }

  /** What a cause means, and its name. */
  cause(name: string | null | undefined): string {
    return name == null ? '' : `${this.facts.causes[name]?.says} (${this.causeLink(name)})`;
  }

  /** States as links; one link where they are all that a state holds. */
  listed(states: readonly AnyStateNode[]): string {
    const all = this.states.find((outer) => {
      if (isSimple(outer) || outer.parent === undefined || states.length < 2) return false;
      const inside = this.inside(outer);
      return states.length === inside.length && inside.every((state) => states.includes(state));
    });
    return all === undefined ? states.map((state) => this.state(state)).join(', ') : `all of ${this.state(all)}`;
  }

  /** The states inside another one in which the chart can rest. */
  inside(outer: AnyStateNode): readonly AnyStateNode[] {
    return this.resting.filter(({ id }) => id.startsWith(`${outer.id}.`));
  }

  /** What a state does about an event: the rows that are looked at in order, from the inside out. */
  rowsFor(state: AnyStateNode, type: string): readonly AnyTransitionDefinition[] {
    const rows: AnyTransitionDefinition[] = [];
    for (const each of lineage(state)) {
      for (const row of each.transitions.get(type) ?? []) {
        rows.push(row);
        if (row.guard === undefined) return rows;
      }
    }
    return rows;
  }

  /** The event types that a state handles, its own and those of the states around it, in the chart's order. */
  handledBy(state: AnyStateNode): readonly string[] {
    return this.events.filter((type) => this.rowsFor(state, type).length > 0);
  }

  /** The event types that only another region handles while a state is active. */
  handledBeside(state: AnyStateNode): readonly string[] {
    const own = this.handledBy(state);
    const all = this.#handledIn(state);
    return this.events.filter((type) => all.has(type) && !own.includes(type));
  }

  #handledIn(state: AnyStateNode): ReadonlySet<string> {
    return new Set(this.in(state).flatMap(({ edges }) => edges.map(({ event }) => event.type)));
  }

  /** What is ignored in a state whatever goes on beside it: the reasons, each with its events. */
  ignoredIn(state: AnyStateNode): ReadonlyMap<string, readonly string[]> {
    const handled = this.#handledIn(state);
    const names = this.in(state).map(({ snapshot }) => stateName(snapshot.value));
    const reasons = new Map<string, readonly string[]>();
    for (const { events, in: patterns, except = [], because } of this.facts.ignored) {
      const matches = (some: readonly string[], name: string) => some.some((each) => fitsPattern(each, name));
      const fits = names.some((name) => matches(patterns, name) && !matches(except, name));
      for (const type of fits ? events : []) {
        if (!handled.has(type)) reasons.set(because, [...(reasons.get(because) ?? []), type]);
      }
    }
    return reasons;
  }

  /** The name of the guard of a row. */
  guardOf({ guard }: AnyTransitionDefinition): string | undefined {
    return typeof guard === 'string' ? guard : (guard as { readonly type: string } | undefined)?.type;
  }

  /** What a row or a state does, as links: effects first, then what is remembered. */
  doing(actions: readonly unknown[]): string {
    const done = actionsOf(actions).filter(({ type }) => !SILENT.includes(type));
    const isMemory = ({ type }: Action) => type in this.facts.words.memory;
    return [...done.filter((each) => !isMemory(each)), ...done.filter(isMemory)]
      .map((each) => this.#deed(each))
      .join(', ');
  }

  #deed({ type, id, params }: Action): string {
    if (type === 'xstate.raise')
      return id === undefined ? 'is then judged there' : `starts ${this.event(`timer.${id}`)}`;
    const given = typeof params === 'object' && params !== null ? Object.values(params).join(', ') : undefined;
    const facts = given ?? `${this.facts.computed?.[type] ?? ''}`;
    return this.action(type) + (facts === '' ? '' : ` ${facts}`);
  }

  /** The timers that actions start, by name. */
  armedBy(actions: readonly unknown[]): readonly string[] {
    return actionsOf(actions).flatMap(({ type, id }) => (type === 'xstate.raise' && id !== undefined ? [id] : []));
  }

  /** Where a row leads, as a link. */
  target({ target, source }: AnyTransitionDefinition): string {
    const [state] = target ?? [];
    if (state === undefined) return '';
    return state === source ? `${this.state(state)} anew` : this.state(state);
  }

  /** How long a timer takes, by default. */
  delay(timer: string): string {
    const delay = this.facts.delays[timer] ?? '';
    return typeof delay === 'string' ? delay : spanInWords(delay);
  }
}

/** The heading under which a state is told of. */
export const headingOf = ({ path, key }: AnyStateNode): string => path.join('.') || key;
