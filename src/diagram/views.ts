import { onTraffic } from '../../machines/shard/vocabulary.js';
import type { View } from './scene.js';

const CONNECTION = 'running.connection';
const OPEN = `${CONNECTION}.open`;
const groups = { 'any other message': Object.keys(onTraffic()) };

/** The shard chart, from afar and part by part: as a whole it is too wide for a page. */
export const SHARD_VIEWS = {
  overview: {
    title: 'The shard chart',
    fold: [`${CONNECTION}.reaching`, OPEN, `${CONNECTION}.closing`, 'running.awaitingRoom'],
    events: 3,
  },
  reaching: { title: 'Reaching the Gateway', only: `${CONNECTION}.reaching`, fold: [OPEN] },
  open: { title: 'An open connection', only: OPEN, fold: [`${OPEN}.session`, `${OPEN}.heartbeat`, `${OPEN}.reading`] },
  session: { title: 'The session', only: `${OPEN}.session` },
  heartbeat: { title: 'The heartbeat', only: `${OPEN}.heartbeat`, groups },
  reading: { title: 'Reading, and pauses in it', only: `${OPEN}.reading` },
  closing: { title: 'Closing the connection', only: `${CONNECTION}.closing`, fold: [OPEN] },
  whole: { title: 'The whole shard chart', groups },
} as const satisfies Record<string, View>;

/** The Gateway chart. */
export const GATEWAY_VIEWS = {
  overview: { title: 'The Gateway chart', fold: ['connection.open'], events: 4 },
  session: { title: "The Gateway's side of a session", only: 'connection.open.session' },
  heartbeat: { title: "The Gateway's side of the heartbeat", only: 'connection.open.heartbeat' },
  whole: { title: 'The whole Gateway chart' },
} as const satisfies Record<string, View>;
