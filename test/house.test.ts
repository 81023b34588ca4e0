import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..");

/** Which rooms a room may import. */
const allowed: Record<string, readonly string[]> = {
  filesystem: [],
  workloads: [],
  results: [],
  reports: ["results"],
  runners: ["workloads", "results", "filesystem"],
  cli: ["reports", "results", "runners", "workloads", "filesystem"],
};

const rooms = Object.keys(allowed).filter((room) => existsSync(join(root, room)));

const files = rooms.flatMap((room) =>
  readdirSync(join(root, room), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => join(room, file)),
);

const relativeImport = /(?:from|import)\s*\(?\s*"(\.[^"]+)"/g;

test.each(files)("%s imports only the rooms that it may", (file) => {
  const room = file.split("/")[0]!;
  const targets = [...readFileSync(join(root, file), "utf8").matchAll(relativeImport)].map(
    ([, target]) => normalize(join(dirname(file), target!)).split("/")[0]!,
  );
  // errors.ts stands above the rooms: one class of errors for all.
  const foreign = targets.filter((target) => target !== room && target !== "errors.js" && !allowed[room]!.includes(target));
  expect(foreign).toEqual([]);
});

test("only filesystem/linux/ binds C functions", () => {
  const binders = files.filter((file) => /from "koffi"/.test(readFileSync(join(root, file), "utf8")));
  expect(binders.filter((file) => !file.startsWith("filesystem/linux/"))).toEqual([]);
});

/**
 * Native addresses that outlive their memory: of a `Memory` that no variable holds, or of a local one that is last mentioned by its
 * address. Nothing keeps such memory reachable while C works with it.
 */
function danglingAddresses(source: string): string[] {
  const temporary = [...source.matchAll(/(?:Memory\.string|new Memory)\([^)\n]*\)\.address/g)].map(([found]) => found);
  const locals = [...source.matchAll(/^( +)(?:const|let) (\w+) = (?:Memory\.string|new Memory)\(.*$/gm)];
  const dangling = locals.filter(({ 1: indent, 2: name, index, 0: declaration }) => {
    const rest = source.slice(index + declaration.length);
    const blockEnd = rest.search(new RegExp(`^ {0,${indent!.length - 1}}\\S`, "m"));
    const block = blockEnd < 0 ? rest : rest.slice(0, blockEnd);
    const lastLine = block.split("\n").findLast((line) => new RegExp(`\\b${name}\\b`).test(line)) ?? "";
    return !new RegExp(`\\b${name}\\b(?!\\.address)`).test(lastLine);
  });
  return [...temporary, ...dangling.map(([declaration]) => declaration.trim())];
}

test.each(files)("%s holds its memory for as long as C uses the address", (file) => {
  expect(danglingAddresses(readFileSync(join(root, file), "utf8"))).toEqual([]);
});

test("a dangling address is found, and memory that is used afterwards is not", () => {
  expect(danglingAddresses("  f(Memory.string(path).address);")).toHaveLength(1);
  expect(danglingAddresses("{\n  const path = Memory.string(directory);\n  return mark(fd, path.address);\n}\n")).toHaveLength(1);
  expect(danglingAddresses("{\n  const statx = new Memory(256);\n  f(statx.address);\n  return statx.words[0];\n}\n")).toEqual(
    [],
  );
});
