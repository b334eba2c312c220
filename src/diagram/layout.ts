/**
 * Where everything of a view stands, as plain data. The layouts of our own charts are made ahead (layouts/), so that
 * drawing them needs no layout library; for any other chart `layoutOf` makes one with ELK, which it is handed.
 */

import type { AnyStateMachine, AnyStateNode } from 'xstate';
import { rowId, rowsFrom, stateNodesOf } from '../../machines/kit/rows.js';
import { demandGiven, withMethods } from '../../machines/kit/shape.js';
import { lineage } from '../telling/resting-states.js';
import { type Edge, isWithin } from './edges.js';
import { insideOf, linesOf, type Wording } from './labels.js';
import { type Area, type Layout, METRICS, type PlacedEdge, type PlacedState } from './placed.js';
import { relativeTo, Scene, type View } from './scene.js';
import { besideArrows } from './words.js';

/** What is needed of ELK: `new ELK()` of the package `elkjs` fits. */
export interface Elk {
  layout(graph: never): Promise<unknown>;
}

/** Columns after which a label, or a line in a state, goes on in the next line. */
const LABEL_WIDTH = 24;
const LINE_WIDTH = 30;

const ELK = { says: 'new ELK() of the package elkjs', holds: withMethods('layout').holds };

/**
 * Lays a view of a chart out, always in the same way for the same chart and version of ELK. Throws a `ViewError` for a
 * state that the chart has not.
 */
export async function layoutOf(machine: AnyStateMachine, view: View, elk: Elk): Promise<Layout> {
  demandGiven('elk', elk, ELK);
  const sketch = new Sketch(new Scene(machine, view), view);
  const placed = (await elk.layout(sketch.graph() as never)) as ElkGraph;
  return { chart: machine.id, title: view.title ?? machine.id, ...sketch.placed(placed) };
}

interface ElkNode {
  readonly id: string;
  readonly x?: number;
  readonly y?: number;
  readonly width?: number;
  readonly height?: number;
  readonly children?: readonly ElkNode[];
  readonly layoutOptions?: Readonly<Record<string, string>>;
}

interface ElkPoint {
  readonly x: number;
  readonly y: number;
}

interface ElkEdge {
  readonly id: string;
  readonly sources: readonly string[];
  readonly targets: readonly string[];
  readonly labels?: readonly {
    readonly text: string;
    readonly x?: number;
    readonly y?: number;
    readonly width: number;
    readonly height: number;
  }[];
  readonly sections?: readonly {
    readonly startPoint: ElkPoint;
    readonly bendPoints?: readonly ElkPoint[];
    readonly endPoint: ElkPoint;
  }[];
}

interface ElkGraph extends ElkNode {
  readonly edges?: readonly ElkEdge[];
}

/** For the picture and each composite state: ELK hands nothing down. */
const BOX_OPTIONS = {
  'elk.spacing.nodeNode': '28',
  'elk.spacing.edgeNode': '16',
  'elk.spacing.edgeEdge': '12',
  'elk.spacing.edgeLabel': '4',
  'elk.spacing.labelLabel': '6',
  'elk.layered.spacing.nodeNodeBetweenLayers': '28',
  'elk.layered.spacing.edgeNodeBetweenLayers': '16',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '12',
  'elk.layered.thoroughness': '30',
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
  'elk.layered.cycleBreaking.strategy': 'DEPTH_FIRST', // the initial state stands first
};

const PICTURE_OPTIONS = {
  ...BOX_OPTIONS,
  'elk.algorithm': 'layered',
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.json.shapeCoords': 'ROOT',
  'elk.json.edgeCoords': 'ROOT',
  'elk.randomSeed': '1',
  // What the chart names first stands first. ELK 0.12 fails if composite states want that too.
  'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
  'elk.layered.cycleBreaking.strategy': 'MODEL_ORDER',
  'elk.padding': `[top=${METRICS.margin},left=${METRICS.margin},bottom=${METRICS.margin},right=${METRICS.margin}]`,
};

