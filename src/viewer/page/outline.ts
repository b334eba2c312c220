/** A chart that is not ours, as boxes within boxes, from the definition that an inspector's message holds. */
import { h } from './dom.js';

/** The outline of a definition, with the states active that a name names. */
export function outline(definition: unknown, state: string): HTMLElement {
  const words = new Set(state.split(/[.()]|\s\+\s/).filter((word) => word !== ''));
  const boxes = boxesOf(definition, words, true, 0);
  const empty = h('p', { class: 'empty' }, 'This actor has told no chart. Its state: ', h('code', {}, state || 'none'));
  return h('div', { class: 'outline' }, ...(boxes.length === 0 ? [empty] : boxes));
}

/** Nothing is nested deeper. */
const DEEPEST = 20;

function boxesOf(node: unknown, words: ReadonlySet<string>, isAround: boolean, depth: number): readonly HTMLElement[] {
  const { states } = (node ?? {}) as { states?: unknown };
  if (typeof states !== 'object' || states === null || depth > DEEPEST) return [];
  return Object.entries(states).map(([name, inner]) => {
    const isActive = isAround && words.has(name);
    const { description } = (inner ?? {}) as { description?: unknown };
    const boxes = boxesOf(inner, words, isActive, depth + 1);
    const classes = ['box', isActive ? 'active' : '', boxes.length === 0 ? 'leaf' : ''].join(' ');
    return h(
      'div',
      { class: classes, 'aria-current': isActive },
      h('span', { class: 'name' }, name),
      typeof description === 'string' && h('p', { class: 'muted' }, description),
      ...boxes,
    );
  });
}
