export { makeWarm } from "./caches.js";
export { makeTestFile } from "./test-data.js";
export { makeWorkspace, type Workspace } from "./workspace.js";
