import { vi } from 'vitest';
import type { ShardHost } from '../../machines/index.js';
import { Host } from '../../src/host/host.js';

/** Makes a method throw the next time that it is called, as a defect of ours would, or after some calls that do not. */
export function breakNext<T extends object>(object: T, method: keyof T, message: string, calls = 0): void {
  const methods = object as Record<keyof T, () => unknown>;
  const whole = methods[method];
  const spy = vi.spyOn(methods, method as never);
  for (let i = 0; i < calls; i += 1) spy.mockImplementationOnce(whole as never);
  spy.mockImplementationOnce((() => {
    spy.mockRestore();
    throw new Error(message);
  }) as never);
}

/** The same for an effect of the chart. */
export const breakAt = (effect: keyof ShardHost, message: string): void => breakNext(Host.prototype, effect, message);
