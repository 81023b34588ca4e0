import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..");

/** Which rooms a room may import. */
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
  // Two files stand above the rooms: one class of errors for all, and the directory of the package.
  const above = ["errors.js", "package-root.js"];
  const foreign = targets.filter((target) => target !== room && !above.includes(target) && !allowed[room]!.includes(target));
  expect(foreign).toEqual([]);
});

test("only linux/ binds C functions", () => {
  const binders = files.filter((file) => /from "koffi"/.test(readFileSync(join(root, file), "utf8")));
  expect(binders.filter((file) => !file.startsWith("linux/"))).toEqual([]);
});
