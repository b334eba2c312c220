/** The page of the relay: what it says, and its script, run against a page made of plain objects. */
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { statelyPage, whatIsSent } from '../../src/inspect/stately-page.js';

const URL_OF_INSPECTOR = 'https://stately.ai/inspect?x=1';
const ORIGIN = 'https://stately.ai';

const scriptsOf = (page: string) =>
  [...page.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, script = '']) => script);

interface PageSocket {
  readonly url: string;
  readonly sent: unknown[];
  onopen(): void;
  onmessage(event: { data: string }): void;
  onclose(event: { code: number; reason: string }): void;
}

/** Loads the page at an address of the relay, in a tab that may remember a session. */
function load(hash: string, remembered: Readonly<Record<string, string>> = {}) {
  const element = () => ({ hidden: true, textContent: '', src: '', click() {} });
  const posted: [message: unknown, origin: string][] = [];
  const frame = {
    ...element(),
    contentWindow: { postMessage: (...each: (typeof posted)[number]) => posted.push(each) },
  };
  const elements: Record<string, ReturnType<typeof element>> = { inspector: frame, status: element(), main: element() };
  const send = { ...element(), addEventListener: (_: string, listener: () => void) => (send.click = listener) };
  const sockets: PageSocket[] = [];
  const stored = new Map(Object.entries(remembered));
  const shown: unknown[] = [];
  let listen: (event: object) => void = () => {};
  const globals = {
    URL,
    URLSearchParams,
    location: { hash, pathname: '/', host: '127.0.0.1:4000' },
    history: { replaceState: (...how: unknown[]) => shown.push(how[2]) },
    sessionStorage: {
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, value: string) => void stored.set(key, value),
    },
    document: {
      getElementById: (id: string) => (id === 'send' ? send : elements[id]),
      querySelector: (selector: string) => elements[selector],
    },
    addEventListener: (_: string, listener: typeof listen) => {
      listen = listener;
    },
    WebSocket: class {
      readonly sent: unknown[] = [];
      constructor(readonly url: string) {
        sockets.push(this as unknown as PageSocket);
      }
      send(text: string) {
        this.sent.push(JSON.parse(text));
      }
    },
  };
  const [script = ''] = scriptsOf(statelyPage(URL_OF_INSPECTOR));
  runInNewContext(script, globals);
  const socket = sockets[0] as PageSocket;
  return {
    socket,
    posted,
    frame,
    shown,
    stored,
    main: elements.main,
    status: () => elements.status?.textContent,
    agree: () => send.click(),
    relay: (message: object) => socket.onmessage({ data: JSON.stringify(message) }),
    /** The frame says that the inspector is ready. */
    ready: (event: object = {}) =>
      listen({ source: frame.contentWindow, origin: ORIGIN, data: { type: '@statelyai.connected' }, ...event }),
  };
}

const event = (type: string) => ({ type: '@xstate.event', event: { type } });
const actor = { type: '@xstate.actor', name: 'shard' };

describe('what is sent', () => {
  it('names the site by its origin, what goes there, and what does not', () => {
    expect(whatIsSent(URL_OF_INSPECTOR)).toBe(
      'Sent to https://stately.ai, a site of Stately: the charts, their states, events and what they remember. ' +
        'Not sent: token, session ids, resume URLs, and what dispatches and commands hold.',
    );
    expect(whatIsSent('http://localhost:3000/a/b#c')).toMatch(/^Sent to http:\/\/localhost:3000, /);
  });
});

describe('the page', () => {
  it('says what is sent where, or another text that it is given', () => {
    expect(statelyPage(URL_OF_INSPECTOR)).toContain(`<p>${whatIsSent(URL_OF_INSPECTOR)}</p>`);
    expect(statelyPage(URL_OF_INSPECTOR, 'Nothing at all.')).toContain('<p>Nothing at all.</p>');
  });

  it('loads nothing from elsewhere: one script and one style stand in it', () => {
    const page = statelyPage(URL_OF_INSPECTOR);
    expect(scriptsOf(page)).toHaveLength(1);
    expect(page.match(/<style>/g)).toHaveLength(1);
    expect(page).not.toMatch(/<(link|img)\b|\b(src|href)=/);
  });

  it('takes a URL with quotes and dollar signs for a URL', () => {
    const [script] = scriptsOf(statelyPage('https://a.b/?x=$&\'"$1'));
    expect(script).toContain(`const url = "https://a.b/?x=$&'\\"$1", origin`);
  });
});

