/** What holds unless it is set. Times in ms. */
export const DEFAULTS = {
  /** Heartbeat interval. */
  interval: 3_000,
  /** How long a client may take from its start to READY. */
  startup: 30_000,
  /** Cases at once. */
  jobs: 6,
};
