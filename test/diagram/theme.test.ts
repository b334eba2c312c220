import { describe, expect, it } from 'vitest';
import { COLOURS, styleOf } from '../../src/diagram/theme.js';

type Colour = keyof typeof COLOURS;

/** The declarations of a style sheet by their selector; those of a media query by the query. */
const declarations = (css: string, selector: string) =>
  new RegExp(`(?:^|\\})${selector.replace(/[.()]/g, '\\$&')}\\{([^}]*)\\}`).exec(css)?.[1];

describe('a style sheet', () => {
  it('has plain colours where the theme is fixed', () => {
    expect(declarations(styleOf('light'), '.gatechart .page')).toBe('fill:#ffffff');
    expect(declarations(styleOf('dark'), '.gatechart .page')).toBe('fill:#0d1117');
    expect(declarations(styleOf('light'), '.gatechart .guard')).toBe('fill:#6639ba');
    for (const theme of ['light', 'dark'] as const) expect(styleOf(theme)).not.toMatch(/var\(|--|@media|undefined/);
  });

  it('asks the system of the reader, and lets a page set each colour', () => {
    const css = styleOf('auto');
    const [light = '', dark = ''] = [...css.matchAll(/:where\(svg\.gatechart\)\{([^}]*)\}/g)].map(([, all]) => all);
    expect(light.split(';')).toEqual(expect.arrayContaining(['--gatechart-page:#ffffff', '--gatechart-ink:#1f2328']));
    expect(dark.split(';')).toEqual(expect.arrayContaining(['--gatechart-page:#0d1117', '--gatechart-ink:#f0f6fc']));
    expect(css).toContain(`@media (prefers-color-scheme:dark){:where(svg.gatechart){${dark}}}`);
    expect(declarations(css, '.gatechart .step text')).toContain('fill:var(--gatechart-on-accent)');
  });

  it('defines every property that it uses, once in light and once in dark', () => {
    const css = styleOf('auto');
    const defined = [...css.matchAll(/(--[\w-]+):/g)].map(([, name]) => name).sort();
    const used = new Set([...css.matchAll(/var\((--[\w-]+)\)/g)].map(([, name]) => name));
    expect(defined).toEqual([...used, ...used].sort());
    expect(used.size).toBe(Object.keys(COLOURS).length);
  });

  it.each(['light', 'dark', 'auto'] as const)('is about pictures of charts alone, and well-formed: %s', (theme) => {
    const css = styleOf(theme).replace(/^:where.*?\}@media.*?\}\}/, '');
    const rules = css.split('}').slice(0, -1);
    expect(rules.length).toBeGreaterThan(20);
    for (const rule of rules) expect(rule).toMatch(/^\.gatechart [^{}]+(,\.gatechart [^{},]+)*\{[^{}]+$/);
    expect(css).toContain('.gatechart .composite text,.gatechart .region text{paint-order:stroke');
  });
});

describe('the colours of text', () => {
  /** The contrast of two colours as in WCAG 2.2, "contrast ratio". */
  function contrast(one: string, other: string): number {
    const luminance = (hex: string) => {
      const channels = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255);
      const [r = 0, g = 0, b = 0] = channels.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  }

  it.each<[text: Colour, grounds: readonly Colour[]]>([
    ['ink', ['page', 'box', 'region', 'state', 'active']],
    ['muted', ['page', 'box', 'region', 'state']],
    ['timer', ['page', 'box', 'state']],
    ['guard', ['page', 'box', 'region', 'state']],
    ['onAccent', ['accent']],
  ])('can be read in both themes (WCAG AA): %s on %j', (text, grounds) => {
    for (const theme of ['light', 'dark'] as const) {
      for (const ground of grounds) {
        const ratio = contrast(COLOURS[text][theme], COLOURS[ground][theme]);
        expect(ratio, `${ground}, ${theme}`).toBeGreaterThanOrEqual(4.5);
      }
    }
  });
});
