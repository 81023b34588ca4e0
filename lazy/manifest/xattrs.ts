import { badManifest, quoted } from "./bad-manifest.js";
import { MOST_NAME_BYTES, MOST_XATTR_BYTES } from "./limits.js";
import { isUnicode } from "./names.js";

/** The mark of a directory that hides all of the same directory in lower layers. */
export const OPAQUE = "trusted.overlay.opaque";
/** overlayfs reads these from layers: a redirect or a metacopy of someone else's would reach outside of the layer. */
const OF_OVERLAYFS = /^(?:trusted|user)\.overlay\./;
/** Notes of the overlay that wrote them, without meaning elsewhere. */
const NOTES = new Set(["impure", "nlink", "origin", "uuid", "protattr"]);
const NAME = /^(?:user|trusted|security|system)\.[^\0]+$/;
/** `XATTR_SIZE_MAX` of linux/limits.h. */
const MOST_VALUE_BYTES = 64 * 2 ** 10;

/** True for an attribute that a tree leaves out without loss. */
export function isNote(name: string): boolean {
  return OF_OVERLAYFS.test(name) && NOTES.has(name.slice(name.indexOf(".overlay.") + ".overlay.".length));
}

/**
 * Checks the extended attributes of an entry: names, sizes, and nothing of overlayfs's but `trusted.overlay.opaque`.
 *
 * @param xattrs values in base64
 * @throws {FusemeterError} `BAD_MANIFEST`
 */
export function checkXattrs(path: string, xattrs: Readonly<Record<string, string>>): void {
  let total = 0;
  for (const [name, value] of Object.entries(xattrs)) {
    const bytes = Buffer.byteLength(value, "base64");
    total += Buffer.byteLength(name) + bytes;
    const fault = faultOf(name, value, bytes);
    if (fault !== null) throw badManifest(`the attribute ${quoted(name)} of ${quoted(path)} can't be used`, fault);
  }
  if (total > MOST_XATTR_BYTES) throw badManifest(`the attributes of ${quoted(path)} are larger than ${MOST_XATTR_BYTES} bytes`);
}

function faultOf(name: string, value: string, bytes: number): string | null {
  if (!NAME.test(name) || Buffer.byteLength(name) > MOST_NAME_BYTES || !isUnicode(name)) {
    return "its name is not one of user., trusted., security. or system.";
  }
  if (bytes > MOST_VALUE_BYTES) return `its value is larger than ${MOST_VALUE_BYTES} bytes`;
  if (!OF_OVERLAYFS.test(name)) return null;
  const isOpaque = name === OPAQUE && Buffer.from(value, "base64").toString() === "y";
  return isOpaque ? null : "overlayfs would follow it";
}
