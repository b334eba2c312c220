/** Reads what was written after an option; an `InvalidArgumentError` says what would be right. */

import { InvalidArgumentError } from 'commander';
import { DISPATCH_EVENTS, INTENT_NAMES, type IntentName, isDispatchEvent } from '../../machines/index.js';
import { closest } from '../../machines/kit/closest.js';

/** A whole number within bounds. */
export function whole(least: number, most = Number.MAX_SAFE_INTEGER) {
  return (text: string): number => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    const bounds = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
    throw new InvalidArgumentError(`Write a whole number ${bounds}.`);
  };
}

/** Names of intents in any case, with commas between. */
export function intents(text: string): readonly IntentName[] {
  return list(text).map((name) => {
    const meant = closest(name, INTENT_NAMES);
    if (meant === undefined)
      throw new InvalidArgumentError(`There is no intent ${name}. There are: ${INTENT_NAMES.join(', ')}.`);
    if (meant === name.toUpperCase()) return meant;
    throw new InvalidArgumentError(`There is no intent ${name}. Write ${meant}.`);
  });
}

/** Names of dispatches, with commas between; Discord has more than it documents. */
export function dispatchNames(text: string): readonly string[] {
  const names = list(text);
  if (!names.every((name) => /^[A-Z][A-Z_]*$/.test(name)))
    throw new InvalidArgumentError('Write names of dispatches in capitals, as in MESSAGE_CREATE,GUILD_CREATE.');
  for (const name of names) {
    const meant = isDispatchEvent(name) ? undefined : closest(name, DISPATCH_EVENTS);
    if (meant !== undefined) throw new InvalidArgumentError(`There is no documented event ${name}. Write ${meant}.`);
  }
  return names;
}

/** A shard as `id,count`. */
export function shardId(text: string): readonly [id: number, count: number] {
  const [, id, count] = /^(\d+),(\d+)$/.exec(text) ?? [];
  if (id !== undefined && Number(id) < Number(count)) return [Number(id), Number(count)];
  throw new InvalidArgumentError('Write id,count with ids from 0 on: --shard 0,2 and --shard 1,2 are a pair.');
}

/** A part of something with numbered lines: `120-180`, `120-` or `-180`. */
export function lineRange(text: string): readonly [from: number, to: number] {
  const [, from = '', dash, to = ''] = /^(\d*)(-)?(\d*)$/.exec(text) ?? [];
  const range = [
    from === '' ? 1 : Number(from),
    to === '' ? (dash ? Number.POSITIVE_INFINITY : Number(from)) : Number(to),
  ] as const;
  if (text !== '' && text !== '-' && range[0] >= 1 && range[1] >= range[0]) return range;
  throw new InvalidArgumentError('Write the first line and the last: --lines 120-180, --lines 120- or --lines -180.');
}

function list(text: string): string[] {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length > 0) return names;
  throw new InvalidArgumentError('Write one name or more, with commas between.');
}
