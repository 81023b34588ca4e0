import { badManifest, quoted } from "./bad-manifest.js";
import { MOST_NAME_BYTES, MOST_PATH_BYTES } from "./limits.js";

/** The cause that keeps a path from being a path of a tree; null for a good one. */
export function faultOfPath(path: string): string | null {
  if (path.startsWith("/")) return "it is absolute";
  if (path.includes("\0")) return "it contains NUL";
  if (!isUnicode(path)) return "it is not UTF-8";
  if (Buffer.byteLength(path) > MOST_PATH_BYTES) return `it is longer than ${MOST_PATH_BYTES} bytes`;
  for (const name of path.split("/")) {
    if (name === "") return "a name in it is empty";
    if (name === "." || name === "..") return `it contains "${name}"`;
    if (Buffer.byteLength(name) > MOST_NAME_BYTES) return `a name in it is longer than ${MOST_NAME_BYTES} bytes`;
  }
  return null;
}

/** @throws {FusemeterError} `BAD_MANIFEST` for a path that could lie outside of the tree, or that Linux can't hold */
export function checkPath(path: string): void {
  const fault = faultOfPath(path);
  if (fault !== null) throw badManifest(`the path ${quoted(path)} can't be used`, fault);
}

/** @throws {FusemeterError} `BAD_MANIFEST` for a symbolic link's text that Linux can't hold */
export function checkSymlink(path: string, target: string): void {
  const length = Buffer.byteLength(target);
  if (length > 0 && length <= MOST_PATH_BYTES && !target.includes("\0") && isUnicode(target)) return;
  throw badManifest(
    `the symbolic link ${quoted(path)} can't be used`,
    `its text is not of 1 to ${MOST_PATH_BYTES} bytes of UTF-8 without NUL`,
  );
}

/** The path of the directory that an entry lies in; "" is the root. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

/** False for a string with half of a surrogate pair, which has no UTF-8. */
export function isUnicode(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}
