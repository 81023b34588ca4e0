import { dirname } from "node:path";
import { describe, expect, test } from "vitest";
import { onCircles } from "./house/circles.js";
import { drawerOf, drawers, files, foldersOf, importsIn, importsOf, roomOf, rooms, textOf } from "./house/sources.js";

/** Files above the rooms: one class of errors for all, and the directory of the package. */
const ABOVE = ["errors.js", "package-root.js"];

/** True where an import climbs: to a room that the file's own may not use, or to a drawer that comes after its own. */
function climbs(file: string, target: string): boolean {
  if (ABOVE.includes(target)) return false;
  const [room, other] = [roomOf(file), roomOf(target)];
  if (room !== other) return !rooms[room]!.includes(other);
  const [own, drawer] = [drawerOf(file), drawerOf(target)];
  if (own === null || own === drawer) return false;
  // studies/ has what all of them share at its root; the root of another room is its front.
  if (drawer === null) return room !== "studies";
  return drawers[room]!.indexOf(drawer) > drawers[room]!.indexOf(own);
}

/** True where an import goes around a room's front. Each file of linux/ is a binding: a worker loads those alone that it calls. */
function passesFront(file: string, { target, isDynamic }: { target: string; isDynamic: boolean }): boolean {
  const other = roomOf(target);
  return other !== roomOf(file) && !ABOVE.includes(target) && other !== "linux" && !isDynamic && !target.endsWith("/index.js");
}

const linesOf = (file: string) => textOf(file).trimEnd().split("\n").length;

describe.each(files)("%s", (file) => {
  test("imports only the rooms and drawers below its own", () => {
    expect(importsOf(file).filter(({ target }) => climbs(file, target))).toEqual([]);
  });

  test("imports other rooms through their fronts", () => {
    expect(importsOf(file).filter((found) => passesFront(file, found))).toEqual([]);
  });

  test("has 400 lines at the most", () => {
    expect(linesOf(file)).toBeLessThanOrEqual(400);
  });
});

test.each(Object.keys(drawers))("%s keeps its files in drawers that the order names", (room) => {
  expect(foldersOf(room).toSorted()).toEqual(drawers[room]!.toSorted());
});

test.each(Object.keys(rooms).filter((room) => room !== "cli"))("%s has 12 loose files at the most", (room) => {
  expect(files.filter((file) => dirname(file) === room).length).toBeLessThanOrEqual(12);
});

test("half of the files have fewer than 60 lines", () => {
  const lengths = files.map(linesOf).sort((a, b) => a - b);
  expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThan(60);
});

test("no folder imports itself by way of another", () => {
  const graph = new Map<string, Set<string>>();
  for (const file of files) {
    const folder = dirname(file);
    const targets = graph.get(folder) ?? new Set();
    graph.set(folder, targets);
    for (const { target } of importsOf(file)) if (dirname(target) !== folder) targets.add(dirname(target));
  }
  expect(graph.size).toBeGreaterThan(30);
  expect(onCircles(graph)).toEqual([]);
});

test("a circle is found, and a path that ends is not", () => {
  const graph = (edges: Readonly<Record<string, readonly string[]>>) =>
    new Map(Object.entries(edges).map(([node, targets]) => [node, new Set(targets)]));
  expect(onCircles(graph({ a: ["b"], b: ["c"], c: ["b"] }))).toEqual(["b", "c"]);
  expect(onCircles(graph({ a: ["b", "c"], b: ["c"], c: [] }))).toEqual([]);
});

test("an import is found in each of its forms", () => {
  const text = `import { a } from "./a.js";
    import "./b.js";
    export * from "../c.js";
    await import("./d.js");
    new Worker(new URL("./e.js", import.meta.url));
    import fs from "node:fs";`;
  expect(importsIn(text, "room/drawer/file.ts")).toEqual([
    { target: "room/drawer/a.js", isDynamic: false },
    { target: "room/drawer/b.js", isDynamic: false },
    { target: "room/c.js", isDynamic: false },
    { target: "room/drawer/d.js", isDynamic: true },
    { target: "room/drawer/e.js", isDynamic: false },
  ]);
});

test("only linux/ binds C functions and makes system calls by their numbers", () => {
  // A fault that is put into a daemon on purpose calls C by itself.
  const others = files.filter((file) => roomOf(file) !== "linux" && file !== "studies/faults/fault.ts");
  expect(others.filter((file) => /from "koffi"|\b(?:bind|rawSyscall\w*)\(/.test(textOf(file)))).toEqual([]);
  const naming = others.filter((file) => importsOf(file).some(({ target }) => target.endsWith("/syscall-numbers.js")));
  // Counts system calls by name.
  expect(naming).toEqual(["runners/counters/syscall-counters.ts"]);
});

test("code that is installed imports no development dependency", () => {
  const { devDependencies } = JSON.parse(textOf("package.json")) as { devDependencies: Record<string, string> };
  const installed = files.filter((file) => roomOf(file) !== "studies");
  const wrong = installed.flatMap((file) =>
    [...textOf(file).matchAll(/(?:from|import\()\s*"([^".][^"]*)"/g)]
      .map(([, name]) => name!)
      .filter((name) => Object.keys(devDependencies).some((dev) => name === dev || name.startsWith(`${dev}/`)))
      .map((name) => `${file}: ${name}`),
  );
  expect(wrong).toEqual([]);
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
  expect(danglingAddresses(textOf(file))).toEqual([]);
});

test("a dangling address is found, and memory that is used afterwards is not", () => {
  expect(danglingAddresses("  f(Memory.string(path).address);")).toHaveLength(1);
  expect(danglingAddresses("{\n  const path = Memory.string(directory);\n  return mark(fd, path.address);\n}\n")).toHaveLength(1);
  expect(danglingAddresses("{\n  const statx = new Memory(256);\n  f(statx.address);\n  return statx.words[0];\n}\n")).toEqual(
    [],
  );
});
