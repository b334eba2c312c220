/** The control of a simulator over HTTP: orders with their arguments by name, the log, and waiting for what comes into it. */
import { isSendableCode } from './faults.js';
import type { Gateway } from './gateway.js';
import { isRecord, LOG_KINDS, type LogEntry } from './log.js';
import type { Reply } from './rest.js';

/** What a field may be. */
interface Rule {
  readonly is: string;
  holds(value: unknown): boolean;
}
type Rules = Readonly<Record<string, Rule>>;

const isWhole = (value: unknown, least: number): boolean => Number.isSafeInteger(value) && (value as number) >= least;
const whole = (least: number): Rule => ({
  is: `a whole number of at least ${least}`,
  holds: (value) => isWhole(value, least),
});
const text: Rule = { is: 'a text that is not empty', holds: (value) => typeof value === 'string' && value !== '' };
const truth: Rule = { is: 'true or false', holds: (value) => typeof value === 'boolean' };
const number: Rule = { is: 'a number', holds: (value) => typeof value === 'number' };
const object: Rule = { is: 'an object', holds: isRecord };
const anything: Rule = { is: 'anything', holds: () => true };
const code: Rule = { is: 'a code that a close frame can hold', holds: isSendableCode };
const intents: Rule = {
  is: 'a list of names, or a bit field',
  holds: (value) => typeof value === 'number' || (Array.isArray(value) && value.every(text.holds)),
};

const TARGET = { connection: whole(1), sessionId: text } as const satisfies Rules;

/** An order: the fields of its body, and which of them it cannot do without. */
interface Order {
  readonly fields: Rules;
  readonly needs?: readonly string[];
  /** Whether it checks other fields by itself. */
  readonly isLoose?: boolean;
  run(gateway: Gateway, args: Readonly<Record<string, unknown>>): unknown;
}

/** Arguments that were checked, as the method takes them. */
const as = <T>(args: unknown): T => args as T;

const ORDERS: Readonly<Record<string, Order>> = {
  dispatch: {
    fields: { name: text, data: anything, ...TARGET },
    needs: ['name'],
    run: ({ control }, { name, data = null, ...target }) => control.dispatch(as(name), data, target),
  },
  requestHeartbeat: { fields: TARGET, run: ({ control }, target) => control.requestHeartbeat(target) },
  requestReconnect: { fields: TARGET, run: ({ control }, target) => control.requestReconnect(target) },
  invalidateSession: {
    fields: { resumable: truth, ...TARGET },
    run: ({ control }, { resumable = false, ...target }) => control.invalidateSession(as(resumable), target),
  },
  closeWith: {
    fields: { code, ...TARGET },
    needs: ['code'],
    run: ({ control }, { code: given, ...target }) => control.closeWith(as(given), target),
  },
  dropTcp: { fields: TARGET, run: ({ control }, target) => control.dropTcp(target) },
  injectFault: {
    fields: { name: text },
    needs: ['name'],
    isLoose: true,
    run: ({ control }, { name, ...options }) => control.injectFault(as(name), options),
  },
  clearFaults: { fields: {}, run: ({ control }) => control.clearFaults() },
  configure: {
    fields: {
      token: text,
      heartbeatInterval: number,
      intents,
      shards: number,
      maxConcurrency: number,
      identifiesPerDay: number,
      guilds: number,
      dispatchesPerSecond: number,
      partBytes: number,
      settings: object,
      limits: object,
    },
    run: ({ control }, options) => control.configure(options),
  },
  reset: { fields: {}, run: ({ control }) => control.reset() },
};

/** Carries out an order, or says by name what is wrong with it. */
export function obey(gateway: Gateway, name: string, args: unknown): Reply {
  const order = Object.hasOwn(ORDERS, name) ? ORDERS[name] : undefined;
  if (order === undefined) return refusal(404, `There is no ${name}; there are ${Object.keys(ORDERS).join(', ')}`);
  try {
    if (!isRecord(args)) throw new TypeError('the body must be a JSON object');
    check(name, args, order);
    return { status: 200, body: { reached: order.run(gateway, args) ?? null } };
  } catch (error) {
    return refusal(400, error instanceof Error ? error.message : String(error));
  }
}

const refusal = (status: number, message: string): Reply => ({ status, body: { message } });

function check(name: string, args: Readonly<Record<string, unknown>>, { fields, needs = [], isLoose }: Order): void {
  const known = Object.keys(fields);
  for (const [key, value] of Object.entries(args)) {
    const rule = Object.hasOwn(fields, key) ? fields[key] : undefined;
    if (rule === undefined && !isLoose) {
      throw new TypeError(`${name} takes no ${key}: it takes ${known.join(', ') || 'nothing'}`);
    }
    if (rule?.holds(value) === false) throw new TypeError(`${key} must be ${rule.is}, not ${JSON.stringify(value)}`);
  }
  const missing = needs.find((key) => !Object.hasOwn(args, key));
  if (missing !== undefined) throw new TypeError(`${name} needs ${missing}: ${fields[missing]?.is}`);
}

