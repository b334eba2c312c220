/**
 * The control channel: a client that can be ordered about says so on standard output, takes orders on standard input, and
 * tells what became of them. A line each, of JSON; on standard output with `CTL ` before it. It is optional: a case that
 * needs an order is `not tested` with a client that cannot take it.
 */
import { fieldsOf } from './fields.js';

/** What a client may be able to do. */
export const ORDERS = {
  send: 'send a command, and tell `sent` or `rejected` with its id',
  stop: 'stop for good, and tell `closed` when no connection is left',
  detach:
    'leave the connection so that the session goes on, and tell `record` with what another process needs to resume it',
  record: 'begin with the record in GATECHART_RECORD instead of identifying',
  tell: 'tell `ready`, `resumed` and `failed` where they happen',
  block: 'do nothing at all for so many ms, as a program does that computes',
} as const;
export type Order = keyof typeof ORDERS;

/** An order as it is written on standard input. `record` and `tell` are none: a client does them by itself. */
export type ControlOrder =
  | { readonly order: 'send'; readonly id: number; readonly op: number; readonly d: unknown }
  | { readonly order: 'stop' }
  | { readonly order: 'detach' }
  | { readonly order: 'block'; readonly ms: number };

/** What a client may tell, unasked for where it happens. */
export const TOLD = {
  ready: 'a session is new: READY has come',
  resumed: 'a session goes on: RESUMED has come',
  closed: 'no connection is left, and none will be opened',
  failed: 'the client has given up: `reason`, and `code` for a close code',
  sent: 'a command has left: its `id`',
  rejected: 'a command will not leave: its `id`, and `reason`',
  record: 'what another process needs: `record`',
} as const;
export type Told = keyof typeof TOLD;

/** The variable that holds a record for a client that begins with it. */
export const RECORD_VARIABLE = 'GATECHART_RECORD';

const PREFIX = 'CTL ';

/** What a line on standard output says: what the client can do, or something that it tells; null if it is no such line. */
export function readControl(
  line: string,
):
  | { readonly can: readonly Order[] }
  | { readonly told: Told; readonly fields: Readonly<Record<string, unknown>> }
  | null {
  if (!line.startsWith(PREFIX)) return null;
  let value: unknown;
  try {
    value = JSON.parse(line.slice(PREFIX.length));
  } catch {
    return null;
  }
  const { can, told, ...fields } = fieldsOf(value);
  if (Array.isArray(can)) return { can: can.filter((each): each is Order => Object.hasOwn(ORDERS, String(each))) };
  return Object.hasOwn(TOLD, String(told)) ? { told: told as Told, fields } : null;
}
