import { describe, expect, it } from 'vitest';
import { sentence } from '../../../machines/index.js';
import { Story } from '../../../src/cli/live/story.js';
import { keptIo } from '../../support/io.js';

describe('the story', () => {
  it.each([
    [{ name: 'resumed', frame: 'resumed' }, 'RESUMED: everything missed was replayed'],
    [
      { name: 'closedForResume', closeCode: 1006, httpStatus: 503 },
      'the connection could not be opened: the session is resumed, if there is one (HTTP 503)',
    ],
    [{ name: 'closeAnswered', closeCode: 4900 }, 'our close was answered (4900)'],
    [
      { name: 'locateFailed', reason: 'rateLimited', retryAfter: 1500 },
      'the Gateway URL could not be had (rateLimited, again in 2 s)',
    ],
    [{ name: 'unknownOpcode', frame: 'op 99' }, 'a message with an unknown opcode was ignored (op 99)'],
  ] as const)('makes a sentence of %j', (cause, says) => {
    expect(sentence(cause)).toBe(says);
  });

  it.each([false, true])('lets nothing through that a terminal would obey, as JSON (%s)', (json) => {
    const order = 'x\u001b[2J\u0007\u009b1m\u202e\n y';
    const { io, written } = keptIo();
    const story = new Story(io, { json, time: () => 0 });
    story.say(order);
    story.chapter(order, order);
    story.fact('fact', order, order, { [order]: order });
    story.transition({
      from: 'a',
      to: order,
      cause: { name: 'closedForResume' },
      causes: [{ name: 'closedForResume', reason: order }],
    });
    story.notice({ name: 'closedForResume', reason: order });
    story.terminal.table([{ title: 'a' }], [[order]]);
    story.terminal.heading(order);
    expect(written.out.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(written.out.split(json ? '\\u001b[2J' : '\u00b7[2J').length).toBeGreaterThan(7);
    expect(written.out).not.toContain('\n y');
  });
});
