import { createHash } from "node:crypto";
import type { Manifest } from "../manifest/index.js";

/** The SHA-256 of all that a manifest says about its tree, 32 bytes: a store belongs to one tree. */
export function identityOf({ entries }: Manifest): Buffer {
  const hash = createHash("sha256");
  for (const entry of entries) {
    // The places of chunks are the origin's matter: the same tree may come from another.
    const text = JSON.stringify(entry, (key, value: unknown) => (key === "place" ? undefined : value));
    hash.update(text).update("\n");
  }
  return hash.digest();
}
