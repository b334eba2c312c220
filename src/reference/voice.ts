/** The page of the voice Gateway: its tables, for which there is no chart. */
import { VOICE_CLOSE_CODES, voiceCloseCode } from '../../machines/voice/close-codes.js';
import { VOICE_OPCODES } from '../../machines/voice/opcodes.js';
import { VOICE_VERSIONS } from '../../machines/voice/versions.js';
import { clause } from './clauses.js';
import { FAULT } from './close-codes.js';
import { code, paragraphs, table } from './markdown.js';
import { WAY } from './tables.js';

export function voicePage(): string {
  const closeCodes = Object.keys(VOICE_CLOSE_CODES).map((each) => ({ each, row: voiceCloseCode(Number(each)) }));
  return paragraphs(
    '# Voice',
    'The documented tables of the voice Gateway, the server that a call runs on. They are data for clients that speak to one, in `gatechart/machines`: `VOICE_OPCODES`, `VOICE_CLOSE_CODES`, `VOICE_VERSIONS`. There is no chart of voice, and no shard joins a call.',
    '## Voice opcodes',
    `${clause('voice#voice-opcodes')}. JSON goes in text messages. Binary messages are an opcode in one byte and the payload; those received have the sequence in two bytes, big endian, before it. An opcode that is not here is ignored, but its \`seq\` counts.`,
    table(
      ['op', 'name', 'way', 'format', 'd, or the payload'],
      Object.entries(VOICE_OPCODES).map(([op, { name, direction, format, d }]) => [
        op,
        name,
        WAY[direction],
        format,
        d,
      ]),
    ),
    '## Voice close codes',
    `${clause('voice#voice-close-event-codes')}. *Resume*: a new connection to the same server, and Resume. *Identify*: the session is given up and the call joined anew, which is Update Voice State on the Gateway and Identify with what its two answers say. *Stop*: neither; where it may be a move, a Voice State Update and a Voice Server Update that follow on the Gateway begin a new connection. The documentation itself says what to do in few rows; the others are our reading.`,
    table(
      ['code', 'name', 'then', 'at most', 'wait first', 'may be a move', 'whose fault', 'documented', 'what it means'],
      closeCodes.map(({ each, row }) => [
        each,
        row.name,
        row.recovery,
        row.attempts === undefined ? '' : `${row.attempts} tries`,
        row.wait ?? '',
        row.maybeMoved ? 'yes' : '',
        FAULT[row.fault],
        row.documented ? (row.instructs ? 'yes, and what to do' : 'yes') : 'no',
        row.says,
      ]),
    ),
    `Below 4000: ${voiceCloseCode(1006).says}. Any other: ${voiceCloseCode(4999).says}, after a growing wait.`,
    '## Voice versions',
    `${clause('voice#voice-gateway-versioning')}: ${code('v')} in the URL. They are not the versions of the Gateway.`,
    table(
      ['v', 'status', 'what it brought'],
      Object.entries(VOICE_VERSIONS)
        .reverse()
        .map(([version, { status, says }]) => [version, status, says]),
    ),
  );
}
