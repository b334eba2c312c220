/** Where the words of a picture stand, and which lines would run through them. */
import { type Area, METRICS, type PlacedEdge, type PlacedState } from './placed.js';

/** A line of text in a picture. */
export interface PlacedWords {
  readonly text: string;
  /** The middle of the line. */
  readonly y: number;
  /** Where the text begins in a box with states inside; the middle of the text in any other. */
  readonly x: number;
  /** What it covers in the widest of common fonts. */
  readonly area: Area;
}

/** Whether states are drawn inside, so that its words stand at its top left. */
export const isBox = ({ kind }: Pick<PlacedState, 'kind'>): boolean => kind === 'composite' || kind === 'region';

/** The title of a state and the lines below it. */
export function wordsOf(state: PlacedState): readonly PlacedWords[] {
  const { x, y, w, h, title, lines, indent = 0 } = state;
  const { padding, title: name, text } = METRICS;
  const first = isBox(state) || lines.length > 0 ? y + padding / 2 + name.line / 2 : y + h / 2;
  const at = isBox(state) ? x + padding + indent : x + w / 2;
  const placed = (words: string, middle: number, { size, character }: typeof name | typeof text): PlacedWords => {
    const width = words.length * character;
    const area = { x: isBox(state) ? at : at - width / 2, y: middle - size / 2, w: width, h: size };
    return { text: words, x: at, y: middle, area };
  };
  const below = (i: number) => first + name.line / 2 + padding / 2 + (i + 0.5) * text.line;
  return [placed(title, first, name), ...lines.map((line, i) => placed(line, below(i), text))];
}

/** Whether a line runs through an area. */
export function runsThrough({ points }: Pick<PlacedEdge, 'points'>, { x, y, w, h }: Area): boolean {
  return points.some(([toX, toY], i) => {
    const [fromX, fromY] = points[i - 1] ?? [toX, toY];
    const isBeside = Math.max(fromX, toX) <= x || Math.min(fromX, toX) >= x + w;
    return !isBeside && Math.max(fromY, toY) > y && Math.min(fromY, toY) < y + h;
  });
}

/** How far arrows keep from words, in pixels. */
const CLEAR = 6;

/** The same state with its words where no arrow runs through them: further right in its box, if there is such a place. */
export function besideArrows(state: PlacedState, edges: readonly Pick<PlacedEdge, 'points' | 'label'>[]): PlacedState {
  if (!isBox(state)) return state;
  const isFree = (indent: number) =>
    wordsOf({ ...state, indent }).every(({ area: { x, y, w, h } }) => {
      const around = { x: x - CLEAR, y, w: w + 2 * CLEAR, h };
      const fits = x + w <= state.x + state.w - METRICS.padding;
      return fits && edges.every((edge) => !runsThrough(edge, around) && !(edge.label && overlap(edge.label, around)));
    });
  for (let indent = 0; indent < state.w; indent += CLEAR) {
    if (isFree(indent)) return indent === 0 ? state : { ...state, indent };
  }
  return state;
}

/** Whether two areas share anything. */
export function overlap(one: Area, other: Area): boolean {
  return one.x < other.x + other.w && other.x < one.x + one.w && one.y < other.y + other.h && other.y < one.y + one.h;
}
