import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";

/** An eStargz layer that a test writes: a member for each content, the table of contents, and the footer. */
export interface WrittenToc {
  version: number;
  entries: Record<string, unknown>[];
}

const sha = (bytes: Uint8Array) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

/** A header of tar (ustar) and the body behind it, padded. */
export function tarMember(
  name: string,
  body: Uint8Array,
  { type = "0", link = "", size = body.length, mode = 0o644 } = {},
): Buffer {
  const header = Buffer.alloc(512);
  header.write(name.slice(0, 100), 0);
  header.write(`${mode.toString(8).padStart(7, "0")}\0${"0".repeat(7)}\0${"0".repeat(7)}\0`, 100, "latin1");
  header.write(`${size.toString(8).padStart(11, "0")}\0${"0".repeat(11)}\0        ${type}`, 124, "latin1");
  header.write(link, 157);
  header.write("ustar\x0000", 257, "latin1");
  header.write(`${"0".repeat(7)}\0${"0".repeat(7)}\0`, 329, "latin1");
  header.write(
    `${header
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, "0")}\0 `,
    148,
    "latin1",
  );
  return Buffer.concat([header, body, Buffer.alloc(-body.length & 511)]);
}

/** The end of a layer: the member of a table, and the footer that points to it. @param offset the bytes before */
export function tocAndFooter(toc: unknown, offset: number): Buffer {
  const text = Buffer.from(typeof toc === "string" ? toc : JSON.stringify(toc));
  return Buffer.concat([gzipSync(Buffer.concat([tarMember("stargz.index.json", text), Buffer.alloc(1024)])), footer(offset)]);
}

export function footer(offset: number): Buffer {
  const bytes = Buffer.alloc(51);
  bytes.write("1f8b08040000000000ff1a00", 0, "hex");
  bytes.write("SG\x16\0", 12, "latin1");
  bytes.write(`${offset.toString(16).padStart(16, "0")}STARGZ`, 16, "latin1");
  bytes.write("010000ffff", 38, "hex");
  return bytes;
}

/** Writes files as members of their own, some of them shared by several contents (`innerOffset`). */
export function writeLayer(files: Readonly<Record<string, Buffer>>, { shared = 1 } = {}): { layer: Buffer; toc: WrittenToc } {
  const parts: Buffer[] = [];
  let offset = 0;
  const push = (part: Buffer) => {
    parts.push(part);
    offset += part.length;
  };
  const toc: WrittenToc = { version: 1, entries: [] };
  const all = Object.entries(files);
  for (let i = 0; i < all.length; i += shared) {
    const group = all.slice(i, i + shared);
    const [first] = group;
    push(gzipSync(tarMember(first![0], Buffer.alloc(0), { size: first![1].length })));
    let inner = 0;
    const payload: Buffer[] = [];
    for (const [k, [name, content]] of group.entries()) {
      toc.entries.push({
        name,
        type: "reg",
        size: content.length,
        mode: 0o644,
        modtime: "2024-02-03T04:05:06.25Z",
        digest: sha(content),
        ...(content.length > 0 && { offset, chunkDigest: sha(content), ...(inner > 0 && { innerOffset: inner }) }),
      });
      const next = group[k + 1];
      const rest = Buffer.alloc(-content.length & 511);
      const header = next === undefined ? Buffer.alloc(0) : tarMember(next[0], Buffer.alloc(0), { size: next[1].length });
      payload.push(content, rest, header);
      inner += content.length + rest.length + header.length;
    }
    push(gzipSync(Buffer.concat(payload)));
  }
  return { layer: Buffer.concat([...parts, tocAndFooter(toc, offset)]), toc };
}
