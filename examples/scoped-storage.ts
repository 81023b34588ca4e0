/**
 * A policy for shared photos, after Android's scoped storage. Only callers with the location right see where a photo was taken.
 * Everybody else reads photos through a transform that blanks the coordinates without changing the length. Every other file passes
 * through.
 *
 *     SCOPED_STORAGE_LOCATION_UIDS=0,1000 fusemeter mount --policy examples/scoped-storage.ts SOURCE MOUNTPOINT
 *
 * Photos are recognised by their content, so a renamed or linked photo is one, too. The transform blanks the GPS directories of
 * EXIF (in each image directory of each APP1 segment) and XMP packets that name a GPS property. It does not examine makers' notes,
 * nor anything behind the first scan (a second image, a video).
 */
import type { Decision, Opening, SourceFile, Transform } from "../filesystem/index.js";

/** A part of a file, and the bytes to put there. */
interface Blank {
  readonly start: number;
  readonly end: number;
  readonly fill: number;
}

const ZERO = 0;
const SPACE = 0x20;

/** fcntl.h: the mode of access in the flags of open(2). */
const O_ACCMODE = 3;
const O_RDONLY = 0;

/** The most segments of a genuine header. */
const MOST_SEGMENTS = 1000;
/** The most directories of a genuine EXIF segment: image, thumbnail, EXIF, interoperability, GPS. */
const MOST_DIRECTORIES = 16;

const uidsWithRight = new Set((process.env.SCOPED_STORAGE_LOCATION_UIDS ?? "0").split(",").filter(Boolean).map(Number));

export function decideOpen({ caller, flags, file }: Opening): Decision {
  if (file === null || !mayBePhoto(file)) return "passthrough";
  // Not passthrough: while one open of a file is in passthrough, no other open can have a transform.
  if (uidsWithRight.has(caller.uid)) return "daemon";
  // A writer could make the file look like no photo, and then read the coordinates.
  return (flags & O_ACCMODE) === O_RDONLY ? { transform: "withoutLocation" } : { deny: "EACCES" };
}

const withoutLocation: Transform = (bytes, offset, file) => {
  for (const { start, end, fill } of blanksOf(file)) {
    const from = Math.max(start - offset, 0);
    const to = Math.min(end - offset, bytes.length);
    if (from < to) bytes.fill(fill, from, to);
  }
};

export const transforms = { withoutLocation };

/** A JPEG begins with FF D8. A file too short to tell may become one while it is open. */
function mayBePhoto(file: SourceFile): boolean {
  const start = Buffer.alloc(2);
  const length = file.read(start, 0);
  return length < 2 || start.readUInt16BE() === 0xffd8;
}

/** Blanks of recently opened files, by file version. */
const found = new Map<string, readonly Blank[]>();
const MOST_FOUND = 256;

function blanksOf(file: SourceFile): readonly Blank[] {
  const { version } = file;
  const known = found.get(version);
  if (known !== undefined) return known;
  const blanks = findBlanks(file);
  if (found.size >= MOST_FOUND) found.delete(found.keys().next().value!);
  found.set(version, blanks);
  return blanks;
}

/**
 * The blanks of a file: none where it is no JPEG. Where the header can't be followed, the whole rest is blanked: bytes that are not
 * understood are not shown.
 */
export function findBlanks(file: SourceFile): Blank[] {
  const blanks: Blank[] = [];
  const head = Buffer.alloc(4);
  if (file.read(head, 0) < 2 || head.readUInt16BE(0) !== 0xffd8) return blanks;
  let at = 2;
  for (let segments = 0; segments < MOST_SEGMENTS; segments++) {
    const length = file.read(head, at);
    // The file ends here: the rest is too short for a segment.
    if (length < 4) return blanks;
    const marker = head[1]!;
    if (head[0] !== 0xff || marker === 0x00) break;
    if (marker === 0xff) {
      // A fill byte before a marker.
      at += 1;
    } else if (marker === 0xda || marker === 0xd9) {
      // Start of scan, end of image.
      return blanks;
    } else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
      // Markers that stand alone.
      at += 2;
    } else {
      const size = head.readUInt16BE(2);
      if (size < 2) break;
      if (marker === 0xe1) blanks.push(...blanksOfSegment(file, at + 4, size - 2));
      at += 2 + size;
    }
  }
  blanks.push({ start: at, end: Number.POSITIVE_INFINITY, fill: ZERO });
  return blanks;
}

