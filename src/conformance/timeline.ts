/** What was seen, as lines for people: times since the client was started. */
import { OPCODES, Opcode } from '../../machines/protocol/opcodes.js';
import { counted } from '../telling/numbers.js';
import type { Evidence, Item } from './evidence.js';
import { fieldsOf } from './fields.js';

/** So many lines are shown, the first and the last ones. */
const MOST_LINES = 120;
/** So much of a line. */
const WIDTH = 160;
/** So many lines are shown of what a client has to say in a row, which is often a stack. */
const MOST_SAID = 5;
/** Frames of a stack in any language, code, and what is below a line of code. */
const SAYS_NOTHING = /^[\s^~]*$|^(?: {4}|\t)|^ {2}File "/;

/** The evidence as lines; runs of dispatches, and of messages that reached the user, are one line. */
export function timelineOf({ items, began, token }: Evidence): readonly string[] {
  const lines: string[] = [];
  let run = new Map<string, number>();
  let runAt = 0;
  let said = 0;
  const flush = () => {
    const parts = [...run].map(([what, count]) => (count === 1 ? what : `${what} (${count})`));
    if (parts.length > 0) lines.push(line(runAt - began, parts.join(', ')));
    run = new Map();
  };
  const shorten = () => {
    const more = counted(said - MOST_SAID, 'line');
    if (said > MOST_SAID) lines.push(`${' '.repeat(11)}client: … (${more} more)`);
  };
  for (const item of items) {
    const what = kindOfMany(item);
    const isSaid = item.kind === 'line' && what === null;
    if (isSaid && SAYS_NOTHING.test(item.text)) continue;
    if (!isSaid) shorten();
    said = isSaid ? said + 1 : 0;
    if (said > MOST_SAID) continue;
    if (what === null) {
      flush();
      lines.push(line(item.at - began, textOf(item).replaceAll(token, '[token]')));
    } else {
      if (run.size === 0) runAt = item.at;
      run.set(what, (run.get(what) ?? 0) + 1);
    }
  }
  flush();
  shorten();
  if (lines.length <= MOST_LINES) return lines;
  const half = MOST_LINES / 2;
  return [...lines.slice(0, half), `… ${lines.length - MOST_LINES} lines …`, ...lines.slice(-half)];
}

const line = (ms: number, what: string) => `${(ms / 1000).toFixed(2).padStart(7)} s  ${what.slice(0, WIDTH)}`;

/** Of what comes many times in a row, what it is. */
function kindOfMany(item: Item): string | null {
  if (item.kind === 'line') return item.text.startsWith('MSG ') ? 'client prints: MSG …' : null;
  if (item.kind === 'asked' && item.order === 'send') return '** the client is told to send';
  if (item.kind === 'told' && (item.what === 'sent' || item.what === 'rejected')) return `client tells: ${item.what}`;
  if (item.kind !== 'wire' || item.entry.kind !== 'text') return null;
  const { op, t } = fieldsOf(item.entry.payload);
  const isMany = op === Opcode.Dispatch && t !== 'READY' && t !== 'RESUMED';
  return isMany ? `<- ${item.entry.connection} Dispatch ${String(t)}` : null;
}

function textOf(item: Item): string {
  if (item.kind === 'line') return `client ${item.stream === 'stderr' ? 'complains' : 'prints'}: ${item.text}`;
  if (item.kind === 'order') return `** ${item.says}${item.reached === null ? '' : ` (reached ${item.reached})`}`;
  if (item.kind === 'asked') return `** the client is told to ${item.says}`;
  if (item.kind === 'told') {
    const fields =
      Object.keys(item.fields).length === 0 || item.what === 'record' ? '' : ` ${JSON.stringify(item.fields)}`;
    return `client tells: ${item.what}${fields}`;
  }
  if (item.kind === 'exit') return `client ${item.says}${item.isOrdered ? ', as ordered' : ''}`;
  const { entry } = item;
  const where = entry.connection === 0 ? '' : ` ${entry.connection}`;
  const arrow = entry.direction === 'client' ? `->${where}` : `<-${where}`;
  switch (entry.kind) {
    case 'open':
      return `${arrow} opens ${entry.resumeHost === true ? 'the resume URL ' : ''}${entry.path ?? ''}`;
    case 'close':
      return `${arrow} close ${entry.code ?? 1005}`;
    case 'drop':
      return `${arrow} TCP ends`;
    case 'refused':
      return `${arrow} a handshake is refused: ${entry.status}`;
    case 'request':
      return `${arrow} ${entry.method} ${entry.path}: ${entry.status}`;
    case 'binary':
      return `${arrow} ${entry.bytes} bytes`;
    default:
      return `${arrow} ${payloadOf(entry.payload)}`;
  }
}

const nameOf = (op: number): string => (OPCODES as Readonly<Record<number, { name: string }>>)[op]?.name ?? `op ${op}`;

function payloadOf(payload: unknown): string {
  const { op, d, s, t } = fieldsOf(payload);
  if (typeof op !== 'number') return JSON.stringify(payload)?.slice(0, 80) ?? 'nothing';
  if (op === Opcode.Dispatch) return `Dispatch ${String(t)} s ${String(s)}`;
  const data = op === Opcode.Identify ? '' : ` ${JSON.stringify(d) ?? ''}`;
  return `${nameOf(op)}${data}`;
}
