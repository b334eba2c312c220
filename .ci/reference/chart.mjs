/** A chart as the reference tells of it: its states, what each does about every event, and the links between the pages. */
import { anchor, code, duration } from '../markdown.mjs';

const DOCUMENTATION = 'https://docs.discord.com/developers';
/** Sections that are not on the Gateway page, or have another anchor there. */
const ELSEWHERE = {
  'gateway-close-event-codes': 'topics/opcodes-and-status-codes#gateway-gateway-close-event-codes',
  'gateway-opcodes': 'topics/opcodes-and-status-codes#gateway-gateway-opcodes',
  'gateway-url-query-string-params': 'events/gateway#connecting-gateway-url-query-string-params',
  'payload-structure': 'events/gateway-events#payload-structure',
  'send-events': 'events/gateway-events#send-events',
  resume: 'events/gateway-events#resume',
  reconnect: 'events/gateway-events#reconnect',
  'invalid-session': 'events/gateway-events#invalid-session',
  'voice-opcodes': 'topics/opcodes-and-status-codes#voice-voice-opcodes',
  'voice-close-event-codes': 'topics/opcodes-and-status-codes#voice-voice-close-event-codes',
  'voice-gateway-versioning': 'topics/voice-connections#voice-gateway-versioning-gateway-versions',
};

/** Actions that say nothing of their own: every row has them, or a timer's name tells it. */
const SILENT = ['remember', 'report', 'disarm'];

export class Chart {
  /** `pages` are the files of this chart; `computed` says what parameters of effects come to that only a run computes. */
  constructor({ name, machine, graph, causes, ignored, words, delays, computed = {}, pages, machines }) {
    Object.assign(this, { name, machine, causes, words, delays, computed, pages, machines });
    this.ignored = ignored;
    this.states = machines.stateNodesOf(machine);
    this.rows = this.states.flatMap((state) => machines.rowsFrom(state));
    this.events = [...new Set(this.rows.map(({ eventType }) => eventType))].filter((type) => type !== '');
    /** The states without states inside in which the chart can rest, in the chart's order. */
    this.resting = this.states.filter((state) => isSimple(state) && (state.always ?? []).length === 0);
    /** Where each simple state is active: abstract states of the first beginning that knows it. */
    this.placesOf = new Map(this.resting.map((state) => [state, []]));
    for (const place of graph.nodes.values()) {
      for (const state of place.snapshot._nodes) {
        const places = this.placesOf.get(state);
        if (places !== undefined && (places.length === 0 || places[0].root === place.root)) places.push(place);
      }
    }
    this.#checkWords();
  }

  /** Simple states of the first region wherever several go on side by side: the others are secondary. */
  get primary() {
    return this.resting.filter((state) => !lineage(state).some(isSecondary));
  }

  /** The regions beside the first ones. */
  get secondaryRegions() {
    return this.states.filter(isSecondary);
  }

  /** The state of the first region that is active in a snapshot. */
  mainOf(snapshot) {
    return this.primary.find((state) => snapshot._nodes.includes(state));
  }

  /** As much of a state's path, from its end, as no other state shares. */
  shortName({ path, key }) {
    for (let length = 1; length < path.length; length++) {
      const end = path.slice(-length).join('.');
      if (this.states.filter((other) => other.path.slice(-length).join('.') === end).length === 1) return end;
    }
    return path.join('.') || key;
  }

  // Links. `from` is the page they stand on.

  state(state, text = this.shortName(state)) {
    return `[${text}](${this.pages.states}#${anchor(headingOf(state))})`;
  }

  event(type, text = code(type)) {
    return `[${text}](${this.pages.events}#${anchor(type)})`;
  }

  action(name, text = code(name)) {
    return `[${text}](${this.pages.words}#${anchor(name)})`;
  }

  guard(name) {
    return `[${code(name)}](${this.pages.words}#guards)`;
  }

  causeLink(name) {
    return `[${code(name)}](${this.pages.causes}#${anchor(name)})`;
  }

  /** What a cause means, and its name. */
  cause(name) {
    return name === undefined ? '' : `${this.causes[name].says} (${this.causeLink(name)})`;
  }

  /** States as links; one link where they are all that a state holds. */
  listed(states) {
    const all = this.states.find(
      (outer) =>
        !isSimple(outer) &&
        outer.parent !== undefined &&
        states.length > 1 &&
        states.length === this.#restingIn(outer).length &&
        this.#restingIn(outer).every((state) => states.includes(state)),
    );
    return all === undefined ? states.map((state) => this.state(state)).join(', ') : `all of ${this.state(all)}`;
  }

