import { decode, decodeTerm, type Incoming } from './decode.js';

/** Turns the WebSocket messages of one connection into messages of the Gateway, in order. Each connection has its own. */
export interface Decoder {
  /** Takes a WebSocket message, text as a string or its UTF-8 bytes. Its bytes belong to the caller again afterwards. Never throws. */
  receive(data: string | Uint8Array, isBinary: boolean): void;
  /** Lets go of everything; nothing is handed on any more. */
  end(): void;
}

/** What a connection speaks. */
export interface DecoderOptions {
  /** The query parameter ("Gateway URL Query String Params"). */
  readonly encoding: keyof typeof ENCODINGS;
}

/** How one whole message is understood, by encoding. */
const ENCODINGS = {
  json: decode,
  etf: decodeTerm,
} as const satisfies Record<string, (data: string | Uint8Array, isBinary: boolean) => Incoming>;

/** A decoder for one connection. The sink hears of a message before `receive` returns. */
export function decoderFor({ encoding }: DecoderOptions, sink: (incoming: Incoming) => void): Decoder {
  const understand = ENCODINGS[encoding];
  let isOver = false;
  return {
    receive(data, isBinary) {
      if (!isOver) sink(understand(data, isBinary));
    },
    end() {
      isOver = true;
    },
  };
}
