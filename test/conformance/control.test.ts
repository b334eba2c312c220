import { describe, expect, it } from 'vitest';
import { readControl } from '../../src/conformance/control.js';

describe('readControl', () => {
  it('reads what a client can do, without what nobody knows', () => {
    expect(readControl('CTL {"can":["send","stop","dance",1]}')).toEqual({ can: ['send', 'stop'] });
  });

  it('reads what a client tells, with its fields', () => {
    expect(readControl('CTL {"told":"failed","code":4004}')).toEqual({ told: 'failed', fields: { code: 4004 } });
    expect(readControl('CTL {"told":"ready"}')).toEqual({ told: 'ready', fields: {} });
  });

  it.each([
    'MSG 1',
    'ctl {"told":"ready"}',
    'CTL',
    'CTL {',
    'CTL null',
    'CTL 1',
    'CTL {"told":"constructor"}',
    'CTL {}',
  ])('takes any other line for what it is: %s', (line) => expect(readControl(line)).toBeNull());
});
