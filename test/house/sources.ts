import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

const root = join(import.meta.dirname, "../..");

/** The rooms, each with the rooms that it may import. Lower rooms come first. */
export const rooms: Readonly<Record<string, readonly string[]>> = {
  linux: [],
  filesystem: ["linux"],
  lazy: ["filesystem", "linux"],
  workloads: [],
  results: [],
  reports: ["results"],
  runners: ["workloads", "results", "filesystem", "linux"],
  cli: ["reports", "results", "runners", "workloads", "lazy", "filesystem", "linux"],
  studies: ["reports", "results", "runners", "workloads", "lazy", "filesystem", "linux"],
};

/** The drawers of a room in their order: a drawer imports only itself and those named before it. */
export const drawers: Readonly<Record<string, readonly string[]>> = {
  linux: ["libc", "proc", "io-uring", "perf", "mounts"],
  filesystem: ["protocol", "tables", "serving", "policies", "operations", "transports", "threads", "mount"],
  lazy: ["manifest", "ranges", "layers", "origins", "store", "loader", "control", "mount", "promote"],
  reports: ["figures", "tables", "model", "prices", "claims", "gate", "charts", "pages"],
  runners: [
    "leftovers",
    "processes",
    "knobs",
    "files",
    "loads",
    "counters",
    "host",
    "backends",
    "readahead",
    "slices",
    "run",
    "calibrate",
    "studies",
  ],
  studies: ["requests", "counters", "conformance", "metadata", "faults", "gate", "kills", "lazy", "mutants", "slices"],
};

export const foldersOf = (directory: string) =>
  readdirSync(join(root, directory), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

/** All files of the rooms, relative to the root. */
export const files: readonly string[] = Object.keys(rooms).flatMap((room) =>
  readdirSync(join(root, room), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => join(room, file)),
);

export const textOf = (file: string) => readFileSync(join(root, file), "utf8");

export const roomOf = (file: string) => file.split("/")[0]!;

/** The drawer of a file in a room with drawers; null for a file at the room's root. */
export function drawerOf(file: string): string | null {
  const [room, drawer, ...rest] = file.split("/");
  return drawers[room!] === undefined || rest.length === 0 ? null : drawer!;
}

interface Import {
  /** The imported file, relative to the root, ending in `.js`. */
  readonly target: string;
  /** True for `import()`: the module is loaded only when it is needed. */
  readonly isDynamic: boolean;
}

/** A static import or export, an `import()`, or the URL of a worker. */
const IMPORT = /(?:from|import)\s*"(\.[^"]+)"|(import|new URL)\(\s*"(\.[^"]+)"/g;

/** The imports of our own files in a source text. @param file its path, relative to the root */
export function importsIn(text: string, file: string): Import[] {
  return [...text.matchAll(IMPORT)].map(([, path, call, callPath]) => ({
    target: normalize(join(dirname(file), path ?? callPath!)),
    isDynamic: call === "import",
  }));
}

export const importsOf = (file: string) => importsIn(textOf(file), file);
