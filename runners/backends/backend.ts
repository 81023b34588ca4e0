import { join } from "node:path";
import { invalidValue } from "../../errors.js";
import { packageRoot } from "../../package-root.js";
import type { BackendRecord } from "../../results/index.js";
import { shellQuoted } from "../processes/index.js";

/** A way to reach the same files: at their source, or through a mount that a command serves. */
export interface Backend {
  readonly name: string;
  readonly kind: BackendRecord["kind"];
  /** A line of shell with `{source}` and `{mountpoint}`; null where nothing is mounted. */
  readonly command: string | null;
  /** True where the daemon itself decides about readahead. No window of the mount is then set. */
  readonly ownsReadahead?: boolean;
  /** True where the kernel must offer FUSE over io_uring at the mount. */
  readonly needsRings?: boolean;
}

/** Native measured a second time. The deviation of its ratio to the first from 1 is the noise of the run. */
export const NATIVE_AGAIN = "native-again";

const program = [process.execPath, join(packageRoot(), "bin/fusemeter.js")].map(shellQuoted).join(" ");

const builtIn: readonly Backend[] = [
  { name: "native", kind: "native", command: null },
  { name: "fuse", kind: "fuse", command: `${program} mount --mode daemon --transport device {source} {mountpoint}` },
  {
    name: "fuse-uring",
    kind: "fuse",
    command: `${program} mount --mode daemon --transport io-uring {source} {mountpoint}`,
    needsRings: true,
  },
  {
    name: "passthrough",
    kind: "passthrough",
    command: `${program} mount --mode passthrough --transport device {source} {mountpoint}`,
  },
];

/** The names of the backends that need no command from the user. */
export const backendNames = builtIn.map(({ name }) => name);

/**
 * A built-in backend by its name.
 *
 * @throws {FusemeterError} `UNKNOWN_BACKEND`
 */
export function builtInBackend(name: string): Backend {
  const backend = builtIn.find((candidate) => candidate.name === name);
  if (backend !== undefined) return backend;
  const expected = `one of ${backendNames.join(", ")}, or a name that a --backend NAME=COMMAND defines`;
  throw invalidValue("backend", name, expected, "UNKNOWN_BACKEND");
}

/** A mount with nothing behind it: its reads are FUSE's own cost. Measured by `fusemeter calibrate` alone. */
export function zerosBackend(transport: "device" | "io-uring"): Backend {
  const command = `${program} mount --mode daemon --content zeros --transport ${transport} {source} {mountpoint}`;
  return { name: `zeros over ${transport}`, kind: "fuse", command, needsRings: transport === "io-uring" };
}

/**
 * A user's own backend from `NAME=COMMAND`. The command must stay a child of the shell that starts it or fork from it: any
 * process of its tree is counted as the daemon.
 *
 * @throws {FusemeterError} `BAD_BACKEND`
 */
export function commandBackend(definition: string): Backend {
  const [, name, command] = /^([\w.+-]+)=(.+)$/s.exec(definition) ?? [];
  const missing = ["{source}", "{mountpoint}"].filter((word) => !command?.includes(word));
  if (name === undefined || command === undefined || missing.length > 0 || name === NATIVE_AGAIN || backendNames.includes(name)) {
    const lacks = command !== undefined && missing.length > 0 ? ` (${missing.join(" and ")} missing)` : "";
    const expected = `NAME=COMMAND with a name of your own and {source} and {mountpoint} in the command${lacks}`;
    throw invalidValue("--backend", definition, expected, "BAD_BACKEND");
  }
  return ownBackend(name, command);
}

/** A user's own backend, of which name and command have been checked. */
export function ownBackend(name: string, command: string): Backend {
  return { name, kind: "command", command };
}

/** A backend with further options in its command. Of an option that comes twice, our `mount` takes the later one. */
export function withOptions(backend: Backend, options: string): Backend {
  return { ...backend, command: backend.command?.replace("{source}", `${options} {source}`) ?? null };
}

/**
 * The argument vector that runs the backend's shell line. Source and mountpoint are passed as positional parameters, always quoted.
 */
export function argvOf(backend: Backend, source: string, mountpoint: string): readonly [string, ...string[]] {
  const line = (backend.command ?? "").replaceAll("{source}", '"$1"').replaceAll("{mountpoint}", '"$2"');
  return ["sh", "-c", `exec ${line}`, "sh", source, mountpoint];
}

/** The record of a backend in a result: a reader can repeat it. */
export function recordOf({ name, kind, command, ownsReadahead }: Backend, unavailable: string | null): BackendRecord {
  const repeatable = command?.replace(program, "fusemeter") ?? null;
  return { name, kind, command: repeatable, unavailable, ...(ownsReadahead && { ownsReadahead }) };
}
