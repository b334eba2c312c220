/** Payloads in ETF as Discord writes them, with all that makes them harder to read than what clients send. */
import { isIdKey } from '../wire/etf/id-keys.js';
import { EtfWriter } from '../wire/etf/index.js';

/**
 * A payload in ETF. Keys of the envelope and `t` are atoms, keys within `d` a mix of atoms and binaries, snowflakes
 * integers, and lists of small integers look like text ("Using ETF/Erlang External Term Format").
 */
export function discordEtf(payload: Readonly<Record<string, unknown>>): Uint8Array {
  const writer = new EtfWriter();
  const { t, ...rest } = payload;
  writer.mapHeader(Object.keys(payload).length);
  for (const [key, value] of Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1))) {
    writer.atom(key);
    write(writer, value, key);
  }
  if ('t' in payload) {
    writer.atom('t');
    if (typeof t === 'string' && isPlain(t)) writer.atom(t);
    else writer.term(t);
  }
  return writer.bytes();
}

function write(writer: EtfWriter, value: unknown, key: string): void {
  if (Array.isArray(value)) writeList(writer, value, key);
  else if (typeof value === 'object' && value !== null) writeMap(writer, value);
  else if (typeof value === 'string' && isIdKey(key) && SNOWFLAKE.test(value)) writer.integer(BigInt(value));
  else writer.term(value);
}

function writeMap(writer: EtfWriter, value: object): void {
  const entries = Object.entries(value);
  writer.mapHeader(entries.length);
  for (const [name, member] of entries) {
    if (name.length % 2 === 0 && isPlain(name)) writer.atom(name);
    else writer.binary(name);
    write(writer, member, name);
  }
}

function writeList(writer: EtfWriter, values: readonly unknown[], key: string): void {
  if (values.length > 0 && values.length <= 0xffff && values.every(isByte)) writer.smallIntegers(values as number[]);
  else if (values.length === 0) writer.list(values);
  else {
    writer.listHeader(values.length);
    for (const value of values) write(writer, value, isIdKey(key) || IDS_BY_NAME.has(key) ? 'id' : '');
    writer.list([]);
  }
}

const SNOWFLAKE = /^[1-9]\d{14,18}$/;

/** Lists of snowflakes whose name does not say so. */
const IDS_BY_NAME = new Set(['roles', 'mention_roles', 'applied_tags']);

const isByte = (value: unknown): boolean =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) < 256;
const isPlain = (name: string): boolean => /^[ -~]{0,255}$/.test(name);
