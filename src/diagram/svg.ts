/**
 * Draws a layout as SVG. A pure function of data, in Node and in browsers. What stands in the picture can be found
 * again: a state's group has `data-state`, an arrow's `data-edge`, and both have `data-rows`.
 */
import { demandGiven, type Fields, isObject, isText, listOf, oneOf, type Rule } from '../../machines/kit/shape.js';
import { inMarkup } from '../telling/printable.js';
import { type Area, type Layout, METRICS, type PlacedEdge, type PlacedState } from './placed.js';
import { styleOf, type Theme } from './theme.js';
import { isBox, wordsOf } from './words.js';

/** How to draw. */
export interface SvgOptions {
  /** `auto`, unless told: light or dark as the reader's system is, and every colour can be set from outside. */
  readonly theme?: Theme;
  /** States to highlight, by their ids, with or without the chart's own before it; a state that is folded away stands for the one around it. */
  readonly states?: readonly string[];
  /** Arrows to highlight, by their own ids or those of rows that they stand for. */
  readonly edges?: readonly string[];
  /** Steps to number, each by the ids of the rows that it took; what has no part in them stands back. */
  readonly path?: readonly (readonly string[])[];
}

const LAYOUT: Rule = {
  says: 'a layout, such as those in SHARD_LAYOUTS or of layoutOf()',
  holds: (value) => isObject(value) && 'width' in value && 'edges' in value,
};
const OPTIONS: Fields = {
  fields: {
    theme: oneOf('auto', 'light', 'dark'),
    states: listOf(isText),
    edges: listOf(isText),
    path: listOf(listOf(isText)),
  } satisfies Record<keyof SvgOptions, Rule>,
};

