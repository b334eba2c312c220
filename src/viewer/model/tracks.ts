/**
 * What was seen of each actor, as a list of moments. A moment holds all that there was to know at that time, so that
 * going back is looking at an earlier one: nothing is computed backwards.
 */

import { CAUSES, isOpcode, OPCODES } from '../../../machines/index.js';
import type { StatelyMessage } from '../../inspect/index.js';
import { asNumber, asText } from '../../telling/printable.js';
import { parseShallow } from '../../telling/shallow.js';
import { own } from '../../telling/tables.js';
import type { FrameLine, HeaderLine, StepLine, TraceLine } from '../../trace/index.js';
import { chartOf, rowsTaken, stateName } from './charts.js';
import { knownByGateway, saidByGateway } from './gateway.js';
import type { Line } from './lines.js';
import type { Burst, Chapter, Effect, Exchange, Moment, RunningTimer, Seen, Track } from './moments.js';

export type { Effect, Exchange, Moment, Reason, Track } from './moments.js';

interface Growing extends Track {
  chart: string;
  name: string;
  definition: unknown;
  began: number;
  /** What is added to its times, for all recordings to have one clock. */
  late: number;
  readonly moments: Moment[];
  readonly exchanges: Exchange[];
  readonly chapters: Chapter[];
  difference: Track['difference'];
}

/** Takes lines in. */
export class Witness implements Seen {
  readonly #tracks = new Map<string, Growing>();
  /** When the first recording began. */
  #began: number | null = null;
  strange = 0;
  version = 0;
  /** When the newest line of a recording came, on the clock that all of them have. */
  time = 0;

  get tracks(): ReadonlyMap<string, Track> {
    return this.#tracks;
  }

  take(line: Line): void {
    this.version += 1;
    switch (line.type) {
      case 'chapter':
      case 'note':
        this.#mark(line);
        break;
      case 'difference':
        this.#differs(line.actor ?? '', line.says);
        break;
      case '@xstate.actor':
      case '@xstate.event':
      case '@xstate.snapshot':
        this.#inspected(line);
        break;
      default:
        this.#traced(line);
    }
  }

  // Traces

  #traced(line: TraceLine): void {
    const key = line.actor ?? '';
    if (line.type === 'header') {
      const known = this.#tracks.get(key);
      if (known?.began === line.began) return; // another file of the same recording
      this.#began ??= line.began;
      const late = line.began - this.#began;
      this.#tracks.set(key, { ...newTrack(key, line.actor ?? line.chart, line.chart, line.began), late });
      return;
    }
    const track = this.#tracks.get(key) ?? newTrack(key, key || 'shard', 'shard', 0);
    this.#tracks.set(key, track);
    this.#placed(track, { ...line, at: line.at + track.late });
  }

  #placed(track: Growing, line: Exclude<TraceLine, HeaderLine>): void {
    this.time = line.at;
    switch (line.type) {
      case 'checkpoint':
        if (track.moments.length === 0) begin(track, line);
        return;
      case 'step':
        step(track, line);
        return;
      case 'frame':
        track.exchanges.push(frameExchange(track, line));
        return;
      case 'warning':
        remark(track, 'warning', line.at, line.error === undefined ? line.problem : `${line.problem}: ${line.error}`);
        return;
      case 'end':
        remark(track, 'end', line.at, track.chart === 'gateway' ? OVER : (own(ENDS, line.because) ?? line.because));
    }
  }

  /** Chapters and notes are told to all that go on. */
  #mark(line: Line & { readonly type: 'chapter' | 'note' }): void {
    for (const track of this.#tracks.values()) {
      const last = track.moments.at(-1);
      if (track.chart === 'gateway' && last?.kind === 'end') continue;
      const at = line.at ?? Math.max(last?.at ?? 0, track.isInspected ? 0 : this.time);
      const moment = Math.max(0, track.moments.length - 1);
      const says = line.type === 'chapter' ? line.title : line.says;
      if (line.type === 'chapter') track.chapters.push({ title: line.title, says: line.says, moment: moment + 1 });
      track.exchanges.push(exchange({ at, direction: 'none', kind: line.type, label: says, moment }));
    }
  }

  #differs(key: string, says: readonly string[]): void {
    const track = this.#tracks.get(key);
    if (track === undefined) return;
    const moment = Math.max(0, track.moments.length - 1);
    track.difference = { moment, says };
    const title = 'Here a replay differs first';
    track.chapters.push({ title, says: '', moment });
    const at = track.moments[moment]?.at ?? 0;
    track.exchanges.push(exchange({ at, direction: 'none', kind: 'chapter', label: title, moment }));
  }

  // Stately's messages

  #inspected(message: StatelyMessage): void {
    const key = `actor ${message.sessionId}`;
    const at = asNumber(message.createdAt) || 0;
    const known = this.#tracks.get(key);
    if (message.type === '@xstate.actor') {
      const definition = parsed(message.definition);
      const id = (definition as { id?: unknown } | null)?.id;
      const track = newTrack(key, message.name, typeof id === 'string' ? id : message.name, at, definition);
      this.#tracks.set(key, track);
      hold(track, message.snapshot, { at: 0, kind: 'begin', event: '' });
      return;
    }
    const track = known ?? newTrack(key, message.sessionId, 'unknown', at, null);
    if (known === undefined) this.#tracks.set(key, track);
    const since = Math.max(track.moments.at(-1)?.at ?? 0, at - track.began);
    if (message.type === '@xstate.snapshot') {
      const event = typeof message.event?.type === 'string' ? message.event.type : '';
      if (event === 'xstate.stop') remark(track, 'end', since, 'This actor has stopped.');
      else if (event !== 'xstate.init') hold(track, message.snapshot, { at: since, kind: 'step', event });
    } else if (message.sourceId !== undefined && message.sourceId !== message.sessionId) {
      const from = this.#tracks.get(`actor ${message.sourceId}`)?.name ?? message.sourceId;
      const label = message.event.type;
      track.exchanges.push(
        exchange({
          at: since,
          direction: 'in',
          kind: 'frame',
          label,
          detail: `from ${from}`,
          moment: track.moments.length,
        }),
      );
    }
  }
}

