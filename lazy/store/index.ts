export { TREE } from "./directory.js";
export { Store } from "./store.js";
