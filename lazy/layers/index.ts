export { type LayerOptions, manifestOfLayer } from "./from-layer.js";
export { manifestOfSource } from "./from-source.js";
export { unpackDeflate, unpackGzip } from "./gzip/unpack.js";
export { ZstdUnpacker } from "./zstd/unpacker.js";
