import { describe, expect, it } from 'vitest';
import { fill, stormsTable } from '../../src/reference/blocks.js';

const PAGE = 'a\n<!-- generated: x -->\n\nold\n\n<!-- /generated -->\nb\n';

describe('a generated block', () => {
  it('is replaced between its marks', () => {
    expect(fill(PAGE, { x: 'new' })).toBe(PAGE.replace('old', 'new'));
    expect(fill(fill(PAGE, { x: 'new' }), { x: 'old' })).toBe(PAGE);
  });

  it('has to be made', () => {
    expect(() => fill(PAGE, {})).toThrow('There is no generated block x');
  });

  it('shows what each scenario is', () => {
    expect(stormsTable([])).toMatch(/^\| scenario \| the Gateway \| identifies \|.*\n\| - \| - \| -: \|/);
  });
});
