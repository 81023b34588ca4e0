export { OutHeader } from "./header.js";
export { Opcode } from "./opcodes.js";
