import { OPCODES, Opcode, type OpcodeName } from "../protocol/opcodes.js";
import type { Settings } from "../serving/context.js";
import { attributeOperations } from "./attributes.js";
import { dataOperations } from "./data.js";
import { directoryOperations } from "./directories.js";
import { extendedAttributeOperations } from "./extended-attributes.js";
import { fileOperations } from "./files.js";
import { forgetOperations } from "./forget.js";
import type { Handler, Operations } from "./handler.js";
import { ioctlOperations } from "./ioctl.js";
import { lockOperations } from "./locks.js";
import { nameOperations } from "./names.js";
import { rangeOperations } from "./ranges.js";
import { synchronizeOperations } from "./synchronize.js";
import { temporaryOperations } from "./temporary.js";
import { zeroOperations } from "./zeros.js";

/**
 * The families whose rows make the table of a mirror. Opcodes without a row are answered ENOSYS, which the kernel remembers:
 *
 *     POLL            a regular file is always ready, which is what the kernel then says without asking
 *     BMAP            block numbers mean nothing without a block device (fuseblk)
 *     SETUPMAPPING    DAX windows are virtiofs's
 *     REMOVEMAPPING   likewise
 *     NOTIFY_REPLY    answers FUSE_NOTIFY_RETRIEVE, which is never sent
 *     INIT            is answered before the workers start
 */
const families: readonly Operations[] = [
  nameOperations,
  forgetOperations,
  attributeOperations,
  fileOperations,
  temporaryOperations,
  dataOperations,
  rangeOperations,
  synchronizeOperations,
  directoryOperations,
  extendedAttributeOperations,
  lockOperations,
  ioctlOperations,
  { DESTROY: { argsBytes: 0, handle: () => 0 } },
];

type Table = readonly (Handler | undefined)[];

function tableOf(families: readonly Operations[]): Table {
  const table: (Handler | undefined)[] = new Array(OPCODES).fill(undefined);
  for (const [name, handler] of families.flatMap((family) => Object.entries(family))) {
    const opcode = Opcode[name as OpcodeName];
    if (table[opcode] !== undefined) throw new Error(`two rows for ${name}`);
    table[opcode] = handler;
  }
  return table;
}

/** The row of each opcode, by the content of the mount. */
export const handlers: Readonly<Record<Settings["content"], Table>> = {
  source: tableOf(families),
  zeros: tableOf([zeroOperations]),
};