describe('a URL that would end the script', () => {
  it.each(['https://a.b/?</script><script>x', 'https://a.b/?<!--<script>'])('stays in it: %s', (url) => {
    const page = statelyPage(url);
    const [script = '', ...others] = scriptsOf(page);
    expect(others).toEqual([]);
    expect(script).not.toMatch(/<!--|<script/);
    const [, text = ''] = /const url = (".*"), origin/.exec(script) ?? [];
    expect(JSON.parse(text)).toBe(url);
  });
});

describe('the script of the page', () => {
  it('sends the key of the address to its relay, and shows the address without it from then on', () => {
    const { socket, shown } = load('#key=abc');
    expect(shown).toEqual(['/']);
    expect(socket.url).toBe('ws://127.0.0.1:4000/live');
    socket.onopen();
    expect(socket.sent).toEqual([{ key: 'abc' }]);
  });

  it('keeps the session that it is given, and sends it when the tab is loaded again', () => {
    const { socket, relay, stored, status } = load('#key=abc');
    socket.onopen();
    relay({ type: 'relay.session', session: 's1' });
    expect([...stored]).toEqual([['relay.session', 's1']]);
    expect(status()).toBe('Connected to the program. Nothing has been sent yet.');
    const again = load('', Object.fromEntries(stored));
    again.socket.onopen();
    expect(again.socket.sent).toEqual([{ session: 's1' }]);
  });

  it('prefers a new key to a session of before', () => {
    const { socket } = load('#key=new', { 'relay.session': 'old' });
    socket.onopen();
    expect(socket.sent).toEqual([{ key: 'new' }]);
  });

  it.each([
    [4401, 'the key is wrong', 'Not connected: the key is wrong.'],
    [1006, '', 'The program has ended.'],
  ])('says what a close with %i means', (code, reason, says) => {
    const { socket, status } = load('#key=abc');
    socket.onclose({ code, reason });
    expect(status()).toBe(says);
  });

  it('loads the inspector only when a person has agreed', () => {
    const { frame, main, agree, relay } = load('#key=abc');
    relay(actor);
    expect(frame).toMatchObject({ src: '', hidden: true });
    agree();
    expect(frame).toMatchObject({ src: URL_OF_INSPECTOR, hidden: false });
    expect(main?.hidden).toBe(true);
  });

  it('hands on nothing before the inspector is ready, then everything from the beginning, and to its origin alone', () => {
    const { agree, ready, relay, posted } = load('#key=abc');
    relay(actor);
    agree();
    relay(event('a'));
    expect(posted).toEqual([]);
    ready();
    relay(event('b'));
    expect(posted).toEqual([actor, event('a'), event('b')].map((message) => [message, ORIGIN]));
  });

  it('does not hand on what the relay says to the page itself', () => {
    const { agree, ready, relay, posted } = load('#key=abc');
    agree();
    ready();
    relay({ type: 'relay.session', session: 's1' });
    expect(posted).toEqual([]);
  });

  it.each([
    ['another window', { source: {} }],
    ['another origin', { origin: 'https://attacker.example' }],
    ['another message', { data: { type: 'hello' } }],
    ['no message', { data: null }],
  ])('does not take %s for the inspector', (_, said) => {
    const { agree, ready, relay, posted } = load('#key=abc');
    relay(actor);
    agree();
    ready(said);
    expect(posted).toEqual([]);
  });

  it('keeps 10,000 messages for the inspector, the newest, and all actors', () => {
    const { ready, relay, posted } = load('#key=abc');
    relay(actor);
    for (let n = 1; n <= 10_001; n += 1) relay(event(`${n}`));
    ready();
    const messages = posted.map(([message]) => message);
    expect(messages).toHaveLength(10_000);
    expect(messages.slice(0, 2)).toEqual([actor, event('3')]);
    expect(messages.at(-1)).toEqual(event('10001'));
  });
});

it('needs a URL', () => {
  expect(() => statelyPage('stately.ai')).toThrow('url is a string; it must be the URL of the inspector');
  expect(() => whatIsSent(undefined as never)).toThrow('url is null; it must be the URL of the inspector');
});
