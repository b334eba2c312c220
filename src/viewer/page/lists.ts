/** Two lists of what happened, each with a window around the moment that is shown. */
import type { Exchange, Moment, Track } from '../model/tracks.js';
import { clock, headline, stateInWords } from '../model/words.js';
import { fill, h } from './dom.js';

/** Rows around the one that is shown: a long trace has many more. */
const BEFORE = 150;
const AFTER = 50;

/** What a list is told of. */
export interface Shown {
  readonly track: Track;
  readonly moment: Moment;
  /** Whether it is the newest. */
  readonly isHead: boolean;
}

/** Sequence diagram: what client and Gateway say to each other. */
export class TalkView {
  readonly element = h('div', { class: 'talk' });
  readonly #list = h('ol', { 'aria-label': 'Messages between client and Gateway' });
  readonly #jump: (moment: number) => void;
  #drawn = '';

  constructor(jump: (moment: number) => void) {
    this.#jump = jump;
    const ends = h(
      'div',
      { class: 'ends', 'aria-hidden': true },
      h('span', {}, 's'),
      h('div', {}, h('span', {}, 'client'), h('span', {}, 'Gateway')),
    );
    fill(this.element, ends, this.#list);
  }

  update({ track, moment, isHead }: Shown): void {
    const end = isHead ? track.exchanges.length : placeOf(track.exchanges, moment.index);
    const drawn = `${track.key} ${track.began} ${end}`;
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    const visible = track.exchanges.slice(Math.max(0, end - BEFORE), end);
    if (visible.length === 0) fill(this.#list, h('li', { class: 'empty' }, 'Nothing has been said yet.'));
    else fill(this.#list, ...visible.map((each, at) => this.#row(each, at === visible.length - 1)));
    this.reveal();
  }

  /** Scrolls to the newest: a panel that was out of sight is back at its top. */
  reveal(): void {
    const panel = this.element.parentElement;
    if (panel !== null) panel.scrollTop = panel.scrollHeight;
  }

  #row(each: Exchange, isLast: boolean): HTMLElement {
    const { at, direction, kind, label, detail, moment } = each;
    return h(
      'li',
      {
        class: `${direction} ${kind}`,
        'aria-current': isLast ? 'step' : undefined,
        'aria-label': `${clock(at)} s, ${SIDES[direction]}${label} ${detail}`,
        on: { click: () => this.#jump(moment) },
      },
      h('time', {}, clock(at)),
      h(
        'div',
        { class: 'lane' },
        h('span', { class: 'label' }, label),
        detail !== '' && h('span', { class: 'detail' }, ` ${detail}`),
        direction !== 'none' && h('div', { class: 'arrow' }),
      ),
    );
  }
}

const SIDES = { in: 'Gateway to client: ', out: 'client to Gateway: ', none: '' } as const;

/** How many exchanges there were up to a moment. */
function placeOf(exchanges: readonly Exchange[], moment: number): number {
  const after = exchanges.findIndex((each) => each.moment > moment);
  return after < 0 ? exchanges.length : after;
}

/** What the chart did, step by step. */
export class StepsView {
  readonly element = h('div', { class: 'steps' });
  readonly #list = h('ol', { 'aria-label': 'Steps' });
  readonly #jump: (moment: number) => void;
  #drawn = '';

  constructor(jump: (moment: number) => void) {
    this.#jump = jump;
    fill(this.element, this.#list);
  }

  update({ track, moment, isHead }: Shown): void {
    const last = Math.min(track.moments.length, moment.index + 1 + (isHead ? 0 : AFTER));
    const first = Math.max(0, moment.index - BEFORE);
    const drawn = `${track.key} ${track.began} ${first} ${last} ${moment.index} ${track.chapters.length}`;
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    const rows = track.moments
      .slice(first, last)
      .flatMap((each) => [
        ...track.chapters
          .filter((chapter) => chapter.moment === each.index)
          .map(({ title, says }) =>
            h('li', { class: 'chapter' }, h('span', {}), h('div', {}, title, says !== '' && h('p', {}, says))),
          ),
        this.#row(track, each, each.index === moment.index),
      ]);
    fill(this.#list, ...rows);
    this.reveal();
  }

  /** Scrolls the list, and not the page, to the step that is shown. */
  reveal(): void {
    const panel = this.element.parentElement;
    const row = this.#list.querySelector('[aria-current="step"]');
    if (panel === null || row === null) return;
    const [box, frame] = [row.getBoundingClientRect(), panel.getBoundingClientRect()];
    if (box.top < frame.top) panel.scrollTop -= frame.top - box.top;
    else if (box.bottom > frame.bottom) panel.scrollTop += box.bottom - frame.bottom;
  }

  #row(track: Track, each: Moment, isCurrent: boolean): HTMLElement {
    const { at, from, state, kind, index, causes } = each;
    const [left, entered] = [stateInWords(from), stateInWords(state)];
    const isRoutine = causes.length > 0 && causes.every(({ name }) => ROUTINE.has(name));
    return h(
      'li',
      {
        class: track.difference?.moment === index ? 'differs' : isRoutine ? 'routine' : kind,
        'aria-current': isCurrent ? 'step' : undefined,
        on: { click: () => this.#jump(index) },
      },
      h('time', {}, clock(at)),
      h(
        'div',
        {},
        h('div', { class: 'says cap' }, headline(track.chart, each)),
        left !== entered && h('div', { class: 'to' }, `${left} → ${entered}`),
      ),
    );
  }
}

/** What happens on every heartbeat that goes well. */
const ROUTINE = new Set(['firstHeartbeat', 'heartbeatDue', 'acknowledged', 'aliveByTraffic', 'heartbeat']);
