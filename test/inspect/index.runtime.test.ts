/** The inspector of a Node process, with the relay that it starts. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import WebSocket from 'ws';
import { Deferred } from '../../src/inspect/deferred.js';
import {
  type Inspector,
  inspectorFor,
  type Relay,
  type StatelyInspectorOptions,
  startRelay,
  startStatelyRelay,
  statelyInspector,
  whatIsSent,
} from '../../src/inspect/index.js';
import { play } from '../support/inspection.js';
import { until } from '../support/leftovers.js';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  for (const each of open.splice(0)) await each.close();
});

const kept = <T extends { close(): unknown }>(closable: T): T => {
  open.push(closable);
  return closable;
};

/** Starts an inspector; its address and what it says are there once its relay is. */
function inspecting(options: StatelyInspectorOptions = {}): { inspector: Inspector; told: Promise<[string, string]> } {
  let resolve: (told: [string, string]) => void = () => {};
  const told = new Promise<[string, string]>((resolved) => {
    resolve = resolved;
  });
  return { inspector: kept(statelyInspector({ onUrl: (...each) => resolve(each), ...options })), told };
}

/** Looks at a relay as its page does: the messages that it gets. */
function look({ url }: { readonly url: string }): object[] {
  const { host, origin, hash } = new URL(url);
  const heard: object[] = [];
  const socket = new WebSocket(`ws://${host}/live`, { headers: { origin } });
  kept({ close: () => socket.terminate() });
  socket.on('open', () => socket.send(JSON.stringify({ key: hash.slice('#key='.length) })));
  socket.on('message', (data) => heard.push(JSON.parse(String(data))));
  return heard;
}

/** What is written to standard error meanwhile. */
function errorOutput(): string[] {
  const written: string[] = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  return written;
}

describe('an inspector of a process', () => {
  it('serves a page on this machine that may frame the hosted inspector alone, and says what is sent there', async () => {
    const { told } = inspecting();
    const [url, says] = await told;
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#key=.+$/);
    expect(says).toBe(whatIsSent('https://stately.ai/inspect'));
    const response = await fetch(url);
    expect(await response.text()).toContain(says);
    expect(response.headers.get('content-security-policy')).toContain('frame-src https://stately.ai;');
  });

  it('shows another inspector by its URL', async () => {
    const { told } = inspecting({ url: 'http://localhost:3000/inspect' });
    const [url, says] = await told;
    expect(says).toMatch(/^Sent to http:\/\/localhost:3000, /);
    expect((await fetch(url)).headers.get('content-security-policy')).toContain('frame-src http://localhost:3000;');
  });

  it('sends its page everything, also from before the page was there', async () => {
    const { inspector, told } = inspecting();
    play(inspector.next);
    const [url] = await told;
    const heard = look({ url });
    await until(() => heard.length > 2);
    expect(heard[0]).toMatchObject({ type: 'relay.session' });
    expect(heard[1]).toMatchObject({ type: '@xstate.actor', name: 'shard' });
    const before = heard.length;
    play(inspector.next);
    await until(() => heard.length > before);
    expect(heard.filter((message) => 'name' in message && message.name === 'shard')).toHaveLength(2);
  });

  it('writes the address to standard error by default', async () => {
    const written = errorOutput();
    inspecting({ onUrl: undefined });
    await until(() => written.length > 0);
    expect(written.join('')).toMatch(
      /^Stately inspector: http:\/\/127\.0\.0\.1:\d+\/#key=\S+\nSent to .*asks first\.\n$/,
    );
  });

  it('stops its relay when it is closed', async () => {
    const { inspector, told } = inspecting();
    const [url] = await told;
    await inspector.close();
    await expect(fetch(url)).rejects.toThrow();
  });

  it('may be closed before its relay runs', async () => {
    const { inspector, told } = inspecting();
    await inspector.close();
    const [url] = await told;
    await expect(fetch(url)).rejects.toThrow();
  });

  it('keeps the newest messages until its relay runs, and none once that cannot run', async () => {
    const spy = vi.spyOn(Deferred.prototype, 'send');
    const written = errorOutput();
    const { inspector, told } = inspecting({ history: 3 });
    for (let n = 0; n < 3; n += 1) play(inspector.next);
    await until(() => spy.mock.calls.length > 3);
    const [waiting] = spy.mock.contexts as Deferred[];
    expect(waiting?.all).toHaveLength(3);
    await told;

    const { port } = kept(await startStatelyRelay());
    const { inspector: failed } = inspecting({ port });
    await until(() => written.length > 0);
    spy.mockClear();
    play(failed.next);
    await new Promise((resolve) => setTimeout(resolve));
    expect(spy).not.toHaveBeenCalled();
  });

  it('says on standard error that its port is taken, and breaks nothing', async () => {
    const written = errorOutput();
    const { port } = kept(await startStatelyRelay());
    const { inspector } = inspecting({ port });
    expect(() => play(inspector.next)).not.toThrow();
    await until(() => written.length > 0);
    expect(written.join('')).toMatch(/^The Stately inspector could not be started: .*EADDRINUSE/);
    await inspector.close();
  });

  it('sends to a relay that runs already, and starts none', async () => {
    const relay: Relay = kept(await startRelay({ page: '', publish: (message) => message as object }));
    const onUrl = vi.fn();
    const { inspector } = inspecting({ relay: relay.publishUrl ?? '', onUrl });
    play(inspector.next);
    const heard = look(relay);
    await until(() => heard.length > 2);
    expect(heard[1]).toMatchObject({ type: '@xstate.actor', name: 'shard' });
    expect(onUrl).not.toHaveBeenCalled();
  });
});

describe('a relay to the inspector', () => {
  it('refuses a port that is taken', async () => {
    const { port } = kept(await startStatelyRelay());
    await expect(startStatelyRelay({ port })).rejects.toThrow(/EADDRINUSE/);
  });

  it('takes no option that it does not know', async () => {
    await expect(startStatelyRelay({ prot: 1 } as never)).rejects.toThrow('there is no option prot: write port');
    await expect(startRelay({ pages: '' } as never)).rejects.toThrow('there is no option pages: write page');
    await expect(startRelay({} as never)).rejects.toThrow('page is null; it must be a page, as HTML');
    expect(() => inspectorFor({} as never)).toThrow('the receiver is an object; it must be an object with send()');
  });
});
