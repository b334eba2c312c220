/** The table against documented.json, a transcription of Discord's documentation made apart from it, and discord-api-types. */
import { VoiceGatewayVersion as THEIRS } from 'discord-api-types/voice/v8';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { VOICE_VERSIONS, type VoiceGatewayVersion } from '../../../machines/voice/versions.js';
import { compiles } from '../../support/compiles.js';
import documented from './documented.json' with { type: 'json' };

const rows = Object.entries(documented.versions).flatMap(([status, versions]) =>
  versions.map((version) => [version, status] as const),
);

describe('Voice Gateway Versioning', () => {
  it('is complete, and has no other', () => {
    expect(Object.entries(VOICE_VERSIONS).map(([version, { status }]) => [Number(version), status])).toEqual(
      [...rows].sort(([one], [other]) => one - other),
    );
  });

  it('recommends the version that discord-api-types is for', () => {
    expect(VOICE_VERSIONS[Number(THEIRS) as VoiceGatewayVersion].status).toBe('recommended');
  });

  compiles('is typed by what can be asked for', () => {
    type Usable = {
      [V in keyof typeof VOICE_VERSIONS]: (typeof VOICE_VERSIONS)[V]['status'] extends 'recommended' | 'available'
        ? V
        : never;
    }[keyof typeof VOICE_VERSIONS];
    expectTypeOf<VoiceGatewayVersion>().toEqualTypeOf<Usable>();
  });
});
