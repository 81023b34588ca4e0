import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../package-root.js";

/** A measurement of Vangoor et al. (FAST 2017), of one of their FUSE configurations. Their machine, Linux 4.1: not ours. */
interface PublishedRatio {
  readonly medium: string;
  readonly config: string;
  /** Throughput relative to ext4 on the same medium. */
  readonly relativeThroughput: number;
}

/** The source of the figures and their difference from ours, in one line. */
export const PUBLISHED_SOURCE =
  "Vangoor, Tarasov, Zadok, FAST 2017, from their raw results: another machine and kernel (Linux 4.1, 8 CPUs, 4 GB, caches dropped, Filebench)";

/** The paper's configurations, in the order in which reports list them. */
export const publishedConfigs = [
  { medium: "HDD", config: "stackfs-base" },
  { medium: "HDD", config: "stackfs-opt" },
  { medium: "SSD", config: "stackfs-base" },
  { medium: "SSD", config: "stackfs-opt" },
] as const;

const unitBytes: Readonly<Record<string, number>> = { KB: 1024, MB: 1024 ** 2 };

function bytesOf(ioSize: string): number {
  const [, digits, unit] = /^(\d+)(KB|MB)$/.exec(ioSize) ?? [];
  return Number(digits) * (unitBytes[unit ?? ""] ?? Number.NaN);
}

type Row = Readonly<Record<string, string>>;

/** The rows of `results/reference/vangoor-fast17.csv`, which quotes nothing. */
function readTable(): Row[] {
  const text = readFileSync(join(packageRoot(), "results/reference/vangoor-fast17.csv"), "utf8");
  const [header, ...rows] = text.trimEnd().split(/\r?\n/);
  const names = header!.split(",");
  return rows.map((row) => {
    const values = row.split(",");
    return Object.fromEntries(names.map((name, index) => [name, values[index] ?? ""]));
  });
}

let table: readonly Row[] | undefined;

/** The paper's figures for a workload and an I/O size, one per configuration of theirs; empty where it has none. */
export function published(workload: string, ioSizeBytes: number): PublishedRatio[] {
  table ??= readTable();
  const rows = table.filter((row) => row.workload === workload && bytesOf(row.io_size!) === ioSizeBytes);
  const operations = (medium: string, config: string) =>
    Number(rows.find((row) => row.medium === medium && row.config === config)?.ops_per_s);
  return publishedConfigs
    .map(({ medium, config }) => ({
      medium,
      config,
      relativeThroughput: operations(medium, config) / operations(medium, "ext4"),
    }))
    .filter(({ relativeThroughput }) => Number.isFinite(relativeThroughput));
}
