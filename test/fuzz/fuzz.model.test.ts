import { describe, expect, it } from 'vitest';
import { SPEECHES } from './corpus.js';
import { fuzz } from './fuzz.js';

describe.each(SPEECHES)('whatever a Gateway sends, in $encoding with compression $compress,', (speech) => {
  it('is delivered, reported, or ends the connection, and what came whole is delivered', async () => {
    const outcomes = await fuzz(speech, 4_000, 20_261_121);
    expect(outcomes.frames).toBeGreaterThanOrEqual(4_000);
    expect(outcomes.delivered).toBeGreaterThan(1_000);
    expect(outcomes.reported).toBeGreaterThan(10);
    expect(outcomes.connections).toBeGreaterThan(50);
  });

  it('is recorded and shown without secrets, and replays', async () => {
    const outcomes = await fuzz(speech, 1_000, 20_261_121, { isWatched: true });
    expect(outcomes.delivered).toBeGreaterThan(300);
    expect(outcomes.connections).toBeGreaterThan(15);
  });
});