function newTrack(key: string, name: string, chart: string, began: number, definition: unknown = null): Growing {
  const isInspected = key.startsWith('actor ');
  return {
    key,
    name,
    chart,
    definition,
    began,
    isInspected,
    late: 0,
    difference: null,
    moments: [],
    exchanges: [],
    chapters: [],
  };
}

const NOTHING: Omit<Moment, 'index' | 'at' | 'kind'> = {
  state: '',
  from: '',
  event: '',
  causes: [],
  effects: [],
  rows: [],
  timers: [],
  connection: 0,
  session: null,
  sequence: null,
};

function begin(track: Growing, line: TraceLine & { readonly type: 'checkpoint' }): void {
  const { context = {} } = line.snapshot;
  const timers = Object.entries(line.timers).flatMap(([name, due]) =>
    typeof due === 'number' ? [{ name, armed: line.at, due: due + track.late }] : [],
  );
  push(track, {
    ...NOTHING,
    ...remembered(context),
    at: line.at,
    kind: 'begin',
    state: line.state,
    from: line.state,
    timers,
  });
}

/** What of a context is shown. */
function remembered(context: unknown): Pick<Moment, 'session' | 'sequence' | 'connection'> {
  const { session, sequence, connection } = (context ?? {}) as Record<string, unknown>;
  const { id, sequence: kept } = (session ?? {}) as { id?: unknown; sequence?: unknown };
  const last = sequence ?? kept;
  return {
    session: typeof id === 'string' ? id : null,
    sequence: typeof last === 'number' ? last : null,
    connection: typeof connection === 'number' ? connection : 0,
  };
}

