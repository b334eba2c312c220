/** What a cause says: one sentence for people, and the section of the documentation (or `policy`, `user`) it comes from. */
export interface CauseRow {
  readonly says: string;
  readonly spec: string;
}
