import { describe, expect, it } from 'vitest';
import { lifecycleOf, type Mood, moodOf } from '../../../src/viewer/model/moods.js';

const open = (session: string, heartbeat = 'beating.acked', reading = 'flowing') =>
  `running.connection.open(session.${session} + heartbeat.${heartbeat} + reading.${reading})`;

describe('the mood of a state', () => {
  it.each<[chart: string, state: string, mood: Mood]>([
    ['shard', 'stopped', 'plain'],
    ['shard', open('ready.settled'), 'good'],
    ['shard', open('ready.settled', 'beating.overdue.listening'), 'away'],
    ['shard', open('ready.settled', 'beating.acked', 'paused'), 'away'],
    ['shard', open('identifying'), 'away'],
    ['shard', 'running.waiting', 'away'],
    ['shard', 'running.connection.closing.failing', 'bad'],
    ['shard', 'failed', 'bad'],
    ['gateway', 'connection.open(session.live + heartbeat.beating)', 'good'],
    ['gateway', 'connection.open(session.greeting + heartbeat.beating)', 'plain'],
    ['lamp', 'on', 'plain'],
    ['shard', 'no such (state', 'plain'],
  ])('in the chart %s, %s, is %s', (chart, state, mood) => {
    expect(moodOf(chart, state)).toBe(mood);
  });
});

describe('the lifecycle in a state', () => {
  it('is the same whatever the heartbeat and the reading do', () => {
    expect(lifecycleOf(open('ready.settled', 'beating.overdue.listening', 'paused'))).toBe(
      lifecycleOf(open('ready.settled')),
    );
    expect(lifecycleOf(open('ready.settled'))).not.toBe(lifecycleOf(open('identifying')));
  });

  it.each(['stopped', 'running.waiting', 'no such (state', ''])(
    'is all of the state where nothing goes on beside it: %s',
    (state) => {
      expect(lifecycleOf(state)).toContain(state.split(' ')[0] ?? '');
    },
  );
});
