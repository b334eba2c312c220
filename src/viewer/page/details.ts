/** A state that a reader asked about. */
import { type Chart, chartOf } from '../model/charts.js';
import { type Details, detailsOf, type Way } from '../model/details.js';
import { clause } from '../model/words.js';
import { button, fill, h, ICONS, icon, link } from './dom.js';

/** The part of the page that explains a state. */
export class DetailsView {
  readonly element = h('section', { class: 'details', 'aria-label': 'About this state', hidden: true, tabindex: -1 });
  readonly #onClose: () => void;

  constructor(onClose: () => void) {
    this.#onClose = onClose;
  }

  /** `inside` shows what the state holds, if there is a view of it. */
  show(chart: Chart | undefined, id: string | null, inside?: () => void): void {
    const details = chart === undefined || id === null ? undefined : detailsOf(chart, id);
    this.element.hidden = details === undefined;
    if (details === undefined) return;
    fill(this.element, ...this.#content(details, inside));
    this.element.scrollIntoView({ block: 'nearest' });
  }

  #content({ title, rule, spec, entry, deadlines, ways }: Details, inside?: () => void): readonly HTMLElement[] {
    const about = spec === null ? null : clause(spec);
    return [
      h(
        'div',
        { class: 'head' },
        h('h2', {}, title),
        inside !== undefined && button('look inside', inside),
        button(icon(ICONS.close), this.#onClose, { class: 'plain', 'aria-label': 'Close' }),
      ),
      ...(rule === '' ? [] : [h('p', { class: 'rule' }, rule)]),
      h('p', { class: 'muted' }, ...(about === null ? [] : ['Clause: ', link(about.text, about.href)])),
      ...(entry.length === 0 ? [] : [h('p', {}, h('span', { class: 'muted' }, 'On entry: '), entry.join(', '))]),
      ...(deadlines.length === 0 ? [] : [h('p', {}, h('span', { class: 'muted' }, 'Awaits '), deadlines.join('; '))]),
      h(
        'table',
        {},
        h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'When'), h('th', { scope: 'col' }, 'Then'))),
        h('tbody', {}, ways.map(rowOf)),
      ),
    ];
  }
}

function rowOf({ when, guard, to, why, spec, from }: Way): HTMLElement {
  const about = spec === null ? null : clause(spec);
  return h(
    'tr',
    { class: from === '' ? '' : 'inherited' },
    h('td', {}, h('div', { class: 'cap' }, when), guard !== '' && h('div', { class: 'guard' }, guard)),
    h(
      'td',
      {},
      h(
        'div',
        {},
        to === '' ? 'stays' : h('span', {}, '→ ', h('b', {}, to)),
        from !== '' && `, as everywhere in ${from}`,
      ),
      why !== '' &&
        h('div', { class: 'guard' }, why, about !== null && ' · ', about !== null && link(about.text, about.href)),
    ),
  );
}

/** The chart that a state belongs to, by its id. */
export const chartOfState = (id: string): Chart | undefined => chartOf(id.split('.')[0] ?? '');
