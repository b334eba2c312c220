import { describe, expect, it } from 'vitest';
import { CAUSES } from '../../machines/shard/causes.js';
import { PROPERTIES, PROPERTY_NAMES } from '../../src/product/properties.js';

const namesOf = (kind: string) => PROPERTY_NAMES.filter((name) => PROPERTIES[name].kind === kind);

describe('the properties of the product', () => {
  it('are safety where a single step can break them', () => {
    expect(namesOf('safety')).toEqual([
      'deliveredTwice',
      'lost',
      'staleReceived',
      'staleAnswered',
      'twoSockets',
      'sentUnopened',
      'identifiedUnasked',
      'sessionKept',
      'reconnected',
      'givenUp',
      'endedKept',
      'leftBehind',
      'idleUnasked',
      'resumedTooOften',
      'faultOfClient',
    ]);
  });

  it('are progress where it takes all states to see whether they hold', () => {
    expect(namesOf('progress')).toEqual(['deadlock', 'stuck', 'spin', 'hammer']);
  });

  it('are liveness where every fair run has to get somewhere', () => {
    expect(namesOf('liveness')).toEqual(['unready']);
  });

  it('are a sentence each, no two alike, without a full stop', () => {
    const sentences = PROPERTY_NAMES.map((name) => PROPERTIES[name].says);
    for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z].*[^.]$/);
    expect(new Set(sentences).size).toBe(sentences.length);
  });

  it('come from sections that the chart names too, or from those of connections and close codes', () => {
    const sections = new Set<string>(Object.values(CAUSES).map(({ spec }) => spec));
    const others = PROPERTY_NAMES.map((name) => PROPERTIES[name].spec).filter((spec) => !sections.has(spec));
    expect(new Set(others)).toEqual(
      new Set([
        'gateway#connections',
        'gateway#gateway-close-event-codes',
        'gateway#connection-lifecycle',
        'gateway#initiating-a-disconnect',
      ]),
    );
  });
});
