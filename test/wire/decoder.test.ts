import { describe, expect, it } from 'vitest';
import type { Incoming } from '../../src/wire/decode.js';
import { decoderFor } from '../../src/wire/decoder.js';

describe('a decoder', () => {
  it('hands on each message before receive returns', () => {
    const heard: Incoming[] = [];
    const decoder = decoderFor({ encoding: 'json' }, (incoming) => heard.push(incoming));
    decoder.receive('{"op":11}', false);
    expect(heard).toEqual([{ type: 'heartbeatAck' }]);
    decoder.receive(new TextEncoder().encode('{"op":7}'), false);
    expect(heard.at(-1)).toEqual({ type: 'reconnectRequested' });
  });

  it('hands on nothing after its end', () => {
    const heard: Incoming[] = [];
    const decoder = decoderFor({ encoding: 'json' }, (incoming) => heard.push(incoming));
    decoder.end();
    decoder.receive('{"op":11}', false);
    expect(heard).toEqual([]);
  });
});
