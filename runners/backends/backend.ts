import { join } from "node:path";
import { FusemeterError } from "../../errors.js";
import { packageRoot } from "../../package-root.js";
import type { BackendRecord } from "../../results/index.js";

/** A way to reach the same files: at their source, or through a mount that a command serves. */
export interface Backend {
  readonly name: string;
  readonly kind: BackendRecord["kind"];
  /** A line of shell with `{source}` and `{mountpoint}`; null where nothing is mounted. */
  readonly command: string | null;
  /** Whether the daemon itself decides about readahead: no window of the mount is then set. */
  readonly ownsReadahead?: boolean;
  /** Whether the kernel must offer FUSE over io_uring when it mounts. */
  readonly needsRings?: boolean;
}

/** The second name under which the native backend is measured: what its ratio to the first is off 1 by is the run's noise. */
export const NATIVE_AGAIN = "native-again";

const program = `'${process.execPath}' '${join(packageRoot(), "bin/fusemeter.js")}'`;

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
  throw new FusemeterError({
    code: "UNKNOWN_BACKEND",
    exitCode: 2,
    problem: `unknown backend "${name}"`,
    remedy: `choose from ${backendNames.join(", ")}, or define it: --backend '${name}=/path/to/daemon {source} {mountpoint}'`,
  });
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
    throw new FusemeterError({
      code: "BAD_BACKEND",
      exitCode: 2,
      problem: `"${definition}" defines no backend${command !== undefined && missing.length > 0 ? ` (no ${missing.join(", ")})` : ""}`,
      remedy: "write 'NAME=/path/to/daemon --foreground {source} {mountpoint}' with a name of your own",
    });
  }
  return { name, kind: "command", command };
}

/** The argument vector that serves a backend: its line of shell, with the two paths as the shell's own, unquoted never. */
export function argvOf(backend: Backend, source: string, mountpoint: string): readonly [string, ...string[]] {
  const line = (backend.command ?? "").replaceAll("{source}", '"$1"').replaceAll("{mountpoint}", '"$2"');
  return ["sh", "-c", `exec ${line}`, "sh", source, mountpoint];
}

/** How a reader of the result repeats the backend. */
export function recordOf(backend: Backend, unavailable: string | null): BackendRecord {
  return { name: backend.name, kind: backend.kind, command: backend.command?.replace(program, "fusemeter") ?? null, unavailable };
}
