import { execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { manifestOfDirectory, readManifest } from "../../lazy/manifest/index.js";
import { archived, compressed } from "../lazy/layers/archives.js";
import { manifestOf } from "../lazy/layers/manifest-of.js";
import { scratch } from "../lazy/scratch.js";
import { program } from "../machine.js";

const manifest = (...words: string[]) =>
  spawnSync(program, ["lazy", "manifest", ...words], { encoding: "utf8", maxBuffer: 2 ** 28 });

async function printed(...words: string[]) {
  const { stdout, stderr, status } = manifest(...words);
  expect(status).toBe(0);
  expect(
    stderr.replace(/^fusemeter: \S+ is a \.tar\.zst: it can't be read at random, and is unpacked as it arrives\n$/, ""),
  ).toBe("");
  const file = join(scratch(), "manifest");
  writeFileSync(file, stdout);
  return await readManifest(file);
}

test("prints the manifest of a directory and of each kind of layer, which can be read again", async () => {
  const { tree, file } = archived("layer.tar", []);
  expect(await printed(tree)).toEqual(manifestOfDirectory(tree, 128 * 1024));
  const usual = { chunkBytes: 128 * 1024, spanBytes: 2 ** 20 };
  for (const layer of [file, compressed(file, "gzip"), compressed(file, "zstd", "-q")]) {
    expect(await printed(layer)).toEqual(await manifestOf(layer, usual));
  }
  const packed = compressed(file, "gzip");
  const asked = await printed("--chunk", "16KB", "--checkpoints", "128KB", packed);
  expect(asked).toEqual(await manifestOf(packed, { chunkBytes: 16 * 1024, spanBytes: 128 * 1024 }));
});

test("refuses what it can't use in one line, as bad use", () => {
  const { tree } = archived("layer.tar", [], { smallFiles: 1 });
  for (const [words, message] of [
    [["--chunk", "17MB", tree], 'invalid --chunk "17MB": expected a size from 4KB to 16MB'],
    [["--checkpoints", "1KB", tree], 'invalid --checkpoints "1KB": expected a size from 64KB to 16MB'],
    [["--toc-digest", "x", tree], 'invalid --toc-digest "x": expected sha256: and 64 hexadecimal digits'],
    [
      ["--toc-digest", `sha256:${"0".repeat(64)}`, tree],
      `the directory ${tree} has no table of contents. Leave out --toc-digest`,
    ],
    [[join(tree, "large")], "byte 0 of the layer is no header of tar: its checksum is wrong"],
    [["/nonexistent"], "the source /nonexistent can't be read: ENOENT: no such file or directory, stat '/nonexistent'"],
  ] as const) {
    expect(manifest(...words)).toMatchObject({ status: 2, stdout: "", stderr: `fusemeter: ${message}\n` });
  }
});

test("ends with its reader, as head(1) does", () => {
  const { tree } = archived("layer.tar", [], { smallFiles: 2000 });
  const script = `set -o pipefail; "$1" lazy manifest --chunk 4KB "$2" | head -n 1`;
  const line = execFileSync("bash", ["-c", script, "bash", program, tree], { encoding: "utf8" });
  expect(JSON.parse(line)).toMatchObject({ format: "fusemeter-manifest", version: 1, kind: "directory" });
});
