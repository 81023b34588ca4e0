export { type LayerOptions, manifestOfLayer } from "./from-layer.js";
export { unpackDeflate, unpackGzip } from "./gzip/unpack.js";
export { ZstdUnpacker } from "./zstd/unpacker.js";
