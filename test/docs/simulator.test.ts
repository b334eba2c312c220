import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { simulatedClock } from '../../src/host/clock.js';
import { logReply, obey } from '../../src/simulator/control-http.js';
import { Gateway } from '../../src/simulator/gateway.js';
import {
  FAULT_DETAILS,
  FAULTS,
  type FaultName,
  faultTakes,
  LOG_KINDS,
  MALFORMED,
  PLACES,
} from '../../src/simulator/index.js';
import { profileFrom } from '../../src/simulator/options.js';

const page = readFileSync(join(import.meta.dirname, '../../docs/simulator.md'), 'utf8');
const gateway = new Gateway({}, simulatedClock());
const messageOf = ({ body }: { readonly body?: unknown }) => (body as { message: string }).message;
const namesAfter = (colon: string, message: string) => message.slice(message.indexOf(colon) + colon.length).split(', ');

describe('docs/simulator.md', () => {
  it.each(Object.entries(FAULTS))('has the fault %s with what it does and takes', (name, says) => {
    const { lasts, detail } = faultTakes(name as FaultName);
    const takes = detail === undefined ? '' : `\`${detail}\` (${FAULT_DETAILS[detail].default})`;
    expect(page).toContain(`| \`${name}\` | ${says} | ${lasts} | ${takes} |`);
  });

  it.each(Object.entries(MALFORMED))('has the kind %s of malformed frames', (name, { says }) => {
    expect(page).toContain(`| \`${name}\` | ${says} |`);
  });

  it('has every setting and limit with its default', () => {
    const { settings, limits } = profileFrom({});
    for (const [name, value] of [...Object.entries(settings), ...Object.entries(limits)]) {
      const shown = typeof value === 'object' ? JSON.stringify(value).replace(/([:,])/g, '$1 ') : `${value}`;
      const row = page.split('\n').find((line) => line.startsWith('|') && line.split('|')[1]?.includes(`\`${name}\``));
      expect(row?.split('|')[2]?.replaceAll('`', '').trim(), name).toBe(shown);
    }
  });

  it('has every order with its fields, every kind of entry, every filter and every place', () => {
    const orders = namesAfter('there are ', messageOf(obey(gateway, 'explode', {})));
    const fields = orders.flatMap((order) => {
      if (order === 'injectFault') return ['name'];
      return namesAfter('it takes ', messageOf(obey(gateway, order, { explode: 1 }))).filter(
        (field) => field !== 'nothing',
      );
    });
    const filters = namesAfter('it takes ', messageOf(logReply(gateway, new URLSearchParams('explode=1'))));
    const names = [...orders, ...fields, ...filters, ...LOG_KINDS, ...PLACES].filter((name) => name !== 'after');
    expect(names.length).toBeGreaterThan(50);
    expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
});
