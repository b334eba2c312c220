/** Changes to frames on their way: what networks, proxies and broken servers do, and what nobody does. */
import type { RandomPort } from '../../src/ports/index.js';
import { type Frame, GARBAGE } from './corpus.js';

/** Frames instead of one, and whether what they carry is still what was sent. */
export interface Mangled {
  readonly frames: readonly Pick<Frame, 'data' | 'isBinary'>[];
  readonly isIntact: boolean;
}

/** Passes a frame on as it is, or not. */
export function mangle(frame: Frame, random: RandomPort, mayBeCut: boolean): Mangled {
  const draw = random();
  if (draw < 0.7) return { frames: [frame], isIntact: true };
  if (draw < 0.8 && mayBeCut) return { frames: cut(frame, random), isIntact: true };
  const change = pick(CHANGES, random);
  return { frames: change(frame, random), isIntact: false };
}

type Change = (frame: Frame, random: RandomPort) => Mangled['frames'];

const CHANGES: readonly Change[] = [
  () => [],
  (frame) => [frame, frame],
  (frame) => [{ ...frame, isBinary: !frame.isBinary }],
  (frame, random) => [{ ...frame, data: frame.data.subarray(0, at(frame, random)) }],
  (frame, random) => [{ ...frame, data: frame.data.subarray(at(frame, random)) }],
  (frame, random) => [{ ...frame, data: flipped(frame, random, 1) }],
  (frame, random) => [{ ...frame, data: flipped(frame, random, 8) }],
  (frame, random) => [{ ...frame, data: inserted(frame, random) }],
  (frame, random) => [{ data: noise(1 + Math.floor(random() * 100), random), isBinary: random() < 0.5 }, frame],
  (frame, random) => [{ data: pick(GARBAGE, random), isBinary: random() < 0.5 }, frame],
  (frame) => [{ ...frame, data: new Uint8Array() }, frame],
];

/** Pieces of one or more bytes, at random places. */
function cut(frame: Frame, random: RandomPort): Mangled['frames'] {
  const places = Array.from({ length: 1 + Math.floor(random() * 4) }, () => at(frame, random)).sort((a, b) => a - b);
  const edges = [0, ...places, frame.data.length];
  return edges
    .slice(1)
    .map((end, index) => ({ ...frame, data: frame.data.subarray(edges[index] as number, end) }))
    .filter(({ data }) => data.length > 0);
}

function flipped({ data }: Frame, random: RandomPort, times: number): Uint8Array {
  const changed = Uint8Array.from(data); // a Buffer's slice would be the same bytes
  for (let left = times; left > 0; left--) {
    const place = Math.floor(random() * changed.length);
    changed[place] = (changed[place] ?? 0) ^ (1 << Math.floor(random() * 8));
  }
  return changed;
}

function inserted(frame: Frame, random: RandomPort): Uint8Array {
  const place = at(frame, random);
  return Buffer.concat([frame.data.subarray(0, place), noise(3, random), frame.data.subarray(place)]);
}

const noise = (length: number, random: RandomPort) => Uint8Array.from({ length }, () => Math.floor(random() * 256));
const at = ({ data }: Pick<Frame, 'data'>, random: RandomPort) => Math.floor(random() * (data.length + 1));
const pick = <T>(values: readonly T[], random: RandomPort): T => values[Math.floor(random() * values.length)] as T;
