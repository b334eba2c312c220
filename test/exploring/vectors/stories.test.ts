import { describe, expect, it } from 'vitest';
import { STORIES, STORIES_OF_RESUME_URLS } from '../../../src/exploring/vectors/stories.js';

const stories = Object.entries({ ...STORIES, ...STORIES_OF_RESUME_URLS });

describe('the stories', () => {
  it('are a dozen and more, each with more than a dozen events', () => {
    expect(stories.length).toBeGreaterThan(12);
    for (const [name, events] of stories) expect(events.split(' > ').length, name).toBeGreaterThan(12);
  });

  it('begin with a start, and lead over several connections', () => {
    for (const [name, events] of stories) {
      const labels = events.split(' > ');
      expect(labels[0], name).toBe('start');
      expect(labels.filter((label) => label === 'located' || label === 'opened').length, name).toBeGreaterThan(1);
    }
  });
});
