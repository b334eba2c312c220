/**
 * The longest waits that are obeyed, in ms, whoever says so: a mistake of a proxy must not silence a bot for weeks. Asking
 * Get Gateway Bot once an hour hurts nobody, and the budget of identifies is a day's.
 */
export const LONGEST_WAITS = { locate: 3_600_000, identify: 86_400_000 } as const;
