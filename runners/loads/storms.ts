import {
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  renameSync,
  statSync,
  unlinkSync,
} from "node:fs";
import { join } from "node:path";

/** Small operations of one kind on the names of a directory, one after another in this process. @returns the number of operations */
export type OperationStorm = (directory: string, names: readonly string[]) => number;

/** The same operation on the path of each name. */
function onEach(operation: (path: string) => unknown): OperationStorm {
  return (directory, names) => {
    for (const name of names) operation(join(directory, name));
    return names.length;
  };
}

/** The name of a file after a `rename` storm. */
export const renamed = (name: string) => `${name}-`;

/** A file's first bytes: enough for a READ. */
const buffer = Buffer.alloc(100);

export const storms = {
  /** The files must not exist. */
  create: onEach((path) => closeSync(openSync(path, "wx"))),
  stat: onEach((path) => statSync(path)),
  statOfMissing: onEach((path) => statSync(`${path}-missing`, { throwIfNoEntry: false })),
  readlink: onEach((path) => readlinkSync(path)),
  open: onEach((path) => closeSync(openSync(path, "r"))),
  openAndRead: onEach((path) => {
    const fd = openSync(path, "r");
    readSync(fd, buffer);
    closeSync(fd);
  }),
  /** The whole file, as Node reads it: with an fstat(2) after the open. */
  readFile: onEach((path) => readFileSync(path)),
  rename: onEach((path) => renameSync(path, renamed(path))),
  unlink: onEach((path) => unlinkSync(path)),
  /** One listing; each name that it gives is an operation. */
  readdir: (directory) => readdirSync(directory).length,
} satisfies Readonly<Record<string, OperationStorm>>;
