/** Bare ws with heartbeats: the least that an idle shard is. */
import { WebSocket } from 'ws';
import { meter } from '../meter.mjs';
import { IDENTIFY } from './identify.mjs';

let readied = 0;
function open() {
  let sequence = null;
  const socket = new WebSocket(`${meter.url}?v=10&encoding=json`, { perMessageDeflate: false });
  const beat = () => socket.send(JSON.stringify({ op: 1, d: sequence }));
  socket.on('message', (data) => {
    const { op, s, t, d } = JSON.parse(data.toString());
    sequence = s ?? sequence;
    if (op === 10) {
      socket.send(IDENTIFY);
      setTimeout(() => {
        beat();
        setInterval(beat, d.heartbeat_interval);
      }, d.heartbeat_interval * Math.random());
    } else if (t === 'READY') {
      readied += 1;
      if (readied === meter.shards) meter.ready();
    }
  });
}
for (let i = 0; i < meter.shards; i += 1) open();
