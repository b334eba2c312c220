/** Bare ws and JSON.parse: the least that a client does which parses everything. */
import { WebSocket } from 'ws';
import { meter } from '../meter.mjs';
import { IDENTIFY } from './identify.mjs';

const socket = new WebSocket(`${meter.url}?v=10&encoding=json`, { perMessageDeflate: false });
socket.on('message', (data) => {
  const { op, t, d } = JSON.parse(data.toString());
  if (op === 10) socket.send(IDENTIFY);
  else if (t === 'READY') meter.ready();
  else meter.event(d);
});
