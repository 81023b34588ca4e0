import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..");

/** The rooms, each with the rooms that it may import. */
const allowed: Record<string, readonly string[]> = {
  linux: [],
  filesystem: ["linux"],
  workloads: [],
  results: [],
  reports: ["results"],
  runners: ["workloads", "results", "filesystem", "linux"],
  cli: ["reports", "results", "runners", "workloads", "filesystem", "linux"],
  studies: ["reports", "results", "runners", "workloads", "filesystem", "linux"],
};

/** The drawers of a room in their order: a drawer imports only itself and those named before it. */
const drawers: Record<string, readonly string[]> = {
  filesystem: ["protocol", "tables", "serving", "policies", "operations", "transports", "threads", "mount"],
  reports: ["figures", "tables", "model", "prices", "claims", "gate", "charts", "pages"],
  runners: ["processes", "loads", "knobs", "files", "counters", "host", "backends", "readahead", "run", "calibrate", "studies"],
};

const rooms = Object.keys(allowed).filter((room) => existsSync(join(root, room)));

const files = rooms.flatMap((room) =>
  readdirSync(join(root, room), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => join(room, file)),
);

const relativeImport = /(?:from|import)\s*"(\.[^"]+)"|(import|new URL)\(\s*"(\.[^"]+)"/g;

interface Import {
  /** The imported file, relative to the root, ending in `.js`. */
  readonly target: string;
  /** True for `import()`: the module is loaded only when it is needed. */
  readonly isDynamic: boolean;
}

function importsOf(file: string): Import[] {
  return [...readFileSync(join(root, file), "utf8").matchAll(relativeImport)].map(([, path, call, callPath]) => ({
    target: normalize(join(dirname(file), path ?? callPath!)),
    isDynamic: call !== undefined,
  }));
}

const roomOf = (file: string) => file.split("/")[0]!;

/** The drawer of a file in a room with drawers; null for a file at the room's root. */
function drawerOf(file: string): string | null {
  const [room, drawer, ...rest] = file.split("/");
  return drawers[room!] === undefined || rest.length === 0 ? null : drawer!;
}

test.each(files)("%s imports only the rooms and drawers that it may, through their fronts", (file) => {
  const room = roomOf(file);
  const order = drawers[room] ?? [];
  const own = drawerOf(file);
  const wrong = importsOf(file).filter(({ target, isDynamic }) => {
    const other = roomOf(target);
    // Two files stand above the rooms: one class of errors for all, and the directory of the package.
    if (other === "errors.js" || other === "package-root.js") return false;
    if (other === room) {
      const drawer = drawerOf(target);
      return own !== null && drawer !== own && (drawer === null || order.indexOf(drawer) > order.indexOf(own));
    }
    if (!allowed[room]!.includes(other)) return true;
    // Each file of linux/ is a binding of its own: a worker loads those alone that it calls.
    return other !== "linux" && !isDynamic && !target.endsWith("/index.js");
  });
  expect(wrong.map(({ target }) => target)).toEqual([]);
});

test.each(Object.keys(drawers))("%s keeps its files in drawers that the order names", (room) => {
  const folders = readdirSync(join(root, room), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(folders.map(({ name }) => name).toSorted()).toEqual([...drawers[room]!].toSorted());
});

test("only linux/ binds C functions", () => {
  const binders = files.filter((file) => /from "koffi"/.test(readFileSync(join(root, file), "utf8")));
  expect(binders.filter((file) => !file.startsWith("linux/"))).toEqual([]);
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
