import { describe, expect, it } from 'vitest';
import { startInspection } from '../../../src/cli/live/inspection.js';
import { Story } from '../../../src/cli/live/story.js';
import { keptIo } from '../../support/io.js';

describe('a command that is not watched', () => {
  it('opens no page, says nothing, and does not linger', async () => {
    const { io, written } = keptIo();
    const inspection = await startInspection({ open: true }, new Story(io), io);
    inspection.chapter('1. One', 'It begins.');
    inspection.note('Something happened');
    await inspection.linger();
    await inspection.close();
    expect(written).toEqual({ out: '', err: '' });
  });

  it('keeps the inspector and the trace that it has of its own', async () => {
    const { io } = keptIo();
    const inspection = await startInspection({}, new Story(io), io);
    const inspect = () => {};
    const trace = { write: () => {} };
    expect([inspection.shard(), inspection.shard(inspect)]).toEqual([{}, { inspect }]);
    expect([inspection.gateway(), inspection.gateway(trace)]).toEqual([{ record: undefined }, { record: trace }]);
  });
});
