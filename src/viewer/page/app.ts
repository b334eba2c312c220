/** The page: parts, the moment they show, and how a reader gets from one to another. */
import { type Line, linesOf } from '../model/lines.js';
import { type Moment, type Track, Witness } from '../model/tracks.js';
import { listenToRelay } from '../source/relay.js';
import { Simulation } from '../source/simulation.js';
import type { Listener, Status } from '../source/source.js';
import { AskView } from './ask.js';
import { ChartView } from './chart.js';
import { chartOfState, DetailsView } from './details.js';
import { button, fill, h, ICONS, icon, rove, select } from './dom.js';
import { helpDialog, welcome } from './help.js';
import { StepsView, TalkView } from './lists.js';
import { NowView } from './now.js';
import { SimulatorView } from './simulator.js';
import { themeSwitch } from './theme.js';
import { TransportView } from './transport.js';

/** While playing, what takes longer than this is cut short, in ms. */
const LONGEST_PAUSE = 1_500;

/** Builds the page and keeps it up to date. */
export function startApp(root: HTMLElement): void {
  new App(root).start();
}

class App implements Listener {
  readonly #root: HTMLElement;
  #witness = new Witness();
  /** The track that a reader chose, or the first. */
  #key: string | null = null;
  #cursor: number | 'head' = 'head';
  #isPlaying = false;
  #speed = 1;
  /** The time that is shown while playing, on the track's clock. */
  #time = 0;
  /** When the newest line came. */
  #heard = { at: 0, on: performance.now() };
  #isLive = false;
  #simulation: Simulation | null = null;
  #before = performance.now();
  #drawn = '';