/** The dot that an initial arrow begins at. */
const DOT = 10;
const dotOf = (node: AnyStateNode) => `${node.id}:initial`;

class Sketch {
  readonly #states: Omit<PlacedState, keyof Area>[] = [];
  readonly #edges: (Omit<PlacedEdge, 'points' | 'label'> & { readonly lines: readonly string[] })[] = [];
  readonly #nodes: ElkNode[];
  readonly #direction: string;
  readonly #wording: Omit<Wording, 'width'>;

  constructor(
    readonly scene: Scene,
    view: View,
  ) {
    this.#direction = (view.direction ?? 'down').toUpperCase();
    this.#wording = { most: view.events ?? Number.POSITIVE_INFINITY, groups: view.groups ?? {} };
    const { top, topIsBox, outside } = scene;
    this.#nodes = [
      ...outside.filter(this.#comesFirst).map((node) => this.#node(node, null)),
      ...(topIsBox ? [this.#node(top, null)] : this.#inside(top, null)),
      ...outside.filter((node) => !this.#comesFirst(node)).map((node) => this.#node(node, null)),
    ];
    for (const edge of scene.edges) if (!edge.isInternal) this.#edges.push(this.#edge(edge));
  }

  graph(): ElkGraph {
    return {
      id: 'picture',
      layoutOptions: { ...PICTURE_OPTIONS, 'elk.direction': this.#direction },
      children: this.#nodes,
      edges: this.#edges.map(({ id, from, to, lines }) => ({
        id,
        sources: [from ?? `${lineageIn(this.scene, to)}:initial`],
        targets: [to],
        labels: lines.length === 0 ? [] : [{ ...labelOf(lines), layoutOptions: { 'elk.edgeLabels.inline': 'true' } }],
      })),
    };
  }

  placed({
    width = 0,
    height = 0,
    children = [],
    edges = [],
  }: ElkGraph): Pick<Layout, 'width' | 'height' | 'states' | 'edges'> {
    const areas = new Map(flat(children).map((node) => [node.id, areaOf(node)]));
    const lines = new Map(edges.map((edge) => [edge.id, edge]));
    const placed = this.#edges.map(({ lines: words, ...edge }): PlacedEdge => {
      const { sections = [], labels = [] } = lines.get(edge.id) as ElkEdge;
      const points = sections.flatMap(({ startPoint, bendPoints = [], endPoint }) => [
        startPoint,
        ...bendPoints,
        endPoint,
      ]);
      const [label] = labels;
      return {
        ...edge,
        points: points.map(({ x, y }) => [round(x), round(y)] as const),
        ...(label === undefined ? {} : { label: { ...areaOf(label), lines: words } }),
      };
    });
    return {
      width: Math.ceil(width),
      height: Math.ceil(height),
      states: this.#states.map((state) => besideArrows({ ...state, ...(areas.get(state.id) as Area) }, placed)),
      edges: placed,
    };
  }

  /** Whether a state outside is only come from. */
  readonly #comesFirst = (node: AnyStateNode): boolean => this.scene.edges.every(({ to }) => to !== node);

  #inside(node: AnyStateNode, parent: string | null): ElkNode[] {
    const initial = this.scene.initialOf(node);
    if (initial !== undefined)
      this.#edges.push({ id: `-> ${initial.id}`, from: null, to: initial.id, lines: [], rows: [] });
    return [
      ...(initial === undefined ? [] : [{ id: dotOf(node), width: DOT, height: DOT }]),
      ...Object.values(node.states).map((child) => this.#node(child, parent)),
    ];
  }

  #node(node: AnyStateNode, parent: string | null): ElkNode {
    const isComposite = this.scene.isComposite(node);
    const kind = this.#kindOf(node);
    const title = kind === 'outside' ? relativeTo(this.scene.top, node) || node.key : node.key;
    const isFolded = this.scene.isFolded(node) && kind !== 'outside';
    const lines = kind === 'outside' ? [] : this.#linesIn(node);
    const says = node.description;
    this.#states.push({
      id: node.id,
      parent,
      kind,
      ...(isFolded ? { isFolded } : {}),
      title,
      lines,
      ...(says === undefined ? {} : { says }),
      rows: kind === 'outside' ? [] : this.#rowsIn(node),
    });
    const { padding, title: head, text } = METRICS;
    const width = Math.max(title.length * head.character, ...lines.map((line) => line.length * text.character));
    const top = padding / 2 + head.line + (lines.length === 0 ? 0 : lines.length * text.line + padding / 2);
    const [w, h] = [Math.ceil(width + 2 * padding), Math.ceil(top + padding / 2)];
    if (!isComposite) return { id: node.id, width: Math.max(w, 64), height: Math.max(h, 36) };
    return {
      id: node.id,
      layoutOptions: {
        ...BOX_OPTIONS,
        'elk.direction': this.#direction,
        'elk.padding': `[top=${top + padding},left=${padding},bottom=${padding},right=${padding}]`,
        'elk.nodeSize.constraints': 'MINIMUM_SIZE',
        'elk.nodeSize.minimum': this.#direction === 'DOWN' ? `(${h},${w})` : `(${w},${h})`, // ELK 0.12 lays sideways, then turns
      },
      children: this.#inside(node, node.id),
    };
  }

  #kindOf(node: AnyStateNode): PlacedState['kind'] {
    if (!isWithin(node, this.scene.top)) return 'outside';
    if (node.parent?.type === 'parallel' && node !== this.scene.top) return 'region';
    if (this.scene.isComposite(node)) return 'composite';
    return node.type === 'final' ? 'final' : 'state';
  }

  #linesIn(node: AnyStateNode): readonly string[] {
    const stays = this.scene.edges.find(({ from, isInternal }) => isInternal && from === node);
    return insideOf(this.scene.machine, node, stays?.rows ?? [], { ...this.#wording, width: LINE_WIDTH });
  }

  /** The rows of a state, or of its folded inside, that no arrow shows. */
  #rowsIn(node: AnyStateNode): readonly string[] {
    const drawn = new Set(this.scene.edges.flatMap(({ rows, isInternal }) => (isInternal ? [] : rows)));
    const sources = this.scene.isComposite(node)
      ? [node]
      : stateNodesOf(this.scene.machine).filter((each) => isWithin(each, node));
    return sources
      .flatMap(rowsFrom)
      .filter((row) => !drawn.has(row))
      .map(rowId);
  }

  #edge({ from, to, rows }: Edge) {
    return {
      id: `${from.id} -> ${to.id}`,
      from: from.id,
      to: to.id,
      lines: linesOf(rows, { ...this.#wording, width: LABEL_WIDTH }),
      rows: rows.map(rowId),
    };
  }
}

function lineageIn({ machine }: Scene, id: string): string {
  const node = machine.getStateNodeById(id);
  return (lineage(node)[1] as AnyStateNode).id;
}

/** ELK makes no room for a label without text. */
function labelOf(lines: readonly string[]): { text: string; width: number; height: number } {
  const { character, line } = METRICS.text;
  const columns = Math.max(...lines.map(({ length }) => length));
  return { text: lines.join(' '), width: Math.ceil(columns * character) + 4, height: lines.length * line + 2 };
}

function flat(nodes: readonly ElkNode[]): ElkNode[] {
  return nodes.flatMap((node) => [node, ...flat(node.children ?? [])]);
}

function areaOf({
  x = 0,
  y = 0,
  width = 0,
  height = 0,
}: Partial<ElkPoint> & { readonly width?: number; readonly height?: number }): Area {
  return { x: round(x), y: round(y), w: round(width), h: round(height) };
}

/** Half pixels are fine enough, and the same on every machine. */
const round = (value: number) => Math.round(value * 2) / 2;
