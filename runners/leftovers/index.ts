export { MARK } from "./mark.js";
