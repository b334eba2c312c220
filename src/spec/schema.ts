/** A JSON Schema (draft-07), as far as it is looked into here. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** The payload of each dispatch, by its name, and what these refer to. */
export interface PayloadsSchema {
  readonly properties: Readonly<Record<string, JsonSchema>>;
  readonly definitions: Readonly<Record<string, JsonSchema>>;
}
