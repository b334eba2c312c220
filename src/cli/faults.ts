import {
  type Control,
  FAULTS,
  type FaultDetails,
  type FaultName,
  MALFORMED,
  PLACES,
  type Place,
} from '../simulator/index.js';
import { UsageError } from './io.js';
import { type Terminal, wrap } from './terminal.js';

/** A fault as ordered on the command line. */
export interface FaultOrder {
  readonly name: FaultName;
  readonly details: FaultDetails;
  readonly at?: Place;
}

/** What the value after `=` is, for the faults that take one. */
const DETAILS: Partial<Record<FaultName, (value: string) => FaultDetails>> = {
  closeWith: (value) => ({ code: Number(value) }),
  invalidateSession: (value) => ({ resumable: value === 'true' }),
  malformed: (value) => ({ kind: value as keyof typeof MALFORMED }),
  skipSequence: (value) => ({ by: Number(value) }),
  refuseResumeHost: (value) => ({ status: Number(value) }),
  refuseConnections: (value) => ({ status: Number(value) }),
  refuseGetGateway: (value) => ({ status: Number(value) }),
};

/** Reads `name`, `name=value`, `name@state` or `name=value@state`. */
export function faultOrder(text: string): FaultOrder {
  const [, name = '', value, at] = /^([^=@]*)(?:=([^@]*))?(?:@(.*))?$/.exec(text) ?? [];
  if (!Object.hasOwn(FAULTS, name)) {
    throw new UsageError(`there is no fault ${text}: gatechart serve --list-faults shows what there is`);
  }
  if (at !== undefined && !(PLACES as readonly string[]).includes(at)) {
    throw new UsageError(`there is no state ${at} to wait for in ${text}: there are ${PLACES.join(', ')}`);
  }
  const detail = DETAILS[name as FaultName];
  if (value !== undefined && detail === undefined) throw new UsageError(`${name} takes no value: leave out =${value}`);
  return {
    name: name as FaultName,
    details: value === undefined || detail === undefined ? {} : detail(value),
    ...(at === undefined ? {} : { at: at as Place }),
  };
}

/** Gives an order to a simulator; throws for a detail that makes no sense. */
export function inject(control: Control, { name, details, at }: FaultOrder): void {
  control.injectFault(name, { ...details, ...(at === undefined ? {} : { at }) });
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
  list('Faults', Object.entries(FAULTS));
  terminal.line();
  terminal.paragraph(
    'Of these take a value: closeWith=<code>, invalidateSession=<true|false>, malformed=<kind>, skipSequence=<count>, ' +
      'and the three refusals =<HTTP status>.',
  );
  list(
    'Kinds of malformed',
    Object.entries(MALFORMED).map(([name, { says }]) => [name, says]),
  );
  list(
    'States to wait for (@state)',
    PLACES.map((place) => [place, PLACE_SAYS[place]]),
  );
}

const PLACE_SAYS: Readonly<Record<Place, string>> = {
  greeting: 'a connection is open, Hello is due',
  awaitingIdentify: 'Hello is sent',
  starting: 'an Identify is accepted, READY is due',
  replaying: 'a Resume is accepted, the replay begins',
  live: 'READY or RESUMED is sent',
};
