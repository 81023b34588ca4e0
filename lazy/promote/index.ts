export { serveControl } from "./control.js";
