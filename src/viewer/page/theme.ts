/** Light and dark: as the reader's system is, until a reader says otherwise. */
import { button, fill, ICONS, icon } from './dom.js';

const KEPT = 'gatechart.theme';

/** A switch that changes the page's colours. */
export function themeSwitch(): HTMLElement {
  const system = matchMedia('(prefers-color-scheme: dark)');
  let chosen = kept();
  const toggle = button('', () => {
    chosen = isDark() ? 'light' : 'dark';
    keep(chosen);
    apply();
  });
  const isDark = () => (chosen === null ? system.matches : chosen === 'dark');
  const apply = () => {
    document.documentElement.dataset.theme = isDark() ? 'dark' : 'light';
    fill(toggle, icon(isDark() ? ICONS.sun : ICONS.moon));
    toggle.setAttribute('aria-label', isDark() ? 'Light colours' : 'Dark colours');
    toggle.title = isDark() ? 'Light colours' : 'Dark colours';
  };
  system.addEventListener('change', apply);
  apply();
  return toggle;
}

function kept(): 'light' | 'dark' | null {
  try {
    const value = localStorage.getItem(KEPT);
    return value === 'light' || value === 'dark' ? value : null;
  } catch {
    return null; // a page of a file may have no storage
  }
}

function keep(theme: string): void {
  try {
    localStorage.setItem(KEPT, theme);
  } catch {
    // it holds for as long as the page is open
  }
}
