/** The chart, drawn once for each view; what is active and what was taken are classes on it. */
import { type Layout, svg } from '../../diagram/index.js';
import { activeIn, type Chart, chartOf } from '../model/charts.js';
import { changedState, viewWith } from '../model/following.js';
import type { Moment, Track } from '../model/tracks.js';
import { spaced } from '../model/words.js';
import { button, fill, h, rove, select } from './dom.js';
import { outline } from './outline.js';

const STATES = 'g[data-state]';

/** At first a picture is as wide as the page, and the overview all of it, unless nobody could read it. */
const ZOOM = { step: 1.2, least: 0.25, most: 2.5, fit: [0.62, 1.15], overview: 0.45, margin: 24 } as const;

/** The part of the page that shows the chart. */
export class ChartView {
  readonly element: HTMLElement;
  readonly #tabs = h('div', { role: 'tablist', 'aria-label': 'Views of the chart', class: 'views' });
  readonly #canvas = h('div', { class: 'canvas', role: 'tabpanel', 'aria-label': 'The chart', tabindex: 0 });
  readonly #onChoose: (id: string) => void;
  readonly #drawn = new Map<Layout, SVGSVGElement>();
  #chart: Chart | undefined;
  #view = '';
  #layout: Layout | undefined;
  /** Null is as at first. */
  #zoom: number | null = null;
  #shown: Moment | undefined;
  #track: Track | undefined;
  #chosen: string | null = null;
  /** Whether the view follows what happens; until a reader chooses one. */
  #follows = false;
  readonly #follow = button('Follow', () => this.follow(!this.#follows), {
    'aria-pressed': 'false',
    title: 'Shows the state that changed, in whichever view has it',
  });
  /** The rows that a reader asks about. */
  #asked: ReadonlySet<string> = new Set();

  constructor(onChoose: (id: string) => void) {
    this.#onChoose = onChoose;
    this.element = h('section', { class: 'stage', 'aria-label': 'Chart' }, this.#tabs, this.#canvas);
    rove(this.#tabs);
    new ResizeObserver(() => this.#scale()).observe(this.#canvas);
    this.#canvas.addEventListener(
      'wheel',
      (event) => {
        if (!event.ctrlKey && !event.metaKey) return;
        event.preventDefault();
        this.#zoomBy(event.deltaY < 0 ? ZOOM.step : 1 / ZOOM.step);
      },
      { passive: false },
    );
    this.show(chartOf('shard'));
  }

  /** Changes to another chart; undefined for one that has no pictures. */
  show(chart: Chart | undefined): void {
    if (chart !== undefined && chart === this.#chart) return;
    this.#chart = chart;
    this.#shown = undefined;
    const views = Object.keys(chart?.layouts ?? {});
    const tabs = views.map((view) =>
      button(NAMES[view] ?? spaced(view), () => this.#choose(view), { role: 'tab', data: { view } }),
    );
    const zoom = h(
      'div',
      { class: 'zoom' },
      this.#follow,
      button('−', () => this.#zoomBy(1 / ZOOM.step), { 'aria-label': 'Zoom out', title: 'Zoom out (Ctrl and wheel)' }),
      button('Fit', () => this.#fit(), {
        'aria-label': 'Fit the whole chart',
        title: 'All of it, or as wide as the page',
      }),
      button('+', () => this.#zoomBy(ZOOM.step), { 'aria-label': 'Zoom in', title: 'Zoom in (Ctrl and wheel)' }),
    );
    fill(this.#tabs, ...tabs, chart !== undefined && zoom);
    if (chart !== undefined) this.#draw(views[0] ?? '');
  }

  /** Shows how things stood. */
  update(track: Track, moment: Moment): void {
    this.#track = track;
    const chart = chartOf(track.chart);
    if (chart === undefined) {
      this.show(undefined);
      if (moment !== this.#shown) fill(this.#canvas, outline(track.definition, moment.state));
      this.#shown = moment;
      return;
    }
    this.show(chart);
    if (moment === this.#shown) return;
    const before = this.#shown;
    const isNew = before === undefined || moment.index !== before.index;
    this.#shown = moment;
    const changed = this.#follows && isNew ? changedState(chart.id, before?.state ?? '', moment.state) : undefined;
    this.#turnTo(changed);
    this.#mark(isNew, changed);
  }

  /** The view that shows the inside of a state, if there is one. */
  static viewOf(id: string): string | undefined {
    return Object.keys(NAMES).find((view) => id.endsWith(`.${view}`));
  }

  /** Shows a view by its name. */
  open(view: string): void {
    this.#choose(view);
  }

  /** Shows a state, in this view if it is there, else in the first that has it. */
  find(id: string): void {
    const view = viewWith(this.#chart?.layouts ?? {}, this.#view, id);
    if (view !== undefined && view !== this.#view) this.#choose(view);
    this.choose(id);
    this.#scrollTo(this.#groups(`${STATES}.chosen`)[0]);
  }

  /** Follows what happens from now on, or stays with a view. */
  follow(on: boolean): void {
    this.#follows = on;
    this.#follow.setAttribute('aria-pressed', String(on));
    const [moment, chart] = [this.#shown, this.#chart];
    if (on && moment !== undefined && chart !== undefined) this.#turnTo(changedState(chart.id, '', moment.state));
  }

  /** Marks the arrows of rows, and the states that handle them without one. */
  askAbout(rows: readonly string[]): void {
    this.#asked = new Set(rows);
    this.#markAsked();
  }

  /** Shows the view that has a state. */
  #turnTo(id: string | undefined): void {
    const view = viewWith(this.#chart?.layouts ?? {}, this.#view, id);
    if (view !== undefined && view !== this.#view) this.#draw(view);
  }

  /** Marks a state that a reader asks about. */
  choose(id: string | null): void {
    this.#chosen = id;
    for (const group of this.#groups(STATES)) group.classList.toggle('chosen', group.dataset.state === id);
  }

  #choose(view: string): void {
    this.follow(false);
    this.#draw(view);
  }

  #draw(view: string): void {
    const layout = this.#chart?.layouts[view];
    if (layout === undefined) return;
    this.#view = view;
    this.#layout = layout;
    const tabs = [...this.#tabs.querySelectorAll<HTMLElement>('[role="tab"]')];
    select(
      tabs,
      tabs.findIndex((tab) => tab.dataset.view === view),
    );
    const drawing = this.#drawn.get(layout) ?? this.#drawing(layout);
    this.#drawn.set(layout, drawing);
    fill(this.#canvas, drawing);
    this.#canvas.scrollTo(0, 0);
    this.#scale();
    this.#mark(false);
    this.#markAsked();
    this.choose(this.#chosen);
    this.#scrollTo(this.#groups(`${STATES}.active`).at(-1));
  }

  /** A picture of our own making: no trace has a part in it. */
  #drawing(layout: Layout): SVGSVGElement {
    // Its style is in the page's own, which alone may be.
    const text = svg(layout).replace(/<style>[\s\S]*?<\/style>/, '');
    const parsed = new DOMParser().parseFromString(text, 'image/svg+xml');
    const picture = document.importNode(parsed.documentElement, true) as unknown as SVGSVGElement;
    picture.setAttribute('role', 'group');
    const titles = new Map(layout.states.map(({ id, title }) => [id, title]));
    for (const group of picture.querySelectorAll<SVGGElement>(STATES)) {
      const { state = '' } = group.dataset;
      group.setAttribute('tabindex', '0');
      group.setAttribute('role', 'button');
      group.setAttribute('aria-label', `${titles.get(state) ?? state}: what it is for`);
      group.addEventListener('click', (event) => {
        event.stopPropagation();
        this.#onChoose(state);
      });
      group.addEventListener('keydown', (event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        event.stopPropagation();
        this.#onChoose(state);
      });
    }
    return picture;
  }

  #groups(selector: string): readonly SVGGElement[] {
    return [...this.#canvas.querySelectorAll<SVGGElement>(selector)];
  }

  #mark(isNew: boolean, changed?: string): void {
    const [moment, layout, track] = [this.#shown, this.#layout, this.#track];
    if (moment === undefined || layout === undefined || track === undefined) return;
    const ids = activeIn(layout.chart, moment.state);
    this.#hint(ids);
    const active = new Set(ids.flatMap((id) => shownFor(layout, id) ?? []));
    const rows = new Set(moment.rows);
    for (const group of this.#groups(STATES)) {
      const isActive = active.has(group.dataset.state ?? '');
      group.classList.toggle('fresh', isNew && isActive && !group.classList.contains('active'));
      group.classList.toggle('active', isActive);
      if (isActive) group.setAttribute('aria-current', 'true');
      else group.removeAttribute('aria-current');
    }
    for (const edge of layout.edges) {
      const isTaken = edge.rows.some((row) => rows.has(row));
      const group = this.#canvas.querySelector(`g.edge[data-edge="${CSS.escape(edge.id)}"]`);
      group?.classList.toggle('taken', isTaken);
      group?.classList.toggle('fresh', isNew && isTaken);
    }
    if (isNew) this.#reveal(changed);
  }

  #markAsked(): void {
    const isAsked = ({ rows }: { readonly rows: readonly string[] }) => rows.some((row) => this.#asked.has(row));
    for (const edge of this.#layout?.edges ?? [])
      this.#canvas
        .querySelector(`g.edge[data-edge="${CSS.escape(edge.id)}"]`)
        ?.classList.toggle('asked', isAsked(edge));
    for (const state of this.#layout?.states ?? [])
      this.#canvas.querySelector(`g[data-state="${CSS.escape(state.id)}"]`)?.classList.toggle('asked', isAsked(state));
  }

  /** Says on the tabs where something is active; shows that view if a reader has chosen none. */
  #hint(active: readonly string[]): void {
    for (const tab of this.#tabs.querySelectorAll<HTMLElement>('[role="tab"]')) {
      const { view = '' } = tab.dataset;
      const isBusy = active.some((id) => id.endsWith(`.${INSIDE[view]}`));
      tab.classList.toggle('busy', isBusy && view !== this.#view);
    }
  }

  /** Scrolls to the state that changed where that is followed, else to the innermost active one, if it is out of sight. */
  #reveal(changed: string | undefined): void {
    if (!this.#follows && this.#zoom === null) return;
    const [innermost] = this.#groups(`${STATES}.active`).slice(-1);
    const group = this.#groups(STATES).find(({ dataset }) => dataset.state === changed);
    this.#scrollTo(this.#follows ? group : innermost);
  }

  /** Scrolls to a state that is out of sight. */
  #scrollTo(state: SVGGElement | undefined): void {
    if (state === undefined) return;
    const [box, frame] = [state.getBoundingClientRect(), this.#canvas.getBoundingClientRect()];
    if (box.top >= frame.top && box.bottom <= frame.bottom && box.left >= frame.left && box.right <= frame.right)
      return;
    const left = this.#canvas.scrollLeft + box.left - frame.left - (frame.width - box.width) / 2;
    const top = this.#canvas.scrollTop + box.top - frame.top - (frame.height - box.height) / 2;
    this.#canvas.scrollTo({ left, top, behavior: 'smooth' });
  }

  #zoomBy(factor: number): void {
    this.#zoomTo(Math.min(ZOOM.most, Math.max(ZOOM.least, this.#factor * factor)));
  }

  #zoomTo(zoom: number | null): void {
    this.#zoom = zoom;
    this.#scale();
  }

  /** All of the picture; if it is that already, as wide as the page and readable. */
  #fit(): void {
    this.#zoomTo(this.#factor === this.#all ? this.#wide : this.#all);
  }

  /** All of the picture. */
  get #all(): number {
    const { width = 1, height = 1 } = this.#layout ?? {};
    const { clientWidth, clientHeight } = this.#canvas;
    return Math.min(ZOOM.most, (clientWidth - ZOOM.margin) / width, (clientHeight - ZOOM.margin) / height);
  }

  /** As wide as the page. */
  get #wide(): number {
    const [least, most] = ZOOM.fit;
    return Math.max(least, Math.min(most, (this.#canvas.clientWidth - ZOOM.margin) / (this.#layout?.width ?? 1)));
  }

  get #factor(): number {
    const atFirst = this.#view === 'overview' ? Math.max(ZOOM.overview, Math.min(this.#wide, this.#all)) : this.#wide;
    return this.#zoom ?? atFirst;
  }

  #scale(): void {
    const layout = this.#layout;
    if (layout === undefined) return;
    const drawing = this.#drawn.get(layout);
    drawing?.setAttribute('width', `${Math.round(layout.width * this.#factor)}`);
    drawing?.setAttribute('height', `${Math.round(layout.height * this.#factor)}`);
  }
}

const NAMES: Readonly<Record<string, string>> = {
  overview: 'Overview',
  reaching: 'Reaching',
  open: 'Open',
  session: 'Session',
  heartbeat: 'Heartbeat',
  reading: 'Reading',
  closing: 'Closing',
  whole: 'Everything',
};

/** The state that a view shows in detail, by its last name. */
const INSIDE: Readonly<Record<string, string>> = {
  reaching: 'reaching',
  session: 'session',
  heartbeat: 'heartbeat',
  reading: 'paused',
  closing: 'closing',
};

/** The state of a picture that shows another one: itself, or the nearest around it. */
function shownFor({ states }: Layout, id: string): string | undefined {
  const fits = states.filter((state) => id === state.id || id.startsWith(`${state.id}.`));
  return fits.sort((a, b) => b.id.length - a.id.length)[0]?.id;
}
