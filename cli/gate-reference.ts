import { resolve } from "node:path";
import { chooseEntry, type Reference } from "../reports/gate/index.js";
import { type BaselineEntry, type Run, readBaseline } from "../results/index.js";
import { type Backend, backendNames, commandBackend, ownBackend } from "../runners/backends/index.js";
import { hostFacts } from "../runners/host/index.js";
import { shellQuoted } from "../runners/processes/index.js";
import { badUse, type GateOptions } from "./gate-options.js";
import { profileDefaults, type RequestDefaults } from "./requested-run.js";
import { existingPartOf } from "./writable.js";

/** The side that a gate compares with, and the request that follows from it. */
export interface GateReference {
  readonly reference: Reference;
  readonly defaults: RequestDefaults;
  /** Names of the judged backends. If one of them does not mount, that is a regression: its counterpart did. */
  readonly judged: readonly string[];
  /** True for a backend whose counts are judged. */
  readonly isCounted: (backend: string) => boolean;
}

const profile = "ci";

/** The defaults of a gate that saves a baseline. */
export const saveDefaults = (): RequestDefaults => profileDefaults(profile);

/**
 * The reference that the options name: a baseline's entry for this host, or base beside head.
 *
 * @param result the run that is judged; null where one is to be measured
 * @throws {FusemeterError} where the baseline holds nothing for this host
 */
export async function referenceOf(options: GateOptions, result: Run | null): Promise<GateReference> {
  if (options.baseline === undefined) return baseAndHead(options);
  const entries = await readBaseline(options.baseline);
  const host = result?.host ?? (await hostFacts(existingPartOf(options.directory ?? options.out ?? ".")));
  const chosen = chooseEntry(entries, host, options.baseline);
  return {
    reference: { kind: "baseline", ...chosen },
    defaults: baselineDefaults(options, chosen.entry, result !== null),
    judged: namesDefined(options),
    isCounted: () => true,
  };
}

const namesDefined = ({ backend = [] }: GateOptions) => backend.map((definition) => commandBackend(definition).name);

/** The request that a baseline's entry was measured with. */
function baselineDefaults(options: GateOptions, { cells, fileSizeBytes, backends }: BaselineEntry, hasResult: boolean) {
  const defined = namesDefined(options);
  const missing = backends.find(({ name }) => !backendNames.includes(name) && !defined.includes(name));
  if (options.backends === undefined && !hasResult && missing !== undefined) {
    throw badUse(
      `the backend ${missing.name} of the baseline is not defined here`,
      `define it: --backend '${missing.name}=${missing.command}'; or choose with --backends`,
    );
  }
  const all = <T>(pick: (cell: (typeof cells)[number]) => T) => [...new Set(cells.map(pick))];
  return {
    ...profileDefaults(profile),
    backends: backends.map(({ name }) => name),
    backendsAreRequired: true,
    workloads: all(({ workload }) => workload),
    ioSizesBytes: all(({ ioSizeBytes }) => ioSizeBytes),
    caches: all(({ cache }) => cache),
    fileSizeBytes,
  };
}

/** The commands that mount a checkout of fusemeter itself, by the name that their comparison gets. */
const ownServe: Readonly<Record<string, string>> = {
  fuse: "node {dir}/bin/fusemeter.js mount --mode daemon {source} {mountpoint}",
  passthrough: "node {dir}/bin/fusemeter.js mount --mode passthrough {source} {mountpoint}",
};

/** Two builds as backends of one run, and the first under another name too: what that differs by, the host makes by itself. */
function baseAndHead({ base, head, serve }: GateOptions): GateReference {
  const commands = Object.entries(serve === undefined ? ownServe : { daemon: serve });
  const build = (side: string, name: string, command: string, directory: string): Backend =>
    ownBackend(`${side}-${name}`, command.replaceAll("{dir}", shellQuoted(resolve(directory))));
  const pairs = commands.map(([name, command]) => ({
    name,
    base: build("base", name, command, base!),
    head: build("head", name, command, head!),
    again: build("base-again", name, command, base!),
  }));
  const known = pairs.flatMap((pair) => [pair.base, pair.head, pair.again]);
  const named = pairs.map(({ name, base, head, again }) => ({ name, base: base.name, head: head.name, again: again.name }));
  const unsampled = new Set(named.map((pair) => pair.again));
  return {
    reference: { kind: "head", pairs: named },
    defaults: {
      ...profileDefaults(profile),
      backends: known.map(({ name }) => name),
      known,
      backendsAreRequired: true,
    },
    // Base is mounted before head: where head alone fails, the host is not at fault.
    judged: named.map((pair) => pair.head),
    isCounted: (backend) => !unsampled.has(backend),
  };
}
