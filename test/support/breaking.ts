import { vi } from 'vitest';
import { type EffectHandlers, Host } from '../../src/host/host.js';

/** Makes an effect of the chart throw the next time that it is carried out, as a defect of ours would. */
export function breakAt(effect: keyof EffectHandlers, message: string): void {
  const spy = vi.spyOn(Host.prototype, effect).mockImplementationOnce(() => {
    spy.mockRestore();
    throw new Error(message);
  });
}