  readonly #chart = new ChartView((id) => this.#choose(id));
  readonly #now = new NowView();
  readonly #details = new DetailsView(() => this.#choose(null));
  readonly #talk = new TalkView((moment) => this.#go(moment));
  readonly #steps = new StepsView((moment) => this.#go(moment));
  readonly #ask = new AskView(
    (id) => this.#point(id),
    () => this.#markAnswer(),
  );
  readonly #sim = new SimulatorView({ act: () => this.#act(), goOn: () => this.#go('head') });
  readonly #transport = new TransportView({
    go: (to) => this.#go(to),
    play: (on) => this.#play(on),
    speed: (factor) => {
      this.#speed = factor;
    },
  });
  readonly #source = h('p', { class: 'source', role: 'status' }, 'No run is shown yet');
  readonly #actors = h('select', { 'aria-label': 'Actor', hidden: true });
  readonly #file = h('input', { type: 'file', accept: '.jsonl,.json,.ndjson,.txt', hidden: true });
  readonly #help = helpDialog();
  readonly #welcome = welcome({
    simulate: () => this.#simulate(),
    open: () => this.#file.click(),
    ask: () => this.#askNow(),
  });
  readonly #panels = [this.#talk.element, this.#steps.element, this.#ask.element];
  readonly #tabs: readonly HTMLElement[];

  constructor(root: HTMLElement) {
    this.#root = root;
    this.#tabs = ['Conversation', 'Steps', 'What if …'].map((title, at) =>
      button(title, () => this.#tab(at), { role: 'tab' }),
    );
  }

  start(): void {
    this.#build();
    this.#tab(0);
    this.#listen();
    if (!listenToRelay(this) && new URLSearchParams(location.hash.slice(1)).has('simulate')) this.#simulate();
    const frame = () => {
      this.#tick();
      requestAnimationFrame(frame);
    };
    frame();
  }

  // What comes in

  line(line: Line): void {
    this.#witness.take(line);
    this.#heard = { at: this.#witness.time, on: performance.now() };
    if (line.type === 'difference') this.#show(line.actor ?? '');
  }

  /** Goes to where a replay differs. */
  #show(key: string): void {
    const { difference } = this.#witness.tracks.get(key) ?? {};
    if (!difference) return;
    this.#key = key;
    this.#tab(1);
    this.#go(difference.moment);
  }

  strange(): void {
    this.#witness.strange += 1;
  }

  status({ kind, says }: Status): void {
    this.#isLive = kind === 'live';
    this.#source.dataset.kind = kind;
    this.#source.textContent = says;
    this.#source.title = says;
  }

  #simulate(): void {
    this.#reset();
    this.#simulation = new Simulation(this);
    this.#chart.follow(true);
    this.#sim.show(this.#simulation);
    this.#simulation.start();
  }

  async #open(file: File): Promise<void> {
    const { lines, strange } = linesOf(await file.text());
    if (lines.length === 0) {
      this.#say(`${file.name} holds no trace: record one with the option record of createShard`);
      return;
    }
    this.#reset();
    this.#chart.follow(false);
    for (const line of lines) this.#witness.take(line);
    this.#witness.strange = strange;
    const left = strange === 0 ? '' : `, ${strange} lines that make no sense left out`;
    this.status({ kind: 'file', says: `${file.name}: ${lines.length} lines${left}` });
    this.#go(0);
  }

  #reset(): void {
    this.#simulation?.end();
    this.#simulation = null;
    this.#sim.show(null);
    this.#witness = new Witness();
    this.#key = null;
    this.#cursor = 'head';
    this.#isPlaying = false;
    this.#drawn = '';
    this.#choose(null);
    this.#tab(0);
  }

  // Where a reader is

  get #track(): Track | undefined {
    const { tracks } = this.#witness;
    const chosen = this.#key === null ? undefined : tracks.get(this.#key);
    return chosen ?? [...tracks.values()].find(({ moments }) => moments.length > 0);
  }

  #momentOf(track: Track): Moment | undefined {
    return this.#cursor === 'head' ? track.moments.at(-1) : track.moments[this.#cursor];
  }

  #go(to: number | 'head'): void {
    const track = this.#track;
    this.#cursor = to;
    if (track === undefined) return;
    const last = track.moments.length - 1;
    if (to !== 'head') this.#cursor = Math.min(Math.max(0, to), Math.max(0, last));
    const moment = this.#momentOf(track);
    this.#time = moment?.at ?? 0;
    this.#transport.standAt(moment?.index ?? 0);
    if (this.#simulation !== null) this.#simulation.isPaused = to !== 'head';
    if (to === 'head') this.#isPlaying = false;
  }

  /** Orders are carried out now, whatever moment is shown. */
  #act(): void {
    if (this.#cursor !== 'head') this.#say('Back at the newest: the simulation does what you order now.');
    this.#go('head');
  }

  #play(on: boolean): void {
    const track = this.#track;
    if (track === undefined) return;
    // From the end it begins anew.
    if (on && (this.#cursor === 'head' || this.#cursor >= track.moments.length - 1)) this.#go(0);
    this.#isPlaying = on;
    this.#before = performance.now();
  }

  #choose(id: string | null): void {
    const view = id === null ? undefined : ChartView.viewOf(id);
    const inside = view === undefined ? undefined : () => this.#chart.open(view);
    this.#details.show(id === null ? undefined : chartOfState(id), id, inside);
    this.#chart.choose(id);
  }

  /** Shows a state in the chart, and leaves the answers where they are. */
  #point(id: string): void {
    this.#choose(null);
    this.#chart.find(id);
  }

  #tab(at: number): void {
    select(this.#tabs, at);
    for (const [each, panel] of this.#panels.entries()) {
      const host = panel.parentElement;
      if (host !== null) host.hidden = each !== at;
    }
    this.#drawn = '';
    this.#draw(this.#track); // not with the next frame: what it held before is out of date
    if (at === 0) this.#talk.reveal();
    if (at === 1) this.#steps.reveal();
    if (at === 2) this.#ask.update(this.#state);
    this.#markAnswer();
    this.#welcome.classList.toggle('brief', at === 2);
  }

  /** The chart marks what the answer names, as long as that is read. */
  #markAnswer(): void {
    this.#chart.askAbout(this.#isHidden(2) ? [] : this.#ask.rows);
  }

  #askNow(): void {
    this.#tab(2);
    this.#ask.focus();
  }

  get #state(): string {
    const track = this.#track;
    return (track === undefined ? undefined : this.#momentOf(track)?.state) ?? '';
  }

  // Time

  #tick(): void {
    const now = performance.now();
    const passed = now - this.#before;
    this.#before = now;
    this.#simulation?.tick();
    const track = this.#track;
    if (track !== undefined && this.#isPlaying) this.#advance(track, passed * this.#speed);
    this.#draw(track);
  }

  #advance(track: Track, ms: number): void {
    const at = this.#cursor === 'head' ? track.moments.length - 1 : this.#cursor;
    const next = track.moments[at + 1];
    if (next === undefined) {
      this.#go('head');
      return;
    }
    this.#time = Math.max(this.#time + ms, next.at - LONGEST_PAUSE);
    let cursor = at;
    while (cursor + 1 < track.moments.length && (track.moments[cursor + 1]?.at ?? 0) <= this.#time) cursor += 1;
    if (cursor !== at) this.#cursor = cursor;
  }

  /** The time that is shown, on the clock of the track. */
  #clockOf(track: Track, moment: Moment): number {
    const isHead = moment.index === track.moments.length - 1 && this.#cursor === 'head';
    if (isHead && this.#simulation !== null && moment.kind !== 'end') return Math.max(moment.at, this.#simulation.now);
    if (isHead && this.#isLive && !track.isInspected && moment.kind !== 'end') {
      return Math.max(moment.at, this.#heard.at + performance.now() - this.#heard.on);
    }
    return this.#isPlaying ? Math.max(moment.at, this.#time) : moment.at;
  }

  // The page

  #draw(track: Track | undefined): void {
    const moment = track === undefined ? undefined : this.#momentOf(track);
    this.#welcome.hidden = track !== undefined;
    if (track === undefined || moment === undefined) return;
    const isHead = this.#cursor === 'head' || this.#cursor === track.moments.length - 1;
    const at = this.#clockOf(track, moment);
    this.#now.update(track, moment, at);
    this.#chart.update(track, moment);
    this.#sim.update(this.#simulation === null ? '' : (track.moments.at(-1)?.state ?? ''));
    this.#transport.update(track, moment.index, at, { isPlaying: this.#isPlaying, isHead: this.#cursor === 'head' });
    const drawn = `${track.key} ${track.began} ${moment.index} ${this.#cursor} ${isHead ? this.#witness.version : ''}`;
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    const shown = { track, moment, isHead };
    if (!this.#isHidden(0)) this.#talk.update(shown);
    if (!this.#isHidden(1)) this.#steps.update(shown);
    if (!this.#isHidden(2)) this.#ask.update(moment.state);
    this.#listActors(track);
  }

  #isHidden(panel: number): boolean {
    return this.#panels[panel]?.parentElement?.hidden !== false;
  }

  #listActors(shown: Track): void {
    const tracks = [...this.#witness.tracks.values()].filter(({ moments }) => moments.length > 0);
    this.#actors.hidden = tracks.length < 2;
    const names = tracks.map(({ name }, at) => `${at + 1}. ${name}`);
    if (names.join() !== [...this.#actors.options].map(({ text }) => text).join()) {
      fill(this.#actors, ...tracks.map(({ key }, at) => h('option', { value: key }, names[at])));
    }
    this.#actors.value = shown.key;
  }

  #build(): void {
    const bar = h(
      'header',
      { class: 'bar' },
      h('h1', {}, icon(ICONS.chart), 'gatechart'),
      this.#source,
      this.#actors,
      h(
        'div',
        { class: 'actions' },
        button('Simulate', () => this.#simulate(), { title: 'A shard and a simulated Gateway, in this page' }),
        button('Open a trace', () => this.#file.click(), { title: 'Or drop a file anywhere on this page' }),
        themeSwitch(),
        button('?', () => this.#help.showModal(), { 'aria-label': 'Help', title: 'Help (?)' }),
      ),
    );
    const list = h('div', { role: 'tablist', 'aria-label': 'What happened' }, this.#tabs);
    rove(list);
    const tabs = h(
      'section',
      { class: 'tabs' },
      list,
      this.#panels.map((panel) => h('div', { role: 'tabpanel', tabindex: 0 }, panel)),
    );
    const side = h('aside', {}, this.#welcome, this.#now.element, this.#details.element, tabs);
    this.#chart.element.append(this.#sim.element);
    fill(this.#root, bar, this.#chart.element, side, this.#transport.element, this.#file, this.#help);
    this.#file.addEventListener('change', () => {
      const [file] = this.#file.files ?? [];
      if (file !== undefined) void this.#open(file);
      this.#file.value = '';
    });
    this.#actors.addEventListener('change', () => {
      this.#key = this.#actors.value;
      this.#drawn = '';
      this.#go('head');
    });
  }

  #listen(): void {
    const dropHere = h('div', { class: 'drop-here', hidden: true }, 'Drop the trace here');
    document.body.append(dropHere);
    const hasFile = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    addEventListener('dragover', (event) => {
      if (!hasFile(event)) return;
      event.preventDefault();
      dropHere.hidden = false;
    });
    addEventListener('dragleave', (event) => {
      if (event.relatedTarget === null) dropHere.hidden = true;
    });
    addEventListener('drop', (event) => {
      event.preventDefault();
      dropHere.hidden = true;
      const [file] = event.dataTransfer?.files ?? [];
      if (file !== undefined) void this.#open(file);
    });
    addEventListener('keydown', (event) => this.#press(event));
  }

  #press(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    if (event.ctrlKey || event.metaKey || event.altKey || this.#help.open) return;
    if (target.matches('select, input:not([type="range"])')) return;
    if (event.key === ' ' && target.matches('button, [role="button"]')) return;
    const act = KEYS[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act({
      step: (by) => this.#transport.step(by),
      chapter: (by) => this.#transport.chapter(by),
      go: (to) => this.#go(to),
      toggle: () => this.#play(!this.#isPlaying),
      help: () => this.#help.showModal(),
      close: () => this.#choose(null),
    });
  }

  #say(text: string): void {
    document.querySelector('.toast')?.remove();
    const toast = h('p', { class: 'toast', role: 'alert' }, text);
    document.body.append(toast);
    setTimeout(() => toast.remove(), 6_000);
  }
}

interface Acts {
  step(by: number): void;
  chapter(by: number): void;
  go(to: number | 'head'): void;
  toggle(): void;
  help(): void;
  close(): void;
}

const KEYS: Readonly<Record<string, (acts: Acts) => void>> = {
  ArrowLeft: (acts) => acts.step(-1),
  ArrowRight: (acts) => acts.step(1),
  ArrowUp: (acts) => acts.chapter(-1),
  ArrowDown: (acts) => acts.chapter(1),
  Home: (acts) => acts.go(0),
  End: (acts) => acts.go('head'),
  ' ': (acts) => acts.toggle(),
  '?': (acts) => acts.help(),
  Escape: (acts) => acts.close(),
};
