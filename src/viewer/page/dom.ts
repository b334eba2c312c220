/** Elements by hand. Text becomes text and never markup, whatever a trace holds. */

type Child = Node | string | null | undefined | false;

interface Settings {
  readonly class?: string | undefined;
  readonly data?: Readonly<Record<string, string>>;
  readonly on?: Readonly<Record<string, (event: Event) => void>>;
  /** Attributes; those that are undefined or false are left out. */
  readonly [attribute: string]: unknown;
}

/** An element with its settings and what is in it. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  settings: Settings = {},
  ...children: readonly (Child | readonly Child[])[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  const { class: classes, data = {}, on = {}, ...attributes } = settings;
  if (classes !== undefined) element.className = classes;
  for (const [name, value] of Object.entries(data)) element.dataset[name] = value;
  for (const [name, listener] of Object.entries(on)) element.addEventListener(name, listener);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false || value === null) continue;
    element.setAttribute(name, value === true ? '' : String(value));
  }
  fill(element, ...children);
  return element;
}

/** Puts these into an element, and nothing else. */
export function fill(element: Element, ...children: readonly (Child | readonly Child[])[]): void {
  const all = children
    .flat()
    .filter((child): child is Node | string => child !== null && child !== undefined && child !== false);
  element.replaceChildren(...all);
}

/** A button that does something. */
export function button(label: string | Node, act: () => void, settings: Settings = {}): HTMLButtonElement {
  return h('button', { type: 'button', ...settings, on: { click: act } }, label);
}

const SVG = 'http://www.w3.org/2000/svg';

/** A picture on a button, from the data of a path in a square of 16. */
export function icon(path: string): SVGElement {
  const picture = document.createElementNS(SVG, 'svg');
  picture.setAttribute('viewBox', '0 0 16 16');
  picture.setAttribute('class', 'icon');
  picture.setAttribute('aria-hidden', 'true');
  const shape = document.createElementNS(SVG, 'path');
  shape.setAttribute('d', path);
  picture.append(shape);
  return picture;
}

/** Pictures by name. */
export const ICONS = {
  first: 'M3 3h2v10H3zM13 3v10L6 8z',
  back: 'M11 3v10L4 8z',
  play: 'M4 2.5v11l9-5.5z',
  pause: 'M4 3h3v10H4zM9 3h3v10H9z',
  forward: 'M5 3v10l7-5z',
  last: 'M11 3h2v10h-2zM3 3v10l7-5z',
  sun: 'M8 5a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM7.3 1h1.4v2.3H7.3zM7.3 12.7h1.4V15H7.3zM1 7.3h2.3v1.4H1zM12.7 7.3H15v1.4h-2.3zM3.6 2.6l1.6 1.6-1 1-1.6-1.6zM11.8 10.8l1.6 1.6-1 1-1.6-1.6zM13.4 3.6l-1.6 1.6-1-1 1.6-1.6zM5.2 11.8l-1.6 1.6-1-1 1.6-1.6z',
  moon: 'M6 1.6A6.5 6.5 0 1 0 14.4 10 5.6 5.6 0 0 1 6 1.6z',
  close: 'M3.4 2.4 8 7l4.6-4.6 1 1L9 8l4.6 4.6-1 1L8 9l-4.6 4.6-1-1L7 8 2.4 3.4z',
  chart: 'M1 2h8v5H6v3h2V9h7v5H8v-2.5H4.5V7H1z',
} as const;

/** A link to another site; text where there is nowhere to go. */
export function link(text: string, href: string | null): HTMLElement {
  return href === null ? h('span', {}, text) : h('a', { href, target: '_blank', rel: 'noreferrer noopener' }, text);
}

/** Shows that something was chosen among tabs. */
export function select(tabs: readonly HTMLElement[], chosen: number): void {
  for (const [at, tab] of tabs.entries()) {
    tab.setAttribute('aria-selected', String(at === chosen));
    tab.tabIndex = at === chosen ? 0 : -1;
  }
}

/** Arrow keys go from tab to tab. */
export function rove(list: HTMLElement): void {
  list.addEventListener('keydown', (event) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    event.stopPropagation();
    event.preventDefault();
    const tabs = [...list.querySelectorAll<HTMLElement>('[role="tab"]')];
    const at = tabs.indexOf(document.activeElement as HTMLElement);
    const next = tabs[(at + step + tabs.length) % tabs.length];
    next?.focus();
    next?.click();
  });
}
