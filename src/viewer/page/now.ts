/** How things stand, and why. */
import { roughly } from '../../../machines/kit/durations.js';
import { lifecycleOf, moodOf } from '../model/moods.js';
import type { Moment, Track } from '../model/tracks.js';
import { awaited, clause, clauseOf, clock, deeds, headline, reason, stateInWords } from '../model/words.js';
import { fill, h, link } from './dom.js';

/** The part of the page that says where the actor is. */
export class NowView {
  readonly element = h('section', { class: 'now', 'aria-label': 'Now', hidden: true });
  readonly #timers = h('div', { class: 'timers' });
  #shown: Moment | undefined;
  #track: Track | undefined;
  #difference: Track['difference'] = null;

  update(track: Track, moment: Moment, now: number): void {
    const isSame = moment === this.#shown && track === this.#track && track.difference === this.#difference;
    if (!isSame) this.#fill(track, moment);
    [this.#shown, this.#track, this.#difference] = [moment, track, track.difference];
    this.#count(track, moment, now);
  }

  #fill(track: Track, moment: Moment): void {
    this.element.hidden = false;
    const since = track.moments
      .slice(0, moment.index + 1)
      .findLast((each) => lifecycleOf(each.from) !== lifecycleOf(each.state));
    const { causes, says } = moment;
    const why = says !== undefined || causes.length > 0 || moment.event !== '';
    fill(
      this.element,
      h(
        'div',
        { class: 'where' },
        h(
          'span',
          { class: 'state', role: 'status', data: { mood: moodOf(track.chart, moment.state) } },
          stateInWords(moment.state),
        ),
        since !== undefined && h('span', { class: 'muted' }, `since ${clock(since.at)} s`),
      ),
      h('p', { class: 'path mono' }, moment.state),
      track.difference?.moment === moment.index &&
        h('pre', { class: 'differs', 'aria-label': 'The difference', tabindex: 0 }, track.difference.says.join('\n')),
      why && this.#why(track, moment),
      this.#timers,
      h(
        'p',
        { class: 'facts' },
        fact('connection', moment.connection === 0 ? 'none yet' : `${moment.connection}`),
        fact('session', moment.session ?? 'none'),
        moment.sequence !== null && fact('last s', `${moment.sequence}`),
      ),
      track.isInspected &&
        h('p', { class: 'muted' }, "From an inspector's messages, which tell no causes, effects or timers."),
    );
  }

  #why(track: Track, moment: Moment): HTMLElement {
    const { causes } = moment;
    const clauses = [...new Set(causes.flatMap(({ name }) => clauseOf(track.chart, name) ?? []))].map(clause);
    const done = deeds(moment);
    return h(
      'div',
      { class: 'why' },
      causes.length === 0
        ? h('p', { class: 'says' }, headline(track.chart, moment))
        : causes.map((each) => h('p', { class: 'says' }, reason(track.chart, each))),
      clauses.length > 0 &&
        h(
          'p',
          { class: 'muted' },
          clauses.flatMap(({ text, href }, at) => [at > 0 && ', ', link(text, href)]),
        ),
      done.length > 0 &&
        h(
          'ul',
          {},
          done.map((deed) => h('li', { class: 'chip out' }, deed)),
        ),
    );
  }

  /** Moves the timers on; elements stay, so that nothing flickers. */
  #count(track: Track, { timers }: Moment, now: number): void {
    const rows = new Map([...this.#timers.children].map((row) => [(row as HTMLElement).dataset.timer ?? '', row]));
    const shown = timers.map(({ name, armed, due }) => {
      const row = (rows.get(name) as HTMLElement | undefined) ?? timerRow(track.chart, name);
      const left = Math.max(0, due - now);
      const [, leftText, bar] = row.children as unknown as [HTMLElement, HTMLElement, HTMLElement];
      const text = left === 0 ? 'due' : `in ${roughly(left)}`;
      if (leftText.textContent !== text) leftText.textContent = text;
      const rest = bar.firstElementChild as HTMLElement;
      rest.style.transform = `scaleX(${due > armed ? Math.min(1, left / (due - armed)) : 0})`;
      return row;
    });
    const isSame =
      shown.length === this.#timers.children.length && shown.every((row, at) => row === this.#timers.children[at]);
    if (!isSame) fill(this.#timers, ...shown);
  }
}

function timerRow(chart: string, name: string): HTMLElement {
  return h(
    'div',
    { class: 'timer', data: { timer: name } },
    h('span', {}, awaited(chart, name), ' ', h('code', { class: 'muted' }, name)),
    h('span', { class: 'left' }),
    h('div', { class: 'track' }, h('div', { class: 'rest' })),
  );
}

function fact(name: string, value: string): HTMLElement {
  return h('span', {}, `${name} `, h('b', {}, value));
}
