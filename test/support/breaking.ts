import { vi } from 'vitest';
import { type EffectHandlers, Host } from '../../src/host/host.js';

/** Makes a method throw the next time that it is called, as a defect of ours would. */
export function breakNext<T extends object>(object: T, method: keyof T, message: string): void {
  const spy = vi.spyOn(object as Record<string, () => never>, method as string).mockImplementationOnce(() => {
    spy.mockRestore();
    throw new Error(message);
  });
}

/** The same for an effect of the chart. */
export const breakAt = (effect: keyof EffectHandlers, message: string): void =>
  breakNext(Host.prototype, effect, message);
