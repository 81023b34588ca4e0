import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { manifestOfDirectory } from "../../../lazy/manifest/index.js";
import { mayTryAgain, openOrigin, parseLink } from "../../../lazy/origins/index.js";
import { scratch } from "../scratch.js";
import { plant } from "../trees.js";
import { expectWhole } from "./whole.js";

const never = new AbortController().signal;

/** A tree with its manifest, and a module's file. */
function given(source: (tree: string) => string) {
  const tree = scratch();
  plant(tree, { smallFiles: 10, largeBytes: 300_000 });
  const file = join(scratch(), "origin.mjs");
  writeFileSync(file, source(tree));
  return { tree, file, manifest: manifestOfDirectory(tree, 32 * 1024) };
}

const reading = (tree: string) => `
  import { open } from "node:fs/promises";
  export async function fetch(chunk) {
    const handle = await open(${JSON.stringify(tree)} + "/" + chunk.place.path);
    try {
      return (await handle.read(Buffer.alloc(chunk.size), 0, chunk.size, chunk.offset)).buffer;
    } finally {
      await handle.close();
    }
  }
  export function close() { globalThis.closedOrigins = (globalThis.closedOrigins ?? 0) + 1; }
`;

test("a module's chunks are fetched, and the module is told of the end", async () => {
  const { tree, file, manifest } = given(reading);
  const origin = await openOrigin(manifest, file);
  await expectWhole(manifest, origin, tree);
  expect(origin.counts).toMatchObject({ requests: manifest.chunks.length, corrupt: 0 });
  await origin.close();
  expect((globalThis as { closedOrigins?: number }).closedOrigins).toBe(1);
});

test("a module is slowed down by an emulated link", async () => {
  const { file, manifest } = given(reading);
  const origin = await openOrigin(manifest, file, { link: parseLink("1Gbit,40ms") });
  const before = performance.now();
  await origin.fetch(manifest.chunks[0]!, never);
  expect(performance.now() - before).toBeGreaterThan(38);
  await origin.close();
});

test.each([
  ["wrong content", "export const fetch = (chunk) => new Uint8Array(chunk.size);", "ORIGIN_CORRUPT", false],
  ["too little", "export const fetch = () => new Uint8Array(1);", "ORIGIN_CORRUPT", false],
  ["no bytes", "export const fetch = () => 'text';", "ORIGIN_REFUSED", false],
  ["a fault", "export const fetch = () => { throw new Error('busy'); };", "ORIGIN_UNAVAILABLE", true],
  [
    "a refusal",
    "export const fetch = () => Promise.reject(Object.assign(new Error('no'), { code: 'ORIGIN_REFUSED' }));",
    "ORIGIN_REFUSED",
    false,
  ],
])("%s of a module has its code", async (_, source, code, again) => {
  const { file, manifest } = given(() => source);
  const origin = await openOrigin(manifest, file);
  const error = await origin.fetch(manifest.chunks[0]!, never).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code });
  expect(mayTryAgain(error)).toBe(again);
  await origin.close();
});

test("a place that can't be the origin is refused at once, with what could", async () => {
  const { tree, file, manifest } = given(() => "export const get = 1;");
  await expect(openOrigin(manifest, file)).rejects.toThrow(
    "exports no function fetch. Name a directory, a layer's file, a URL, or a module",
  );
  await expect(openOrigin(manifest, "/nonexistent.mjs")).rejects.toMatchObject({ code: "BAD_ORIGIN" });
  await expect(openOrigin(manifest, join(tree, "large"))).rejects.toThrow("the manifest is of a directory, and this is a file");
  await expect(openOrigin({ ...manifest, kind: "tar" }, tree)).rejects.toThrow(
    "the manifest is of a layer, and this is a directory",
  );
  const broken = join(scratch(), "broken.mjs");
  writeFileSync(broken, "export const = ;");
  await expect(openOrigin(manifest, broken)).rejects.toThrow("can't be loaded");
  const folder = join(scratch(), "site.js");
  mkdirSync(folder);
  expect((await openOrigin(manifest, folder)).name).toBe(folder);
});
