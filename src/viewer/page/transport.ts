/** Time travel: a slider over all moments, steps back and forward, and play. */
import type { Track } from '../model/tracks.js';
import { clock } from '../model/words.js';
import { button, fill, h, ICONS, icon } from './dom.js';

/** What the transport can make happen. */
export interface Travel {
  /** To a moment; `head` is the newest, and stays the newest. */
  go(to: number | 'head'): void;
  play(on: boolean): void;
  speed(factor: number): void;
}

const SPEEDS = [0.5, 1, 2, 4, 8];

/** The part of the page that goes through time. */
export class TransportView {
  readonly element: HTMLElement;
  readonly #travel: Travel;
  readonly #slider = h('input', { type: 'range', min: 0, max: 0, step: 1, value: 0, 'aria-label': 'Moment' });
  readonly #marks = h('div', { class: 'marks', 'aria-hidden': true });
  readonly #at = h('span', { class: 'at' });
  readonly #play: HTMLButtonElement;
  readonly #head: HTMLButtonElement;
  #track: Track | undefined;
  #index = 0;
  #marked = '';

  constructor(travel: Travel) {
    this.#travel = travel;
    this.#play = button(icon(ICONS.play), () => travel.play(this.#play.getAttribute('aria-pressed') !== 'true'), {
      'aria-label': 'Play',
      'aria-pressed': 'false',
      title: 'Play (space)',
    });
    this.#head = button(icon(ICONS.last), () => travel.go('head'), {
      'aria-label': 'To the newest',
      title: 'To the newest (End)',
    });
    const speed = h('select', { 'aria-label': 'Playing speed', title: 'Playing speed' });
    fill(speed, ...SPEEDS.map((factor) => h('option', { value: factor, selected: factor === 1 }, `${factor}×`)));
    speed.addEventListener('change', () => travel.speed(Number(speed.value)));
    this.#slider.addEventListener('input', () => travel.go(Number(this.#slider.value)));
    this.element = h(
      'footer',
      { class: 'transport', role: 'group', 'aria-label': 'Time travel' },
      h(
        'div',
        { class: 'buttons' },
        button(icon(ICONS.first), () => travel.go(0), {
          'aria-label': 'To the beginning',
          title: 'To the beginning (Home)',
        }),
        button(icon(ICONS.back), () => this.step(-1), { 'aria-label': 'A step back', title: 'A step back (←)' }),
        this.#play,
        button(icon(ICONS.forward), () => this.step(1), {
          'aria-label': 'A step forward',
          title: 'A step forward (→)',
        }),
        this.#head,
        speed,
      ),
      h('div', { class: 'slide' }, this.#slider, this.#marks),
      this.#at,
    );
    this.#enable(false);
  }

  step(by: number): void {
    const last = (this.#track?.moments.length ?? 1) - 1;
    const to = Math.min(last, Math.max(0, this.#index + by));
    this.#travel.go(to === last ? 'head' : to);
  }

  /** From where the next step goes: two keys may come before either is drawn. */
  standAt(index: number): void {
    this.#index = index;
  }

  /** To the chapter before or after. */
  chapter(by: number): void {
    const chapters = this.#track?.chapters ?? [];
    const next =
      by > 0
        ? chapters.find(({ moment }) => moment > this.#index)
        : chapters.findLast(({ moment }) => moment < this.#index);
    if (next !== undefined) this.#travel.go(next.moment);
  }

  update(
    track: Track | undefined,
    index: number,
    at: number,
    { isPlaying, isHead }: { isPlaying: boolean; isHead: boolean },
  ): void {
    this.#track = track;
    this.#index = index;
    const last = Math.max(0, (track?.moments.length ?? 0) - 1);
    this.#enable(last > 0);
    this.#slider.max = `${last}`;
    this.#slider.value = `${index}`;
    const text = track === undefined ? '' : `${clock(at)} s · step ${index} of ${last}`;
    if (this.#at.textContent !== text) this.#at.textContent = text;
    this.#slider.setAttribute('aria-valuetext', text);
    if (this.#play.getAttribute('aria-pressed') !== String(isPlaying)) {
      fill(this.#play, icon(isPlaying ? ICONS.pause : ICONS.play));
      this.#play.setAttribute('aria-pressed', String(isPlaying));
      this.#play.setAttribute('aria-label', isPlaying ? 'Pause' : 'Play');
    }
    this.#head.setAttribute('aria-pressed', String(isHead));
    this.#mark(track, last);
  }

  #mark(track: Track | undefined, last: number): void {
    const chapters = track?.chapters ?? [];
    const marked = `${chapters.length} ${last}`;
    if (marked === this.#marked) return;
    this.#marked = marked;
    const marks = chapters.map(({ moment }) => {
      const mark = h('i');
      mark.style.left = `${last === 0 ? 0 : (100 * Math.min(moment, last)) / last}%`;
      return mark;
    });
    fill(this.#marks, ...marks);
  }

  #enable(on: boolean): void {
    for (const control of this.element.querySelectorAll<HTMLButtonElement | HTMLInputElement>('button, input')) {
      if (control.disabled === on) control.disabled = !on;
    }
  }
}
