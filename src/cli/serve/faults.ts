import {
  type Control,
  FAULT_DETAILS,
  FAULTS,
  type FaultDetails,
  type FaultName,
  faultTakes,
  MALFORMED,
  PLACES,
  type Place,
} from '../../simulator/index.js';
import { UsageError } from '../terminal/io.js';
import { type Terminal, wrap } from '../terminal/terminal.js';

/** A fault as ordered on the command line. */
export interface FaultOrder {
  readonly name: FaultName;
  readonly details: FaultDetails;
  readonly at?: Place;
  readonly times?: 'all';
}

/** Reads `name`, `name=value`, `name@state` or `name=value@state`. What is done to a connection happens to each once it is live, unless a state is given. */
export function faultOrder(text: string): FaultOrder {
  const [, name = '', value, at] = /^([^=@]*)(?:=([^@]*))?(?:@(.*))?$/.exec(text) ?? [];
  if (!isName(name))
    throw new UsageError(`there is no fault ${text}: gatechart serve --list-faults shows what there is`);
  const { lasts, detail } = faultTakes(name);
  if (at !== undefined && !(PLACES as readonly string[]).includes(at)) {
    throw new UsageError(`there is no state ${at} to wait for in ${text}: there are ${PLACES.join(', ')}`);
  }
  if (at !== undefined && lasts === 'handshake') {
    throw new UsageError(`${name} comes before a connection has a state: leave out @${at}`);
  }
  if (value !== undefined && detail === undefined) throw new UsageError(`${name} takes no value: leave out =${value}`);
  const details = value === undefined || detail === undefined ? {} : { [detail]: valueFrom(name, detail, value) };
  if (at !== undefined) return { name, details, at: at as Place };
  return lasts === 'momentary' ? { name, details, at: 'live', times: 'all' } : { name, details };
}

const isName = (name: string): name is FaultName => Object.hasOwn(FAULTS, name);

function valueFrom(name: FaultName, detail: keyof FaultDetails, text: string): unknown {
  const { default: example, is, holds } = FAULT_DETAILS[detail];
  const value = typeof example === 'string' ? text : (JSON_VALUES[text] ?? (/^\d+$/.test(text) ? Number(text) : text));
  if (holds(value)) return value;
  throw new UsageError(`${name}=${text} makes no sense: write ${is}, as in ${name}=${example}`);
}

const JSON_VALUES: Readonly<Record<string, boolean>> = { true: true, false: false };

/** Gives an order to a simulator. */
export function inject(control: Control, { name, details, ...where }: FaultOrder): void {
  control.injectFault(name, { ...details, ...where });
}

/** What an order leads to, as a sentence, with the value that it has by default. */
export function promise({ name, details, at, times }: FaultOrder): string {
  const { lasts, detail } = faultTakes(name);
  const value = detail === undefined ? '' : ` (${details[detail] ?? FAULT_DETAILS[detail].default})`;
  const what = `${FAULTS[name]}${value}`;
  if (lasts === 'handshake') return what;
  if (at === undefined) return `${what}, on every connection`;
  return `${what}, on ${times === 'all' || lasts === 'standing' ? 'each' : 'the first'} connection once ${PLACE_SAYS[at]}`;
}

/** Every fault, with what it does. */
export function showFaults(terminal: Terminal): void {
  const list = (title: string, rows: readonly (readonly [string, string])[]) => {
    terminal.heading(title);
    const width = Math.max(...rows.map(([name]) => name.length));
    for (const [name, says] of rows) {
      const [first = '', ...more] = wrap(says, terminal.width - width - 4);
      terminal.line(`  ${terminal.colors.cyan(name.padEnd(width))}  ${first}`);
      for (const line of more) terminal.line(' '.repeat(width + 4) + line);
    }
  };
  const names = Object.keys(FAULTS) as FaultName[];
  list(
    'Faults',
    names.map((name) => [name, FAULTS[name]]),
  );
  list(
    'Values (=value)',
    names.flatMap((name) => {
      const { detail } = faultTakes(name);
      if (detail === undefined) return [];
      const { is, default: example } = FAULT_DETAILS[detail];
      return [[name, `${detail === 'kind' ? 'a kind of malformed' : is}; ${example} by default`] as const];
    }),
  );
  list(
    'Kinds of malformed',
    Object.entries(MALFORMED).map(([name, { says }]) => [name, says]),
  );
  list(
    'States to wait for (@state)',
    PLACES.map((place) => [place, PLACE_SAYS[place]]),
  );
  terminal.line();
  terminal.paragraph(
    'What is done to a connection happens to the first one that reaches the state; without a state, to each one once ' +
      'it is live. Answers that are left out are left out on every connection, and refusals hold until they are cleared.',
  );
}

const PLACE_SAYS: Readonly<Record<Place, string>> = {
  greeting: 'it is open and Hello is due',
  awaitingIdentify: 'Hello is sent',
  starting: 'an Identify is accepted, READY is due',
  replaying: 'a Resume is accepted, the replay begins',
  live: 'READY or RESUMED is sent',
};
