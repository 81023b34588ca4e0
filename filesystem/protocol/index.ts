export { OutHeader } from "./header.js";
export { Opcode, type OpcodeName } from "./opcodes.js";
