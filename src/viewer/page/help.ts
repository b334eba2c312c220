/** What somebody reads who has never been here. */
import { button, fill, h } from './dom.js';

/** The page before anything is shown. */
export function welcome(acts: { simulate(): void; open(): void; ask(): void }): HTMLElement {
  const way = (title: string, says: string | HTMLElement, act: HTMLElement | null, isFirst = false) =>
    h('div', { class: isFirst ? 'way first' : 'way' }, h('h3', {}, title), h('p', {}, says), act);
  return h(
    'section',
    { class: 'welcome', 'aria-label': 'Welcome' },
    h('h2', {}, 'See what a Discord Gateway client does, and why'),
    h(
      'p',
      {},
      'The chart is the whole client. Click a state for its rule, its deadline and what leaves it. ' +
        'To see it move:',
    ),
    h(
      'div',
      { class: 'ways' },
      way(
        'Try it here',
        'A client and a simulated Gateway in this page. Drop the connection, swallow ACKs, close with any code, and watch.',
        button('Start a simulation', acts.simulate, { class: 'primary' }),
        true,
      ),
      way(
        'Ask what follows',
        'Close 4009, op 9, a missed ACK: what happens in each state.',
        button('What if …', acts.ask),
      ),
      way(
        'Look at a recorded run',
        h(
          'span',
          {},
          'The file that the option ',
          h('code', {}, 'record'),
          ' of a shard writes. Or drop it on this page.',
        ),
        button('Open a trace', acts.open),
      ),
      way('Watch a program live', h('code', {}, 'npx gatechart demo --inspect'), null),
    ),
  );
}

/** Keys, and what is what. */
export function helpDialog(): HTMLDialogElement {
  const dialog = h('dialog', { 'aria-label': 'Help' });
  const rows: readonly (readonly [keys: readonly string[], says: string])[] = [
    [['←', '→'], 'a step back, a step forward'],
    [['↑', '↓'], 'the chapter before, the chapter after'],
    [['space'], 'play, pause'],
    [['Home', 'End'], 'to the beginning, to the newest'],
    [['Tab', 'Enter'], 'to a state of the chart, and what it is for'],
    [['Ctrl + wheel'], 'zoom the chart'],
    [['Esc'], 'close what is open'],
    [['?'], 'this'],
  ];
  fill(
    dialog,
    h('h2', {}, 'Keys'),
    h(
      'dl',
      {},
      rows.flatMap(([keys, says]) => [
        h(
          'dt',
          {},
          keys.flatMap((key, at) => [at > 0 && ' ', h('kbd', {}, key)]),
        ),
        h('dd', {}, says),
      ]),
    ),
    h('h2', {}, 'Chapters'),
    h(
      'p',
      {},
      'A chapter is a titled part of a run: the demo has one for each story it tells, ',
      'a replay one where it first differs. Blue marks below the slider show where they begin.',
    ),
    h('h2', {}, 'The chart'),
    h(
      'p',
      {},
      'Blue states are active, blue arrows were taken by the step that is shown. ',
      'Purple is a guard, ochre a timer that ran out. A box with a shadow holds more: see the views above it.',
    ),
    h(
      'p',
      {},
      button('Close', () => dialog.close(), { class: 'primary' }),
    ),
  );
  return dialog;
}
