/** The tags of Erlang's external term format that a Gateway or its libraries write ("External Term Format" of Erlang). */
export const Tag = {
  NewFloat: 70,
  Compressed: 80,
  SmallInteger: 97,
  Integer: 98,
  Float: 99,
  Atom: 100,
  SmallTuple: 104,
  LargeTuple: 105,
  Nil: 106,
  String: 107,
  List: 108,
  Binary: 109,
  SmallBig: 110,
  LargeBig: 111,
  SmallAtom: 115,
  Map: 116,
  AtomUtf8: 118,
  SmallAtomUtf8: 119,
} as const;

/** The first byte of every message. */
export const VERSION = 131;