/** What of an entry a question may ask for. */
const FILTERS: Readonly<Record<string, Rule & { of(entry: LogEntry): unknown }>> = {
  kind: { ...oneOf(LOG_KINDS), of: ({ kind }) => kind },
  direction: { ...oneOf(['client', 'gateway']), of: ({ direction }) => direction },
  connection: { ...whole(0), of: ({ connection }) => connection },
  op: { ...whole(0), of: ({ payload }) => (isRecord(payload) ? payload.op : undefined) },
  t: { ...text, of: ({ payload }) => (isRecord(payload) ? payload.t : undefined) },
  code: { ...whole(0), of: ({ code: closed }) => closed },
  method: { ...text, of: ({ method }) => method },
  path: { ...text, of: ({ path }) => path },
  status: { ...whole(0), of: ({ status }) => status },
};

function oneOf(values: readonly string[]): Rule {
  return { is: `one of ${values.join(', ')}`, holds: (value) => values.includes(value as string) };
}

/** Longest wait, in ms. */
const LONGEST_WAIT = 600_000;
const MOST_ENTRIES = 10_000;
/** Waits at a time. */
const MOST_WAITS = 100;

const AFTER = { after: whole(0), ...FILTERS };
const QUESTIONS: Readonly<Record<'log' | 'wait', Rules>> = {
  log: { ...AFTER, limit: { is: `from 1 to ${MOST_ENTRIES}`, holds: (value) => isWithin(value, 1, MOST_ENTRIES) } },
  wait: {
    ...AFTER,
    timeout: { is: `from 0 to ${LONGEST_WAIT} ms`, holds: (value) => isWithin(value, 0, LONGEST_WAIT) },
  },
};

const isWithin = (value: unknown, least: number, most: number): boolean =>
  isWhole(value, least) && (value as number) <= most;

type Question = Readonly<Record<string, string | number>>;

/** The query of a question, with whole numbers as such. Throws a `TypeError` that names what is wrong. */
function questionFrom(name: 'log' | 'wait', query: URLSearchParams): Question {
  const texts = [...query].map(([key, value]) => [
    key,
    /^\d{1,15}$/.test(value) && key !== 't' ? Number(value) : value,
  ]);
  const question = Object.fromEntries(texts) as Question;
  check(name, question, { fields: QUESTIONS[name], run: () => null });
  return question;
}

function matches(entry: LogEntry, question: Question): boolean {
  return Object.entries(FILTERS).every(([key, { of }]) => !(key in question) || of(entry) === question[key]);
}

/** The entries after a number that are asked for, and the number to ask after next. */
export function logReply({ log }: Gateway, query: URLSearchParams): Reply {
  return answered(() => {
    const question = questionFrom('log', query);
    const { after = 0, limit = 1_000 } = question;
    const all = log.after(Number(after)).filter((entry) => matches(entry, question));
    const entries = all.slice(0, Number(limit));
    const last = entries.length < all.length ? (entries.at(-1)?.number ?? log.last) : log.last;
    return { status: 200, body: { entries, last } };
  });
}

function answered(answer: () => Reply): Reply {
  try {
    return answer();
  } catch (error) {
    return refusal(400, error instanceof Error ? error.message : String(error));
  }
}

/** The same, but waits for the first entry, unless there is one: for `timeout` ms at most, or until the client is gone. */
export async function waitReply(gateway: Gateway, query: URLSearchParams, gone: AbortSignal): Promise<Reply> {
  const { log } = gateway;
  let question: Question;
  try {
    question = questionFrom('wait', query);
  } catch (error) {
    return refusal(400, error instanceof Error ? error.message : String(error));
  }
  const { after = log.last, timeout = 30_000 } = question;
  const there = log.after(Number(after)).filter((entry) => matches(entry, question));
  if (there.length > 0) return { status: 200, body: { entries: there, last: log.last } };
  if (gateway.waiting >= MOST_WAITS) return refusal(429, `there are ${MOST_WAITS} waits already`);
  gateway.waiting += 1;
  const entry = await nextEntry(gateway, question, Number(timeout), gone);
  gateway.waiting -= 1;
  return { status: 200, body: { entries: entry === null ? [] : [entry], last: entry?.number ?? log.last } };
}

function nextEntry({ log, clock }: Gateway, question: Question, timeout: number, gone: AbortSignal) {
  return new Promise<LogEntry | null>((resolve) => {
    const end = (entry: LogEntry | null) => {
      leave();
      clock.clearTimeout(timer);
      gone.removeEventListener('abort', onGone);
      resolve(entry);
    };
    const onGone = () => end(null);
    const leave = log.subscribe((entry) => {
      if (matches(entry, question)) end(entry);
    });
    const timer = clock.setTimeout(() => end(null), timeout);
    gone.addEventListener('abort', onGone);
    if (gone.aborted) end(null);
  });
}
