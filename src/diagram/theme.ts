/** Light or dark for good, or as the reader's system is. */
export type Theme = 'light' | 'dark' | 'auto';

/** The colours of a picture. In `auto` each is a custom property, such as `--gatechart-ink`, that a page may set. */
// biome-ignore format: aligned table
export const COLOURS = {
  page:    { light: '#ffffff', dark: '#0d1117' },
  box:     { light: '#f6f8fa', dark: '#151b23' }, // composite states
  region:  { light: '#eef2f6', dark: '#1c232c' },
  state:   { light: '#ffffff', dark: '#0d1117' },
  border:  { light: '#8c959f', dark: '#656c76' },
  ink:     { light: '#1f2328', dark: '#f0f6fc' },
  muted:   { light: '#59636e', dark: '#9198a1' },
  line:    { light: '#57606a', dark: '#8b949e' },
  timer:   { light: '#9a6700', dark: '#d29922' },
  guard:   { light: '#6639ba', dark: '#b083f0' },
  accent:  { light: '#0969da', dark: '#4493f8' },
  active:  { light: '#cfe8ff', dark: '#0c3a6e' },
  onAccent: { light: '#ffffff', dark: '#0d1117' },
} as const satisfies Record<string, { readonly light: string; readonly dark: string }>;

type Colour = keyof typeof COLOURS;

const NAMES = Object.keys(COLOURS) as Colour[];
const propertyOf = (name: Colour) => `--gatechart-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** The style sheet of a picture. A fixed theme has plain colours, which every program that shows SVG understands. */
export function styleOf(theme: Theme): string {
  if (theme !== 'auto') return rules((name) => COLOURS[name][theme]);
  const all = (of: 'light' | 'dark') => NAMES.map((name) => `${propertyOf(name)}:${COLOURS[name][of]}`).join(';');
  // :where() has no weight, so that a page's own colours win wherever they stand.
  return (
    `:where(svg.gatechart){${all('light')}}` +
    `@media (prefers-color-scheme:dark){:where(svg.gatechart){${all('dark')}}}` +
    rules((name) => `var(${propertyOf(name)})`)
  );
}

const SANS = `-apple-system,BlinkMacSystemFont,"Segoe UI","Noto Sans",Helvetica,Arial,sans-serif`;
const MONO = `ui-monospace,SFMono-Regular,"SF Mono",Menlo,Consolas,"Liberation Mono","DejaVu Sans Mono",monospace`;

function rules(colour: (name: Colour) => string): string {
  const within = (selectors: string, declarations: string) =>
    `${selectors
      .split(',')
      .map((selector) => `.gatechart ${selector}`)
      .join(',')}{${declarations}}`;
  return [
    within('.page', `fill:${colour('page')}`),
    within('.on-box,.composite rect', `fill:${colour('box')}`),
    within('.on-region,.region rect', `fill:${colour('region')}`),
    within('.state rect', `stroke:${colour('border')};stroke-width:1.25`),
    within('.simple rect', `fill:${colour('state')}`),
    within('.outside rect', 'fill:none;stroke-dasharray:2 3'),
    within('.region rect', 'stroke-dasharray:5 4'),
    within('text', `font:12px ${MONO};fill:${colour('muted')}`),
    within('.edge text', `fill:${colour('ink')}`),
    within('.name', `font:600 14px ${SANS};fill:${colour('ink')}`),
    within('.outside .name,.region .name', `fill:${colour('muted')}`),
    within('.composite text', `stroke:${colour('box')}`),
    within('.region text', `stroke:${colour('region')}`),
    within('.composite text,.region text', 'paint-order:stroke;stroke-width:5px;stroke-linejoin:round'),
    within('.line', `fill:none;stroke:${colour('line')};stroke-width:1.25`),
    within('.head,.dot', `fill:${colour('line')};stroke:none`),
    within('.timer', `fill:${colour('timer')}`),
    within('.guard', `fill:${colour('guard')}`),
    within('.action', `fill:${colour('muted')}`),
    within('.state.active > rect', `stroke:${colour('accent')};stroke-width:2.5`),
    within('.simple.active > rect', `fill:${colour('active')}`),
    within('.taken .line', `stroke:${colour('accent')};stroke-width:2.5`),
    within('.taken .head', `fill:${colour('accent')}`),
    within('.aside', 'opacity:.4'),
    within('.step rect', `fill:${colour('accent')};stroke:${colour('page')}`),
    within('.step text', `font:600 11px ${SANS};fill:${colour('onAccent')};text-anchor:middle`),
  ].join('');
}
