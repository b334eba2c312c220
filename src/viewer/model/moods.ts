/** How well things stand in a state, by the tags of its chart; and what of a state changes with more than a heartbeat. */
import { stateParts } from '../../../machines/kit/state-names.js';
import { activeIn, chartOf } from './charts.js';

/** `away` is on its way, or back. */
export type Mood = 'good' | 'away' | 'bad' | 'plain';

/** The mood of a state of one of our charts; plain for any other, and where no tag says more. */
export function moodOf(chart: string, state: string): Mood {
  const nodes = chartOf(chart)?.nodes;
  const tags = new Set(activeIn(chart, state).flatMap((id) => nodes?.get(id)?.tags ?? []));
  if (tags.has('failing')) return 'bad';
  if (tags.has('degraded')) return 'away';
  return tags.has('ready') ? 'good' : 'plain';
}

/** A state without the regions that go on beside the session. */
export function lifecycleOf(state: string): string {
  const { path, regions } = stateParts(state);
  const [first] = regions;
  return [...path, ...(first === undefined ? [] : first)].join('.');
}
