// chartjs-node-canvas asks for "canvas", which wants an install script and a download. @napi-rs/canvas offers the same
// interface with its binaries inside npm packages.
module.exports = require("@napi-rs/canvas/node-canvas");
