/** What a cause says: one sentence for people, and the section of the documentation (or `policy`, `user`) it comes from. */
export interface CauseRow {
  readonly says: string;
  readonly spec: string;
}

/** A table of causes: each row may have all columns of its kind, and its name is known. */
export const causeTable =
  <Row extends CauseRow>() =>
  <Name extends string>(rows: Readonly<Record<Name, Row>>): Readonly<Record<Name, Row>> =>
    rows;
