/** Erlang's external term format, for `encoding=etf`. */
export { decodeEtf, EtfError } from './decode.js';
export { EtfWriter, encodeEtf } from './encode.js';
