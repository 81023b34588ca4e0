// chartjs-node-canvas depends on "canvas", which needs an install script and a download. @napi-rs/canvas offers the same
// interface with its binaries inside npm packages. As a workspace this shim is the "canvas" of the repository; npm bundles
// it with chartjs-node-canvas into the package, since an override would count in the root package alone.
module.exports = require("@napi-rs/canvas/node-canvas");
