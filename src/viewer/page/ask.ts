/** What would follow, in every state. */
import { QUESTIONS } from '../../telling/consequences.js';
import { activeIn } from '../model/charts.js';
import { type Answer, type StatesAnswer, type Step, whatIf } from '../model/what-if.js';
import { closeCodeInWords } from '../model/words.js';
import { button, fill, h } from './dom.js';

/** The part of the page that answers what follows from what. */
export class AskView {
  readonly element = h('div', { class: 'ask' });
  readonly #choice = h('select', { 'aria-label': 'What happens' });
  readonly #answers = h('div', { 'aria-live': 'polite' });
  readonly #onState: (id: string) => void;
  readonly #onAnswer: () => void;
  /** The rows of the chart that the answer is made of. */
  rows: readonly string[] = [];
  #state = '';
  #shown = '';

  constructor(onState: (id: string) => void, onAnswer: () => void) {
    this.#onState = onState;
    this.#onAnswer = onAnswer;
    fill(this.#choice, ...QUESTIONS.map(({ id, title }) => h('option', { value: id }, capital(title))));
    this.#choice.addEventListener('change', () => this.#answer());
    fill(this.element, h('label', {}, 'What follows in each state from …', this.#choice), this.#answers);
  }

  /** Asks about something. */
  ask(id: string): void {
    this.#choice.value = id;
    this.#answer();
  }

  /** Puts the reader before the question. */
  focus(): void {
    this.#choice.focus();
    this.element.scrollIntoView({ block: 'nearest' });
  }

  /** Marks the state that is shown elsewhere. */
  update(state: string): void {
    if (this.#shown === '') this.#answer();
    if (state === this.#state) return;
    this.#state = state;
    this.#mark();
  }

  #answer(): void {
    const question = QUESTIONS.find(({ id }) => id === this.#choice.value) ?? QUESTIONS[0];
    if (question === undefined) return;
    this.#shown = question.id;
    const code = /^\d{4}$/.test(question.id) ? Number(question.id) : null;
    const { found, elsewhere, rule, rows } = whatIf(question);
    this.rows = rows;
    fill(
      this.#answers,
      code !== null && h('p', { class: 'code' }, closeCodeInWords(code)),
      rule !== '' && h('p', { class: 'code' }, rule),
      ...found.map((each) => this.#box(each)),
      elsewhere.length > 0 &&
        h(
          'p',
          { class: 'elsewhere' },
          'It changes nothing, or cannot come, in ',
          elsewhere.flatMap(({ key }, at) => [at > 0 && ', ', h('span', { class: 'mono' }, key)]),
          '.',
        ),
    );
    this.#mark();
    this.#onAnswer();
  }

  #box({ states, answers }: StatesAnswer): HTMLElement {
    const names = states.map(({ id, key }) => button(key, () => this.#onState(id), { data: { state: id } }));
    return h('div', { class: 'answer' }, h('h3', {}, names), answers.map(answer));
  }

  #mark(): void {
    const active = activeIn('shard', this.#state);
    for (const name of this.#answers.querySelectorAll<HTMLElement>('[data-state]')) {
      name.classList.toggle('here', active.includes(name.dataset.state ?? ''));
    }
  }
}

function answer({ when, to, steps, outcome }: Answer): HTMLElement {
  const goes = to === '' ? 'stays where it is' : `→ ${to}`;
  const isStory = steps.length > 1;
  return h(
    'div',
    {},
    when !== '' && h('p', { class: 'when' }, `${capital(when)}:`),
    isStory
      ? h('ol', { class: 'story' }, steps.map(storyStep))
      : steps.flatMap(({ causes, deeds }) => told(causes, deeds, goes)),
    outcome !== '' && h('p', { class: 'outcome' }, outcome),
  );
}

function storyStep({ time, causes, deeds }: Step): HTMLElement {
  return h('li', {}, h('time', {}, time), h('div', {}, told(causes, deeds, '')));
}

function told(causes: readonly string[], deeds: readonly string[], goes: string): readonly HTMLElement[] {
  const chips = [
    ...(goes === '' || causes.length === 0 ? [] : [h('li', { class: 'chip' }, goes)]),
    ...deeds.map((deed) => h('li', { class: 'chip out' }, deed)),
  ];
  return [
    h('p', { class: 'says cap' }, causes.length === 0 ? goes : causes.join('; ')),
    ...(chips.length === 0 ? [] : [h('ul', {}, chips)]),
  ];
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
