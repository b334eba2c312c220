/**
 * The page of the relay that hands what it hears to Stately's inspector. That is a page of another site in a frame, so
 * it says first what will be sent where, and sends nothing before a person has agreed.
 */
import { demandGiven } from '../../machines/kit/shape.js';
import { inScript } from '../telling/printable.js';

const URL_RULE = {
  says: 'the URL of the inspector, https://…',
  holds: (value: unknown) => URL.canParse(String(value)),
};

/** What the page says, and the command line before it. */
export function whatIsSent(url: string): string {
  demandGiven('url', url, URL_RULE);
  return (
    `Sent to ${new URL(url).origin}, a site of Stately: the charts, their states, events and what they remember. ` +
    'Not sent: token, session ids, resume URLs, and what dispatches and commands hold.'
  );
}

/** The page for an inspector at a URL. */
export function statelyPage(url: string, shows = whatIsSent(url)): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>gatechart in the Stately inspector</title>
<style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0; }
main { max-width: 36rem; margin: 12vh auto; padding: 0 1.5rem; }
h1 { font-size: 1.4rem; }
button { font: inherit; font-weight: 600; padding: .6rem 1.2rem; border-radius: .5rem; border: 0; background: #0969da; color: #fff; cursor: pointer; }
button:focus-visible { outline: 3px solid #54aeff; outline-offset: 2px; }
iframe { display: block; width: 100vw; height: 100vh; border: 0; }
[hidden] { display: none; }
.muted { opacity: .7; }
</style>
</head>
<body>
<main>
<h1>Show it in the Stately inspector</h1>
<p>${shows}</p>
<p><button id="send" type="button">Send it and show</button></p>
<p class="muted" id="status" role="status">Nothing has been sent.</p>
<p class="muted">It needs a network. Without one, <code>--inspect=local</code> shows more, and sends nothing anywhere.</p>
</main>
<iframe id="inspector" title="Stately inspector" hidden></iframe>
<script>${SCRIPT.replace('INSPECTOR_URL', () => inScript(url))}</script>
</body>
</html>
`;
}

const SCRIPT = `
const url = INSPECTOR_URL, origin = new URL(url).origin;
const frame = document.getElementById('inspector'), status = document.getElementById('status');
const say = (text) => { status.textContent = text; };
const heard = [];
let isReady = false;

function show(message) {
  heard.push(message);
  if (heard.length > 10000) heard.splice(heard.findIndex(({ type }) => type !== '@xstate.actor'), 1);
  if (isReady) frame.contentWindow.postMessage(message, origin);
}
addEventListener('message', ({ data, source, origin: from }) => {
  if (source !== frame.contentWindow || from !== origin || data?.type !== '@statelyai.connected') return;
  isReady = true;
  for (const message of heard) frame.contentWindow.postMessage(message, origin);
});
document.getElementById('send').addEventListener('click', () => {
  document.querySelector('main').hidden = true;
  frame.hidden = false;
  frame.src = url;
});

const key = new URLSearchParams(location.hash.slice(1)).get('key');
history.replaceState(null, '', location.pathname);
let wasOpen = false;
function connect() {
  const socket = new WebSocket('ws://' + location.host + '/live');
  socket.onopen = () => {
    const session = sessionStorage.getItem('relay.session');
    heard.length = 0;
    socket.send(JSON.stringify(session && !key ? { session } : wasOpen ? { session } : { key }));
  };
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(data);
    if (message.type !== 'relay.session') return show(message);
    wasOpen = true;
    sessionStorage.setItem('relay.session', message.session);
    say('Connected to the program. Nothing has been sent yet.');
  };
  socket.onclose = ({ code, reason }) => say(code === 4401 ? 'Not connected: ' + reason + '.' : 'The program has ended.');
}
connect();
`;
