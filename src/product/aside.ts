/** What slices remember of a run beside the charts, in one number: a bit each, and the last sequence handled. */

/** The slices of the product, which slices.ts tells. */
export const SLICE_NAMES = ['repeats', 'invents', 'standing', 'codes', 'refusals', 'handled', 'taken'] as const;
/** The name of a slice. */
export type SliceName = (typeof SLICE_NAMES)[number];

/** Faults that stand, whichever the connection: no ACK is sent, a resume is refused, a resume is never answered. */
export const NO_ACKS = 1;
export const NO_RESUMES = 2;
export const MUTE_RESUMES = 4;
/** A resume was sent on the newest connection, and nothing new came since; a code that allows no other one answered it. */
export const RESUMED_HERE = 8;
export const LIMITED = 16;
/** Another client has the session. */
export const TAKEN = 32;

const HANDLED = 6;
const HANDLED_MASK = 63 << HANDLED;

/** The last sequence that the consumer has handled, where that is followed. */
export const handledOf = (aside: number): number => (aside & HANDLED_MASK) >>> HANDLED;
export const withHandled = (aside: number, sequence: number): number => (aside & ~HANDLED_MASK) | (sequence << HANDLED);
