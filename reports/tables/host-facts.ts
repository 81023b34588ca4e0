import { blocksOf, placements, type Run } from "../../results/index.js";

import { formatBytes, formatPercent, formatWindow } from "../figures/formats.js";
import { placementWords } from "../figures/placed-rows.js";
import { roundsIn } from "../figures/slices.js";

/** The machine in one line, for a picture's subtitle. */
export function hostLine({ host }: Run): string {
  return `Linux ${host.kernel}, ${host.cpu}, ${host.cores} ${host.cores === 1 ? "core" : "cores"}, ${host.filesystem} on ${host.device}`;
}

/** The facts of a result about its machine, name and value. */
export function hostFacts({ host }: Run): (readonly [name: string, value: string])[] {
  const { fuse } = host;
  const can = (what: boolean) => (what ? "yes" : "no");
  return [
    ["kernel", host.kernel],
    ["CPU", `${host.cpu}, ${host.cores} ${host.cores === 1 ? "core" : "cores"}`],
    ["memory", formatBytes(host.memoryBytes)],
    ["virtualization", host.virtualization ?? "none found"],
    ["source", `${host.filesystem} on ${host.device}`],
    ["FUSE", `ABI ${fuse.abi ?? "unknown"}; passthrough: ${can(fuse.passthrough)}; io_uring: ${can(fuse.ioUring)}`],
    ["fio", host.fioVersion],
    ["Node", host.nodeVersion],
    ["fingerprint", host.fingerprint],
  ];
}

/** The method of the ratios: of slices, or of fio's samples. */
function ratioNotes({ request, cells }: Run): string[] {
  const placed = placements.filter((placement) => cells.some((cell) => roundsIn(cell, placement).length > 0));
  if (placed.length === 0) {
    return ["A ratio is a figure divided by native's in the same block; the table gives the median of these ratios."];
  }
  const { slices } = request;
  const end =
    slices === undefined
      ? ""
      : slices.rounds !== null
        ? ` ${slices.rounds} rounds were asked for.`
        : ` Rounds were taken until each ratio was known within ${formatPercent(slices.precision)} %, or up to the end of the budget.`;
  return [
    `Ratios are those of slices: backends take turns of some milliseconds, in an order drawn anew for each turn. A round has fresh mounts; its ratio is the median over its turns.${end}`,
    `Placements: ${placed.map((placement) => `${placement}, ${placementWords[placement]}`).join("; ")}.`,
    "The 95 percent interval is that of the trimmed mean of the rounds' logarithms.",
  ];
}

/** The method of the run, a sentence for each fact: enough to judge the numbers and to repeat them. */
export function methodNotes(run: Run): string[] {
  const { request, seed, profile, cells, backends } = run;
  const { blocks } = blocksOf(run);
  const windows = (values: readonly (number | null)[]) =>
    [...new Set(values)].map((value) => (value === null ? "unknown" : formatWindow(value))).join(", ");
  const perBackend = backends
    .map(({ name }) => ({ name, seen: cells.filter((cell) => cell.backend === name).map((cell) => cell.readaheadKiB) }))
    .filter(({ seen }) => seen.length > 0)
    .map(({ name, seen }) => `${name} ${windows(seen)}`);
  const commands = backends.flatMap(({ name, command }) => (command === null ? [] : [`${name}: \`${command}\``]));
  return [
    `Profile ${profile}: ${blocks} ${blocks === 1 ? "block" : "blocks"}; each block takes every cell once, in an order drawn from seed ${seed}.`,
    `Fixed work on a file of ${formatBytes(request.fileSizeBytes)} under ${request.directory}. fio runs it with its own readahead hints and cache invalidation off.`,
    ...ratioNotes(run),
    "cold: caches dropped, fresh mount; warm: the file is in the page cache, the mount is fresh; hot: second pass over the same mount.",
    "System calls and page faults are counted in runs of their own, because counting slows each system call. The startup overhead is subtracted.",
    `Readahead window of the filesystem that is read: ${perBackend.join("; ") || "unknown"}. Window of the device below: ${windows(cells.map((cell) => cell.deviceReadaheadKiB)) || "unknown"}. The latter also applies to files in passthrough.`,
    ...commands.map((command) => `Mounted by: ${command}.`),
  ];
}
