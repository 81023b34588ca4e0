import { FusemeterError } from "../../../errors.js";
import { assemble, type DraftChunk, type DraftFile, type Manifest, quoted } from "../../manifest/index.js";
import type { Ranges } from "../../ranges/index.js";
import { badLayer } from "../common/bad-layer.js";
import { LayerTree, treePath } from "../common/tree.js";
import { FOOTER_BYTES, tocOffset } from "./footer.js";
import { Members } from "./members.js";
import { readToc, type TocEntry } from "./toc.js";

/** Files that no tree shows. Files before the first are to be loaded first; the second says that there are none. */
const LANDMARK = ".prefetch.landmark";
const NO_LANDMARK = ".no.prefetch.landmark";

/**
 * The manifest of an eStargz layer, of its table of contents alone; null for a layer that has no footer of eStargz, or an origin
 * without ranges.
 *
 * @param packBytes the packed size that a pack of several small files has at the most
 * @throws {FusemeterError} `BAD_LAYER` or `BAD_MANIFEST`
 */
export async function manifestOfEstargz(
  ranges: Ranges,
  { chunkBytes: packBytes, tocDigest }: { readonly chunkBytes: number; readonly tocDigest: string | null },
  signal: AbortSignal,
): Promise<Manifest | null> {
  const found = await footerOf(ranges, signal);
  const offset = found === null ? null : tocOffset(found.footer);
  if (found === null || offset === null) return null;
  const entries = await readToc(ranges, offset, found.size, tocDigest, signal);
  return manifestFrom(entries, offset, packBytes);
}

async function footerOf(ranges: Ranges, signal: AbortSignal): Promise<{ footer: Buffer; size: number } | null> {
  try {
    const size = await ranges.sizeOf("", signal);
    return size < FOOTER_BYTES ? null : { footer: await ranges.read("", size - FOOTER_BYTES, FOOTER_BYTES, signal), size };
  } catch (error) {
    if (error instanceof FusemeterError && error.code === "ORIGIN_REFUSED") return null;
    throw error;
  }
}

function manifestFrom(entries: readonly TocEntry[], end: number, packBytes: number): Manifest {
  const files = filesIn(entries);
  const contents = [...files.values()].flat();
  const members = new Members(contents, end, packBytes);
  const tree = new LayerTree();
  for (const entry of entries) if (entry.type !== "chunk" && !isLandmark(entry)) add(tree, entry, files, members);
  const draft = { kind: "estargz", packs: members.packs, entries: tree.finish() } as const;
  const names = new Set(draft.entries.flatMap(({ type, path }) => (type === "file" ? [path] : [])));
  return assemble({ ...draft, prefetch: beforeLandmark(entries).filter((path) => names.has(path)) });
}

const isLandmark = ({ name }: TocEntry) => [LANDMARK, NO_LANDMARK].includes(name.replace(/^\.\//, ""));

/** A content of a file, with the size that a 0 stands for. */
type Content = TocEntry & { readonly size: number; readonly sha256: string };

/** The contents of each file that has some, in the order of the file. Chunks follow their file in the table. */
function filesIn(entries: readonly TocEntry[]): Map<TocEntry, Content[]> {
  const files = new Map<TocEntry, Content[]>();
  let file: TocEntry | null = null;
  for (const entry of entries) {
    if (entry.type === "reg") file = entry;
    else if (entry.type !== "chunk") file = null;
    if (entry.type === "chunk" && entry.name !== file?.name) throw broken(entry, "it is a chunk without its file");
    if (file === null || isLandmark(file) || file.size === 0) continue;
    const before = files.get(file) ?? [];
    before.push(contentOf(entry, file, before));
    files.set(file, before);
  }
  return files;
}

function contentOf(entry: TocEntry, file: TocEntry, before: readonly Content[]): Content {
  const last = before.at(-1);
  const begin = last === undefined ? 0 : last.chunkOffset + last.size;
  if (entry.chunkOffset !== begin) throw broken(entry, `its chunk at ${entry.chunkOffset} does not follow the one before`);
  const size = entry.chunkSize === 0 ? file.size - begin : entry.chunkSize;
  if (size <= 0) throw broken(entry, "its chunks are longer than the file");
  // A file of one chunk has one digest, which older tools wrote alone.
  const digest = entry.chunkDigest ?? (size === file.size ? entry.digest : undefined);
  if (digest === undefined) throw broken(entry, "it has no chunkDigest: its content could not be verified");
  return { ...entry, size, sha256: digest.slice("sha256:".length) };
}

function broken({ name }: TocEntry, reason: string) {
  return badLayer(`${quoted(name)} of the layer's table of contents can't be used`, reason);
}

function add(tree: LayerTree, entry: TocEntry, files: ReadonlyMap<TocEntry, readonly Content[]>, members: Members): void {
  const path = treePath(entry.name);
  const { uid, gid, xattrs } = entry;
  const attributes = { path, mode: entry.mode & 0o7777, uid, gid, xattrs, ...timeOf(entry) };
  switch (entry.type) {
    case "reg":
      tree.add(fileFrom(attributes, entry, files.get(entry) ?? [], members));
      return;
    case "dir":
      tree.add({ type: "directory", ...attributes });
      return;
    case "fifo":
      tree.add({ type: "fifo", ...attributes });
      return;
    case "symlink":
      tree.add({ type: "symlink", ...attributes, target: entry.linkName });
      return;
    case "hardlink":
      tree.add({ type: "hardlink", path, target: treePath(entry.linkName) });
      return;
    default:
      if (entry.type !== "char" || entry.devMajor !== 0 || entry.devMinor !== 0) throw broken(entry, "it is a device");
      tree.add({ type: "whiteout", ...attributes });
  }
}

function fileFrom(
  attributes: Omit<DraftFile, "type" | "size" | "chunks">,
  { size }: TocEntry,
  contents: readonly Content[],
  members: Members,
): DraftFile {
  const chunks: DraftChunk[] = contents.map((content) => ({
    size: content.size,
    sha256: content.sha256,
    place: members.placeOf(content),
  }));
  return { type: "file", ...attributes, size, chunks };
}

function timeOf({ modtime }: TocEntry): { mtimeSeconds: number; mtimeNanoseconds: number } {
  if (modtime === "") return { mtimeSeconds: 0, mtimeNanoseconds: 0 };
  const fraction = /\.(\d+)/.exec(modtime)?.[1] ?? "";
  const mtimeNanoseconds = Number(fraction.slice(0, 9).padEnd(9, "0"));
  return { mtimeSeconds: Math.floor(Date.parse(modtime.replace(/\.\d+/, "")) / 1000), mtimeNanoseconds };
}

/** The files before the landmark, in the order of the layer; none without one. */
function beforeLandmark(entries: readonly TocEntry[]): string[] {
  const end = entries.findIndex(({ name }) => name.replace(/^\.\//, "") === LANDMARK);
  const before = entries.slice(0, Math.max(0, end));
  return before.flatMap(({ type, size, name }) => (type === "reg" && size > 0 ? [treePath(name)] : []));
}
