/** Bare ws that throws everything away: what receiving costs. */
import { WebSocket } from 'ws';
import { meter } from '../meter.mjs';
import { IDENTIFY } from './identify.mjs';

let received = 0;
const socket = new WebSocket(`${meter.url}?v=10&encoding=json`, { perMessageDeflate: false });
socket.on('message', (data) => {
  received += 1;
  if (received > 2) meter.event(data);
  else if (received === 1) socket.send(IDENTIFY);
  else meter.ready();
});