const EXIF = Buffer.from("Exif\0\0");

/** The blanks of an APP1 segment whose content is at `start`. */
function blanksOfSegment(file: SourceFile, start: number, size: number): Blank[] {
  const content = Buffer.alloc(size);
  const segment = content.subarray(0, file.read(content, start));
  if (segment.subarray(0, 4).equals(EXIF.subarray(0, 4))) {
    const tiff = start + Math.min(EXIF.length, size);
    const blanks = blanksOfTiff(segment.subarray(EXIF.length));
    // A less strict reader could still find coordinates in a broken structure: none of it is shown.
    if (blanks === null) return [{ start: tiff, end: start + size, fill: ZERO }];
    return blanks.map((blank) => ({ ...blank, start: blank.start + tiff, end: blank.end + tiff }));
  }
  // XMP is text: a packet that names a GPS property becomes spaces, whatever its syntax. So does each piece of an extended packet,
  // since the name may be cut between two pieces.
  const text = segment.toString("latin1");
  const hasPlace =
    text.startsWith("http://ns.adobe.com/xmp/extension/") || (text.startsWith("http://ns.adobe.com/x") && /GPS/i.test(text));
  return hasPlace ? [{ start, end: start + size, fill: SPACE }] : [];
}

/** Bytes of a value of each TIFF type: BYTE, ASCII, SHORT, LONG, RATIONAL, SBYTE, UNDEFINED, SSHORT, SLONG, SRATIONAL, FLOAT, DOUBLE. */
const typeBytes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8] as const;

const Tag = { exif: 0x8769, gps: 0x8825, interoperability: 0xa005, subdirectories: 0x014a } as const;

/** The blanks of a TIFF structure, from its front; null where it does not hold together. */
function blanksOfTiff(tiff: Buffer): Blank[] | null {
  const order = tiff.toString("latin1", 0, 2);
  if (tiff.length < 8 || (order !== "II" && order !== "MM")) return null;
  const u16 = (at: number) => (order === "II" ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const u32 = (at: number) => (order === "II" ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at));
  if (u16(2) !== 42) return null;
  const blanks: Blank[] = [];
  const waiting = [{ at: u32(4), isGps: false }];
  const seen = new Set<string>();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { at, isGps } = next;
    if (at === 0 || seen.has(`${at} ${isGps}`)) continue;
    seen.add(`${at} ${isGps}`);
    if (seen.size > MOST_DIRECTORIES || at + 2 > tiff.length) return null;
    const entries = at + 2;
    const end = entries + 12 * u16(at);
    if (end > tiff.length) return null;
    for (let entry = entries; entry < end; entry += 12) {
      const tag = u16(entry);
      const bytes = (typeBytes[u16(entry + 2)] ?? 0) * u32(entry + 4);
      const value = bytes > 4 ? u32(entry + 8) : entry + 8;
      if (isGps) {
        if (value + bytes > tiff.length) return null;
        if (bytes > 4) blanks.push({ start: value, end: value + bytes, fill: ZERO });
      } else if (tag === Tag.gps) waiting.push({ at: u32(entry + 8), isGps: true });
      else if (tag === Tag.exif || tag === Tag.interoperability) waiting.push({ at: u32(entry + 8), isGps: false });
      else if (tag === Tag.subdirectories) {
        if (bytes > 4 * MOST_DIRECTORIES || value + bytes > tiff.length) return null;
        for (let each = value; each + 4 <= value + bytes; each += 4) waiting.push({ at: u32(each), isGps: false });
      }
    }
    // An empty directory remains: its count of entries is 0.
    if (isGps) blanks.push({ start: at, end, fill: ZERO });
    else if (end + 4 <= tiff.length) waiting.push({ at: u32(end), isGps: false });
  }
  return blanks;
}