/** Draws a layout: the text of a file, or of an element in a page. */
export function svg(layout: Layout, options: SvgOptions = {}): string {
  demandGiven('the layout', layout, LAYOUT);
  demandGiven('', options, OPTIONS);
  const { width, height, title } = layout;
  const id = `gatechart-${layout.chart}-${title}`.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  const marks = new Marks(layout, options);
  const composites = layout.states.filter((state) => isAround(state, layout));
  const simple = layout.states.filter((state) => !composites.includes(state));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="gatechart" role="img" aria-labelledby="${id}-title ${id}-desc" ` +
      `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<title id="${id}-title">${inMarkup(title)}</title>`,
    `<desc id="${id}-desc">${inMarkup(inWords(layout))}</desc>`,
    `<style>${styleOf(options.theme ?? 'auto')}</style>`,
    `<rect class="page" width="${width}" height="${height}"/>`,
    ...composites.map((state) => drawState(state, marks.on(state))),
    ...layout.edges.map((edge) => drawEdge(edge, marks.on(edge), groundOf(layout, edge))),
    ...composites.map((state) => drawHeading(state, marks.on(state))),
    ...simple.map((state) => drawState(state, marks.on(state)) + drawHeading(state, marks.on(state))),
    ...layout.edges.map((edge) => badges(onLine(edge), marks.on(edge).steps)),
    ...layout.states.map((state) => badges(onCorner(state), marks.on(state).steps)),
    '</svg>\n',
  ]
    .filter((line) => line !== '')
    .join('\n');
}

const isAround = ({ id }: PlacedState, { states }: Layout) => states.some(({ parent }) => parent === id);

/** What is special about a state or an arrow. */
interface Mark {
  readonly classes: readonly string[];
  /** The numbers of the steps that led through it. */
  readonly steps: readonly number[];
}

class Marks {
  readonly #states: ReadonlySet<string>;
  readonly #edges: ReadonlySet<string>;
  /** The numbers of the steps that took a row. */
  readonly #steps: ReadonlyMap<string, readonly number[]> | undefined;
  /** The states at either end of a numbered arrow. */
  readonly #visited: ReadonlySet<string>;

  constructor(layout: Layout, { states = [], edges = [], path }: Pick<SvgOptions, 'states' | 'edges' | 'path'>) {
    this.#states = new Set(states.flatMap((id) => shownFor(layout, id) ?? []));
    this.#edges = new Set(edges);
    this.#steps = path && stepsByRow(path);
    const taken = layout.edges.filter((edge) => this.#stepsOf(edge).length > 0);
    const visited = taken.flatMap(({ from, to }) => [from, to]).flatMap((id) => around(layout, id));
    this.#visited = new Set(visited);
  }

  on(item: PlacedState | PlacedEdge): Mark {
    const steps = this.#stepsOf(item);
    const isEdge = 'points' in item;
    const isTaken =
      isEdge && (steps.length > 0 || this.#edges.has(item.id) || item.rows.some((row) => this.#edges.has(row)));
    const isActive = !isEdge && this.#states.has(item.id);
    const isAside =
      this.#steps !== undefined && steps.length === 0 && !isTaken && !isActive && !this.#visited.has(item.id);
    return {
      classes: [...(isTaken ? ['taken'] : []), ...(isActive ? ['active'] : []), ...(isAside ? ['aside'] : [])],
      steps,
    };
  }

  #stepsOf({ rows }: { readonly rows: readonly string[] }): readonly number[] {
    return [...new Set(rows.flatMap((row) => this.#steps?.get(row) ?? []))].sort((a, b) => a - b);
  }
}

function stepsByRow(path: readonly (readonly string[])[]): Map<string, number[]> {
  const steps = new Map<string, number[]>();
  for (const [i, rows] of path.entries()) for (const row of rows) steps.set(row, [...(steps.get(row) ?? []), i + 1]);
  return steps;
}

/** The state of a picture that shows another one: itself, or the nearest around it. */
function shownFor({ chart, states }: Layout, id: string): string | undefined {
  const full = id === chart || id.startsWith(`${chart}.`) ? id : `${chart}.${id}`;
  const fits = states.filter((state) => full === state.id || full.startsWith(`${state.id}.`));
  return fits.sort((a, b) => b.id.length - a.id.length)[0]?.id;
}

/** A state and those drawn around it. */
function around({ states }: Layout, id: string | null): string[] {
  const state = states.find((each) => each.id === id);
  return state === undefined ? [] : [state.id, ...around({ states } as Layout, state.parent)];
}

function drawState({ id, x, y, w, h, kind, isFolded, says, rows }: PlacedState, { classes }: Mark): string {
  const rect = (by: number, radius: number) =>
    `<rect x="${x + by}" y="${y + by}" width="${w - 2 * by}" height="${h - 2 * by}" rx="${radius}"/>`;
  return group(['state', kind, ...simplicity(kind), ...classes], { state: id, rows: rows.join('; ') }, [
    ...(says === undefined ? [] : [`<title>${inMarkup(says)}</title>`]),
    ...(isFolded ? [`<rect x="${x + 4}" y="${y + 4}" width="${w}" height="${h}" rx="8"/>`] : []),
    rect(0, 8),
    ...(kind === 'final' ? [rect(3, 6)] : []),
  ]);
}

/** Where nothing is drawn inside. */
const simplicity = (kind: PlacedState['kind']) => (kind === 'state' || kind === 'final' ? ['simple'] : []);

/** The words of a state; above the arrows that lead into it. */
function drawHeading(state: PlacedState, { classes }: Mark): string {
  const anchor = isBox(state) ? '' : ' text-anchor="middle"';
  const [title, ...lines] = wordsOf(state);
  return group(['heading', state.kind, ...classes], {}, [
    `<text class="name" x="${title?.x}" y="${title?.y}" dy=".35em"${anchor}>${inMarkup(state.title)}</text>`,
    ...lines.map(({ text, x, y }) => `<text x="${x}" y="${y}" dy=".35em"${anchor}>${worded(text)}</text>`),
  ]);
}

function drawEdge(edge: PlacedEdge, { classes }: Mark, ground: string): string {
  const { id, from, points, label, rows } = edge;
  const [start] = points;
  return group(['edge', ...classes], { edge: id, rows: rows.join('; ') }, [
    ...(from === null && start ? [`<circle class="dot" cx="${start[0]}" cy="${start[1]}" r="5"/>`] : []),
    `<path class="line" d="${rounded(points)}"/>`,
    `<path class="head" d="${arrowhead(points)}"/>`,
    ...(label === undefined ? [] : drawLabel(label, ground)),
  ]);
}

/** On its line, which it hides where the words stand. */
function drawLabel({ x, y, w, h, lines }: NonNullable<PlacedEdge['label']>, ground: string): string[] {
  const words = lines.map((line, i) => {
    const at = y + (h - lines.length * METRICS.text.line) / 2 + (i + 0.5) * METRICS.text.line;
    return `<text x="${x + w / 2}" y="${at}" dy=".35em" text-anchor="middle">${worded(line)}</text>`;
  });
  return [`<rect class="${ground}" x="${x}" y="${y}" width="${w}" height="${h}" rx="4"/>`, ...words];
}

/** The class of what lies behind a label: the innermost composite state around it. */
function groundOf({ states }: Layout, { label }: PlacedEdge): string {
  const isBehind = ({ x, y, w, h }: Area) =>
    label !== undefined && x <= label.x && y <= label.y && x + w >= label.x + label.w && y + h >= label.y + label.h;
  const kind = states.findLast((state) => isBehind(state))?.kind;
  return kind === 'region' ? 'on-region' : kind === 'composite' ? 'on-box' : 'page';
}

function group(classes: readonly string[], data: Readonly<Record<string, string>>, content: readonly string[]): string {
  const attributes = Object.entries(data).filter(([, value]) => value !== '');
  const written = attributes.map(([name, value]) => ` data-${name}="${inMarkup(value)}"`).join('');
  return `<g class="${classes.join(' ')}"${written}>${content.join('')}</g>`;
}

/** Timers, guards and actions have a colour of their own. */
function worded(line: string): string {
  return line
    .split(/(timer\.\w+|(?:or )?\[[^\]]*\]|\/ .*)/)
    .filter((part) => part !== '')
    .map((part) => {
      const kind = part.startsWith('timer.')
        ? 'timer'
        : /^(or )?\[/.test(part)
          ? 'guard'
          : part.startsWith('/ ')
            ? 'action'
            : undefined;
      return kind === undefined ? inMarkup(part) : `<tspan class="${kind}">${inMarkup(part)}</tspan>`;
    })
    .join('');
}

type Point = readonly [x: number, y: number];

const BEND = 6;
const HEAD = { length: 8, width: 8 };

/** A line with rounded corners, which ends where the head begins. */
function rounded(points: readonly Point[]): string {
  const short = [...points.slice(0, -1), towards(points.at(-1), points.at(-2), HEAD.length - 1)];
  return short
    .map((point, i) => {
      const [before, after] = [short[i - 1], short[i + 1]];
      if (before === undefined) return `M${point.join(' ')}`;
      if (after === undefined) return `L${point.join(' ')}`;
      const radius = Math.min(BEND, distance(before, point) / 2, distance(point, after) / 2);
      return `L${towards(point, before, radius).join(' ')}Q${point.join(' ')} ${towards(point, after, radius).join(' ')}`;
    })
    .join('');
}

function arrowhead(points: readonly Point[]): string {
  const [tip, before] = [points.at(-1), points.at(-2)];
  if (tip === undefined || before === undefined) return '';
  const [x, y] = towards(tip, before, HEAD.length);
  const [across, along] = [(y - tip[1]) / HEAD.length, (tip[0] - x) / HEAD.length]; // at a right angle to the line
  const half = HEAD.width / 2;
  const corners = [tip, [x + across * half, y + along * half], [x - across * half, y - along * half]];
  return `M${corners.map((corner) => corner.map(tidy).join(' ')).join('L')}Z`;
}

/** The point at a distance from one towards another. */
function towards(from: Point | undefined, to: Point | undefined, far: number): Point {
  if (from === undefined || to === undefined) return from ?? to ?? [0, 0];
  const share = far / (distance(from, to) || 1);
  return [tidy(from[0] + (to[0] - from[0]) * share), tidy(from[1] + (to[1] - from[1]) * share)];
}

const distance = ([ax, ay]: Point, [bx, by]: Point) => Math.hypot(bx - ax, by - ay);
const tidy = (value: number) => Math.round(value * 10) / 10;

/** Where the numbers of an arrow go: above its label, else on its longest stretch. */
function onLine({ points, label }: PlacedEdge): Point {
  if (label !== undefined) return [label.x + label.w / 2, label.y - BADGE / 2 + 1];
  const stretches = points.slice(1).map((point, i) => [points[i] as Point, point] as const);
  const [longest] = stretches.sort((a, b) => distance(...b) - distance(...a));
  return longest === undefined ? [0, 0] : towards(longest[0], longest[1], distance(...longest) / 2);
}

const onCorner = ({ x, y, w }: Area): Point => [x + w - 12, y];

const BADGE = 18;

function badges([x, y]: Point, steps: readonly number[]): string {
  if (steps.length === 0) return '';
  const text = steps.length <= 4 ? steps.join(', ') : `${steps.slice(0, 3).join(', ')}, … ${steps.at(-1)}`;
  const width = Math.max(BADGE, text.length * 7 + 8);
  return (
    `<g class="step"><rect x="${tidy(x - width / 2)}" y="${tidy(y - BADGE / 2)}" width="${width}" height="${BADGE}" rx="9"/>` +
    `<text x="${x}" y="${y}" dy=".35em">${text}</text></g>`
  );
}

/** The picture for those who cannot see it. */
function inWords({ states, edges }: Layout): string {
  const title = (id: string | null) => states.find((state) => state.id === id)?.title ?? 'the beginning';
  return edges
    .map(({ from, to, label }) => {
      const words = label === undefined ? '' : `: ${label.lines.join(' ')}`;
      return `${title(from)} to ${title(to)}${words}.`;
    })
    .join(' ');
}
