/** Buttons for a simulated Gateway and its client. */
import { CLOSE_CODES } from '../../../machines/index.js';
import { type Deed, type Simulation, STANDING } from '../source/simulation.js';
import { button, fill, h } from './dom.js';

const SPEEDS = [0.25, 1, 5, 20];

/** The codes that show the three recoveries come first. */
const CODES = [4009, 4000, 4004, ...Object.keys(CLOSE_CODES).map(Number)].filter(
  (code, at, all) =>
    all.indexOf(code) === at && code !== 1005 && code !== 1006 && code !== 1004 && code < 5000 && code !== 1015,
);

/** The part of the page that makes things happen. */
export class SimulatorView {
  readonly element = h('section', { class: 'sim', 'aria-label': 'Simulation', hidden: true });
  readonly #pause = button('pause', () => this.#togglePause());
  readonly #start = button('connect', () => this.#do(({ start }) => start), { class: 'primary' });
  readonly #stop = button('stop', () => this.#simulation?.stop());
  readonly #detach = button('detach', () => this.#simulation?.detach());
  readonly #reconnect = button('reconnect', () => this.#simulation?.reconnect());
  readonly #skip = button('skip ahead', () => this.#skipAhead(), { title: 'To what is due next' });
  readonly #travel: { act(): void; goOn(): void };
  #simulation: Simulation | null = null;

  /** `act` is told of every order, `goOn` of the end of a pause. */
  constructor(travel: { act(): void; goOn(): void }) {
    this.#travel = travel;
    // Whoever presses a button wants to see what comes of it.
    this.element.addEventListener('click', (event) => {
      const { target } = event;
      if (target instanceof HTMLButtonElement && target !== this.#pause && target !== this.#skip) this.#travel.act();
    });
  }

  show(simulation: Simulation | null): void {
    this.#simulation = simulation;
    this.element.hidden = simulation === null;
    if (simulation !== null) fill(this.element, ...this.#content(simulation));
  }

  update(state: string): void {
    const simulation = this.#simulation;
    if (simulation === null) return;
    const isOut = state === 'stopped' || state === 'failed' || state === '';
    this.#start.disabled = !isOut;
    for (const each of [this.#stop, this.#detach, this.#reconnect]) each.disabled = isOut;
    this.#skip.disabled = simulation.isIdle;
    const text = simulation.isPaused ? 'go on' : 'pause';
    if (this.#pause.textContent !== text) this.#pause.textContent = text;
    for (const each of this.element.querySelectorAll<HTMLElement>('[data-deed]')) hint(each, simulation);
    for (const toggle of this.element.querySelectorAll<HTMLElement>('[data-fault]')) {
      toggle.setAttribute('aria-pressed', String(simulation.standing.has(toggle.dataset.fault as never)));
    }
  }

  #content(simulation: Simulation): readonly HTMLElement[] {
    const deed = (label: string, name: Exclude<Deed, 'close'>, title: string) =>
      button(label, () => simulation.make(name), { title, data: { deed: name, title } });
    const speed = h('select', { 'aria-label': 'Simulation speed', title: 'Simulation speed' });
    fill(
      speed,
      ...SPEEDS.map((factor) => h('option', { value: factor, selected: factor === simulation.speed }, `${factor}×`)),
    );
    speed.addEventListener('change', () => {
      simulation.speed = Number(speed.value);
    });
    const code = h('select', { 'aria-label': 'Close code' });
    fill(code, ...CODES.map((each) => h('option', { value: each }, `${each} ${CLOSE_CODES[each as never]['name']}`)));
    return [
      group('Client', this.#start, this.#stop, this.#detach, this.#reconnect),
      group('Time', this.#pause, speed, this.#skip),
      group(
        'Gateway',
        deed('drop the connection', 'drop', 'Cuts TCP without a close frame'),
        deed('go silent', 'goSilent', 'Dead, while TCP stays up'),
        deed('op 7', 'op7', 'Asks the client to reconnect'),
        deed('op 9, d true', 'op9true', 'Invalid Session: the session may be resumed'),
        deed('op 9, d false', 'op9false', 'Invalid Session: the session is gone'),
        deed('op 1', 'op1', 'Asks for a heartbeat'),
        deed('dispatch', 'dispatch', 'Sends MESSAGE_CREATE, or keeps it for the replay'),
        deed('nonsense', 'malformed', 'Sends something that is not JSON'),
        h(
          'span',
          { class: 'pair' },
          button('close with', () => simulation.closeWith(Number(code.value)), {
            data: { deed: 'close', title: 'Sends a close frame with the code chosen here' },
          }),
          code,
        ),
      ),
      group(
        'until put right',
        ...STANDING.map(([name, title, says]) =>
          button(title, () => simulation.toggle(name), { title: says, 'aria-pressed': 'false', data: { fault: name } }),
        ),
      ),
    ];
  }

  #do(which: (simulation: Simulation) => () => void): void {
    const simulation = this.#simulation;
    if (simulation === null) return;
    simulation.isPaused = false;
    which(simulation).call(simulation);
  }

  #togglePause(): void {
    const simulation = this.#simulation;
    if (simulation === null) return;
    if (simulation.isPaused) this.#travel.goOn();
    else simulation.isPaused = true;
  }

  /** Moves on, and stands still again if it stood. */
  #skipAhead(): void {
    const simulation = this.#simulation;
    if (simulation === null) return;
    const { isPaused } = simulation;
    this.#travel.act();
    simulation.isPaused = isPaused;
    simulation.skip();
  }
}

/** Says on a button of the Gateway when it would change nothing. */
function hint(each: HTMLElement, simulation: Simulation): void {
  const hindrance = simulation.hindrance(each.dataset.deed as Deed);
  const title = hindrance === null ? (each.dataset.title ?? '') : `Without effect now: ${hindrance}`;
  if (each.title === title) return;
  each.title = title;
  each.classList.toggle('idle', hindrance !== null);
}

function group(name: string, ...controls: readonly HTMLElement[]): HTMLElement {
  return h('div', { class: 'group', role: 'group', 'aria-label': name }, h('span', { class: 'name' }, name), controls);
}