function step(track: Growing, line: StepLine): void {
  const before = track.moments.at(-1);
  const state = line.to ?? line.from;
  const causes = line.causes ?? [];
  const effects = (line.do ?? []).filter(({ type }) => type !== 'arm' && type !== 'disarm') as readonly Effect[];
  const isGateway = track.chart === 'gateway';
  const isDone = effects.some(({ type }) => type !== 'sendDispatch');
  const isNews = causes.length > 0 || state !== line.from || isDone || before === undefined;
  const known = isGateway ? knownByGateway(before, line) : knownAfter(before, line);
  const now = { ...known, timers: timersAfter(before?.timers ?? [], line) };
  const index = track.moments.length;
  if (isGateway && line.event.type === 'connected') track.name = `Gateway, connection ${now.connection}`;
  const said = isGateway ? gatewayExchanges(line, now.connection) : exchangesOf(line, now.connection);
  for (const each of said) say(track, { ...each, moment: isNews ? index : index - 1 });
  if (!isNews) {
    // Dispatches of a session that goes on: as a burst is nothing new, the moment before holds them.
    track.moments[index - 1] = { ...(before as Moment), ...now };
    return;
  }
  const chart = chartOf(track.chart);
  const taken = { event: line.event.type, from: line.from, causes: causes.map(({ name }) => name) };
  push(track, {
    ...NOTHING,
    ...now,
    at: line.at,
    kind: 'step',
    state,
    from: line.from,
    event: line.event.type,
    causes,
    effects,
    rows: chart === undefined ? [] : rowsTaken(chart, taken),
  });
}

function knownAfter(before: Moment | undefined, { event, do: done = [], causes = [] }: StepLine) {
  const { session: id = null } = before ?? {};
  let { connection = 0, sequence = null } = before ?? {};
  let session = id;
  for (const { type, params } of done) {
    if (type === 'openSocket' && typeof (params as Effect['params']).connection === 'number') {
      connection = (params as { connection: number }).connection;
    }
  }
  const told = event.session as { id?: unknown } | null | undefined;
  if (event.type === 'ready') session = typeof told?.id === 'string' ? told.id : null;
  if (typeof event.sequence === 'number') {
    sequence = event.type === 'ready' ? event.sequence : Math.max(sequence ?? 0, event.sequence);
  }
  if (causes.some(({ name }) => own(CAUSES, name)?.endsSession)) [session, sequence] = [null, null];
  return { connection, session, sequence };
}

function timersAfter(before: readonly RunningTimer[], { at, event, do: done = [] }: StepLine): readonly RunningTimer[] {
  let timers = event.type.startsWith('timer.')
    ? before.filter(({ name }) => name !== event.type.slice('timer.'.length))
    : before;
  for (const { type, params } of done) {
    const { timer, delay } = params as { timer?: unknown; delay?: unknown };
    if (type === 'disarm') timers = timers.filter(({ name }) => name !== timer);
    if (type === 'arm' && typeof timer === 'string' && typeof delay === 'number') {
      timers = [...timers.filter(({ name }) => name !== timer), { name: timer, armed: at, due: at + delay }];
    }
  }
  return timers;
}

/** What a step tells of the wire beside its frames. */
function exchangesOf({ at, event, do: done = [], dispatches }: StepLine, connection: number): Exchange[] {
  const found: Exchange[] = [];
  const add = (rest: Omit<Partial<Exchange>, 'at'> & Pick<Exchange, 'direction' | 'kind' | 'label'>) =>
    found.push(exchange({ at, connection, ...rest }));
  if (event.type === 'opened') add({ direction: 'in', kind: 'opened', label: 'the WebSocket is open' });
  if (event.type === 'closed') {
    const isLost = event.code === 1006;
    const status = typeof event.httpStatus === 'number' ? `HTTP ${event.httpStatus}` : '';
    const label = isLost ? 'the connection is lost' : `close ${asText(event.code)}`;
    add({ direction: 'in', kind: isLost ? 'drop' : 'close', label, detail: status });
  }
  if (dispatches !== undefined) {
    const burst = burstOf(dispatches);
    add({ direction: 'in', kind: 'dispatches', ...inWords(burst), burst });
  }
  for (const { type, params } of done) {
    const { url, code } = params as { url?: unknown; code?: unknown };
    if (type === 'openSocket')
      add({ direction: 'out', kind: 'open', label: 'opens a WebSocket', detail: asText(url ?? '') });
    if (type === 'closeSocket') add({ direction: 'out', kind: 'close', label: `close ${asText(code)}` });
    if (type === 'dropSocket' && event.type !== 'closed')
      add({ direction: 'out', kind: 'drop', label: 'drops the socket' });
  }
  return found;
}

