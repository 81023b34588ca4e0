import { invalidValue } from "../errors.js";

/** One of the paper's workloads: pattern, threads, files. */
export interface Workload {
  /** The paper's name, for instance `rnd-rd-1th-1f`. */
  readonly name: string;
  readonly pattern: "sequential" | "random";
  readonly threads: number;
  readonly files: number;
}

/**
 * The read workloads of Vangoor et al., "To FUSE or Not to FUSE" (FAST 2017), table 3, that fusemeter runs. The profiles
 * run those of one thread; 32 threads show how a daemon serves requests that wait together.
 * The name has all fields: `<pattern>-<operation>-<threads>th-<files>f`.
 */
export const workloadNames = ["seq-rd-1th-1f", "rnd-rd-1th-1f", "seq-rd-32th-1f", "rnd-rd-32th-1f"] as const;

const grammar = /^(?<pattern>seq|rnd)-rd-(?<threads>[1-9]\d*)th-(?<files>[1-9]\d*)f$/;

/**
 * The workload of a name.
 *
 * @throws {FusemeterError} `UNKNOWN_WORKLOAD` for a name that is not among `workloadNames`
 */
export function workloadOf(name: string): Workload {
  if (!(workloadNames as readonly string[]).includes(name)) {
    throw invalidValue("workload", name, `one of ${workloadNames.join(", ")}`, "UNKNOWN_WORKLOAD");
  }
  const parts = grammar.exec(name)!.groups!;
  return {
    name,
    pattern: parts.pattern === "seq" ? "sequential" : "random",
    threads: Number(parts.threads),
    files: Number(parts.files),
  };
}
