import { describe, expect, it } from 'vitest';
import { statelyInspector } from '../../src/inspect/index.js';

describe('an inspector', () => {
  it.each([
    ['http://127.0.0.1', 'the argument is a string; it must be an object'],
    [{ relay: 'localhost:1' }, 'relay is a string; it must be a URL, such as the publishUrl of a relay, ws://'],
    [{ port: 'abc' }, "port is 'abc'; it must be a whole number from 0 to 65535"],
    [{ port: 99_999 }, 'port is 99999; it must be a whole number from 0 to 65535'],
    [{ url: 'stately' }, "url is 'stately'; it must be a URL, such as https://"],
    [{ autoStart: true }, 'there is no option autoStart; there are relay, port, url, onUrl, history, filter, payloads'],
    [{ history: 'x' }, "history is 'x'; it must be a whole number above 0"],
    [{ filter: 'x' }, "filter is 'x'; it must be a function"],
  ])('is refused before it starts anything, and in words: %j', (options, says) => {
    expect(() => statelyInspector(options as never)).toThrow(says);
  });
});