  #restingIn(outer) {
    return this.resting.filter(({ id }) => id.startsWith(`${outer.id}.`));
  }

  /** What a state does about an event: the rows that are looked at in order, from the inside out. */
  rowsFor(state, type) {
    const rows = [];
    for (const each of lineage(state)) {
      for (const row of each.transitions.get(type) ?? []) {
        rows.push(row);
        if (row.guard === undefined) return rows;
      }
    }
    return rows;
  }

  /** The event types that a state handles, its own and those of the states around it, in the chart's order. */
  handledBy(state) {
    return this.events.filter((type) => this.rowsFor(state, type).length > 0);
  }

  /** The event types that only another region handles while a state is active. */
  handledBeside(state) {
    const handled = new Set(this.handledBy(state));
    const beside = (this.placesOf.get(state) ?? []).flatMap(({ edges }) => edges.map(({ event }) => event.type));
    return this.events.filter((type) => beside.includes(type) && !handled.has(type));
  }

  /** What is ignored in a state whatever goes on beside it: the reasons, each with its events. */
  ignoredIn(state) {
    const { stateName } = this.machines;
    const places = this.placesOf.get(state) ?? [];
    const handled = new Set(places.flatMap(({ edges }) => edges.map(({ event }) => event.type)));
    const names = places.map(({ snapshot }) => stateName(snapshot.value));
    const reasons = new Map();
    for (const { events, in: patterns, except = [], because } of this.ignored) {
      const fits = names.some((name) => matches(patterns, name) && !matches(except, name));
      for (const type of fits ? events : []) {
        if (!handled.has(type)) reasons.set(because, [...(reasons.get(because) ?? []), type]);
      }
    }
    return reasons;
  }

  // Wording.

  /** The name of the guard of a row. */
  guardOf({ guard }) {
    return guard === undefined ? undefined : typeof guard === 'string' ? guard : guard.type;
  }

  /** The name of the cause of a row: what it remembers or reports. */
  causeOf({ actions }) {
    for (const { type, params } of actions) {
      if (type === 'remember') return params.cause;
      if (type === 'report' && typeof params === 'function' && params.name in this.causes) return params.name;
    }
    return undefined;
  }

  /** What a row or a state does, as links: effects first, then what is remembered. */
  doing(actions) {
    const told = actions.flatMap((action) => {
      const { type = action, params } = typeof action === 'string' ? {} : action;
      if (type === 'xstate.raise') {
        return [
          {
            type,
            text: action.id === undefined ? 'is then judged there' : `starts ${this.event(`timer.${action.id}`)}`,
          },
        ];
      }
      if (SILENT.includes(type)) return [];
      const facts = typeof params === 'object' ? Object.values(params).join(', ') : (this.computed[type] ?? '');
      return [{ type, text: this.action(type) + (facts === '' ? '' : ` ${facts}`) }];
    });
    const isMemory = ({ type }) => type in this.words.memory;
    return [...told.filter((each) => !isMemory(each)), ...told.filter(isMemory)].map(({ text }) => text).join(', ');
  }

  /** The timers that actions start, by name. */
  armedBy(actions) {
    return actions.flatMap((action) => (action.type === 'xstate.raise' && action.id !== undefined ? [action.id] : []));
  }

  /** Where a row leads, as a link. */
  target({ target, source }) {
    if (target === undefined) return '';
    const [state] = target;
    return state === source ? `${this.state(state)} anew` : this.state(state);
  }

  /** How long a timer takes, by default. */
  delay(timer) {
    const delay = this.delays[timer];
    return typeof delay === 'string' ? delay : duration(delay);
  }

  clause(spec) {
    return clause(spec);
  }

  /** Every word of the chart is explained, and no other. */
  #checkWords() {
    const actions = [
      ...this.rows.flatMap((row) => row.actions),
      ...this.states.flatMap(({ entry, exit }) => [...entry, ...exit]),
    ].map((action) => (typeof action === 'string' ? action : action.type));
    const { events, timers, effects, memory, guards } = this.words;
    const used = {
      events: [this.events, [...Object.keys(events), ...Object.keys(timers).map((timer) => `timer.${timer}`)]],
      actions: [
        actions.filter((type) => type !== 'xstate.raise' && type !== 'disarm'),
        [...Object.keys(effects), ...Object.keys(memory)],
      ],
      guards: [this.rows.flatMap((row) => this.guardOf(row) ?? []), Object.keys(guards)],
    };
    for (const [kind, [found, explained]] of Object.entries(used)) {
      const missing = [...new Set(found)].filter((name) => !explained.includes(name));
      const strange = explained.filter((name) => !found.includes(name));
      if (missing.length > 0)
        throw new Error(`Say in .ci/reference/words.mjs what these ${kind} of the ${this.name} chart mean: ${missing}`);
      if (strange.length > 0)
        throw new Error(`The ${this.name} chart has no ${kind} ${strange}: take them out of .ci/reference/words.mjs`);
    }
  }
}

export const isSimple = (state) => Object.keys(state.states).length === 0;
export const lineage = (state) => (state.parent === undefined ? [state] : [state, ...lineage(state.parent)]);

/** The heading under which a state is told of. */
export const headingOf = ({ path, key }) => path.join('.') || key;

/** A region that goes on beside another one. */
const isSecondary = (state) => state.parent?.type === 'parallel' && Object.values(state.parent.states)[0] !== state;

function matches(patterns, name) {
  return patterns.some((pattern) => {
    const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    return new RegExp(`^${parts.join('.*')}$`).test(name);
  });
}

/** A section of the documentation or the policy as a link, or what else it comes from. */
export function clause(spec) {
  if (spec === undefined) return '';
  const [page, section] = spec.split('#');
  if (page === 'user') return 'an order';
  if (page === 'fault') return 'a fault, by order';
  if (page === 'policy') return `[policy, ${code(section)}](policy.md)`;
  return `[${section.replace(/-/g, ' ')}](${DOCUMENTATION}/${ELSEWHERE[section] ?? `events/gateway#${section}`})`;
}
