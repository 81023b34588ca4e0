// pako is zlib in JavaScript. Its `lib/zlib` has zlib's own interface, which tells the bit at which a block of deflate begins:
// node:zlib unpacks as far as it can and tells no such place.
declare module "pako/lib/zlib/zstream.js" {
  export default class ZStream {
    input: Uint8Array;
    next_in: number;
    avail_in: number;
    output: Uint8Array;
    next_out: number;
    avail_out: number;
    msg: string;
    /** Bits 0 to 2: the unused bits of the last byte. 64: the last block. 128: a block has just ended. */
    data_type: number;
  }
}

declare module "pako/lib/zlib/inflate.js" {
  import type ZStream from "pako/lib/zlib/zstream.js";

  const inflate: {
    inflateInit2(stream: ZStream, windowBits: number): number;
    inflate(stream: ZStream, flush: number): number;
  };
  export default inflate;
}