function gatewayExchanges(line: StepLine, connection: number): Exchange[] {
  return saidByGateway(line).map((each) =>
    exchange({ at: line.at, connection, ...each, ...(each.burst === undefined ? {} : inWords(each.burst)) }),
  );
}

function burstOf({ first, last, names }: { first?: unknown; last?: unknown; names?: unknown }): Burst {
  const counts = typeof names === 'object' && names !== null ? Object.entries(names) : [];
  return {
    first: asNumber(first) || 0,
    last: asNumber(last) || 0,
    names: Object.fromEntries(counts.map(([name, count]) => [name, asNumber(count) || 0])),
  };
}

function inWords({ first, last, names }: Burst): { readonly label: string; readonly detail: string } {
  const counts = Object.entries(names);
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  if (total <= 1) return { label: counts[0]?.[0] ?? 'dispatch', detail: `s ${last}` };
  const what = counts.map(([name, count]) => `${name} ${count}`);
  return { label: `${total} dispatches`, detail: [...what, `s ${first} to ${last}`].join(', ') };
}

/** Adds what was said; dispatches one after the other are told as one. */
function say(track: Growing, said: Exchange): void {
  const before = track.exchanges.at(-1);
  if (before?.burst === undefined || said.burst === undefined || before.moment !== said.moment) {
    track.exchanges.push(said);
    return;
  }
  const names = new Map(Object.entries(before.burst.names));
  for (const [name, count] of Object.entries(said.burst.names)) names.set(name, (names.get(name) ?? 0) + count);
  const burst = { first: before.burst.first, last: said.burst.last, names: Object.fromEntries(names) };
  track.exchanges[track.exchanges.length - 1] = { ...before, ...inWords(burst), burst };
}

function frameExchange(track: Growing, line: FrameLine): Exchange {
  const { at, direction, connection, op, name, sequence, bytes } = line;
  const label =
    name ?? (op === null ? 'something that makes no sense' : isOpcode(op) ? OPCODES[op].name : 'unknown opcode');
  const details = [
    op === null ? [] : `op ${op}`,
    typeof sequence === 'number' ? `s ${sequence}` : [],
    typeof bytes === 'number' ? `${bytes} bytes` : [],
  ];
  // What comes in is told before the step that it leads to, what goes out after it.
  const moment = direction === 'in' ? track.moments.length : Math.max(0, track.moments.length - 1);
  return exchange({ at, direction, kind: 'frame', connection, label, detail: details.flat().join(', '), moment });
}

function exchange(rest: Partial<Exchange> & Pick<Exchange, 'at' | 'direction' | 'kind' | 'label'>): Exchange {
  return { connection: 0, detail: '', moment: 0, ...rest };
}

function remark(track: Growing, kind: 'warning' | 'end', at: number, says: string): void {
  const before = track.moments.at(-1);
  if (before === undefined) return;
  push(track, { ...before, causes: [], effects: [], rows: [], event: '', from: before.state, at, kind, says });
}

/** A snapshot of Stately's protocol as a moment. */
function hold(track: Growing, snapshot: unknown, rest: Pick<Moment, 'at' | 'kind' | 'event'>): void {
  const { value, context, status } = (snapshot ?? {}) as Record<string, unknown>;
  const before = track.moments.at(-1)?.state;
  const state = stateOf(value) ?? asText(status ?? before ?? '');
  push(track, { ...NOTHING, ...remembered(context), ...rest, state, from: before ?? state });
}

function stateOf(value: unknown): string | null {
  if (typeof value !== 'string' && (typeof value !== 'object' || value === null)) return null;
  try {
    return stateName(value);
  } catch {
    return null;
  }
}

function push(track: Growing, moment: Omit<Moment, 'index'>): void {
  track.moments.push({ ...moment, index: track.moments.length });
}

const OVER = 'Nothing is left of this connection.';
const ENDS: Readonly<Record<string, string>> = {
  stopped: 'The shard has stopped.',
  failed: 'The shard has failed: the reason needs a person.',
  dropped: 'The recording ends: the actor was stopped in the middle.',
  broken: 'The recording ends: the actor broke.',
};

function parsed(json: string | undefined): unknown {
  try {
    return json === undefined ? null : parseShallow(json);
  } catch {
    return null;
  }
}
