/**
 * A small client, as little as a case needs: it does what the words after its name say. `connect`, `beat` (heartbeats),
 * `identify`, `resume`, `tell` (messages), `leave` (after a fatal code), `loop` (connects again at once), `print`, `deaf` (to SIGTERM).
 */
import { writeSync } from 'node:fs';
import WebSocket from 'ws';

const print = (text) => writeSync(1, `${text}\n`);
const words = new Set(process.argv.slice(2));
const { GATECHART_GATEWAY, GATECHART_REST, DISCORD_TOKEN } = process.env;
let session = null;
let seq = null;

if (words.has('deaf')) process.on('SIGTERM', () => {});
if (words.has('print'))
  print(JSON.stringify({ token: DISCORD_TOKEN, ca: process.env.GATECHART_CA ?? null, args: process.argv.slice(3) }));
if (words.has('connect')) {
  await fetch(`${GATECHART_REST}/v10/gateway/bot`, { headers: { authorization: `Bot ${DISCORD_TOKEN}` } });
  connect(GATECHART_GATEWAY);
} else if (!words.has('exit')) setInterval(() => {}, 1_000);

function connect(url) {
  const socket = new WebSocket(`${url}/?v=10&encoding=json`);
  const send = (op, d) => socket.send(JSON.stringify({ op, d }));
  let timer;
  socket.on('message', (data) => {
    const { op, d, s, t } = JSON.parse(data);
    seq = s ?? seq;
    if (op === 1 && words.has('beat')) send(1, seq);
    if (op === 10) {
      if (words.has('beat')) timer = setInterval(() => send(1, seq), d.heartbeat_interval);
      if (words.has('resume') && session) send(6, { token: DISCORD_TOKEN, session_id: session.session_id, seq });
      else if (words.has('identify'))
        send(2, { token: DISCORD_TOKEN, intents: 513, properties: { os: 'linux', browser: 'small', device: 'small' } });
    }
    if (t === 'READY') session = d;
    if (t === 'MESSAGE_CREATE' && words.has('tell')) print(`MSG ${d.id}`);
  });
  socket.on('error', () => {});
  socket.on('close', (code) => {
    clearInterval(timer);
    if (words.has('leave') && [4004, 4010, 4011, 4012, 4013, 4014].includes(code)) return;
    if (words.has('loop')) connect(GATECHART_GATEWAY);
    else if (words.has('resume')) setTimeout(() => connect(session?.resume_gateway_url ?? GATECHART_GATEWAY), 200);
  });
}
