/** The size of the last member of an eStargz layer: an empty one, whose extra field tells the place of the table of contents. */
export const FOOTER_BYTES = 51;

/** Behind the gzip header: an extra field of 26 bytes, the subfield `SG` of 22 (estargz.md of containerd/stargz-snapshotter). */
const GZIP_WITH_EXTRA = 0x1f8b0804;
const MAGIC = "STARGZ";

/** The place of the table of contents, by a layer's last 51 bytes; null where they are no footer of eStargz. */
export function tocOffset(footer: Buffer): number | null {
  const isMember = footer.length === FOOTER_BYTES && footer.readUInt32BE(0) === GZIP_WITH_EXTRA;
  if (
    !isMember ||
    footer.readUInt16LE(10) !== 26 ||
    footer.toString("latin1", 12, 14) !== "SG" ||
    footer.readUInt16LE(14) !== 22
  ) {
    return null;
  }
  const digits = footer.toString("latin1", 16, 32);
  if (!/^[0-9a-f]{16}$/.test(digits) || footer.toString("latin1", 32, 38) !== MAGIC) return null;
  return Number.parseInt(digits, 16);
}
