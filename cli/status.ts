import type { Command } from "commander";
import { markdownTable } from "markdown-table";
import { type MountStatus, readStatus } from "../filesystem/index.js";
import { type LazyStatus, lazyStatus, pastReads, storeOf, storeOfSource, watchStatus } from "../lazy/control/index.js";
import { lazyLine } from "./lazy-progress.js";
import { ProgressLine } from "./progress-line.js";

const EVERY_MS = 500;

interface Values {
  readonly json?: boolean;
  readonly watch?: boolean;
  readonly reads?: boolean;
}

export function describe(command: Command): void {
  command
    .summary("show the state of a mount")
    .description("Shows the state of a mount by fusemeter: negotiated features, requests served, and files in passthrough.")
    .argument("<mountpoint>", "the mountpoint")
    .option("--json", "print the state as JSON")
    .option("--watch", "lazy mounts: show what has arrived and who waits, until the mount ends")
    .option("--reads", "lazy mounts: list the last reads that have waited")
    .addHelpText("after", "\nExample:\n  fusemeter status /mnt/data")
    .action(run);
}

async function run(mountpoint: string, { json, watch, reads }: Values): Promise<void> {
  const isForPrograms = json === true;
  if (watch === true) await showProgress(storeOf(mountpoint), isForPrograms);
  else if (reads === true) await listReads(storeOf(mountpoint), isForPrograms);
  else await showStatus(mountpoint, isForPrograms);
}

async function showStatus(mountpoint: string, isForPrograms: boolean): Promise<void> {
  const status = readStatus(mountpoint);
  const store = storeOfSource(status.source);
  const lazy = store === null ? null : await lazyStatus(store);
  if (isForPrograms) console.log(JSON.stringify(lazy === null ? status : { ...status, lazy }, null, 2));
  else console.log(lazy === null ? textOf(status) : `${lazyText(lazy)}\n\n${textOf(status)}`);
}

async function showProgress(store: string, isForPrograms: boolean): Promise<void> {
  using line = new ProgressLine();
  for await (const status of watchStatus(store, EVERY_MS)) {
    if (isForPrograms) console.log(JSON.stringify(status));
    else line.note(lazyLine(status));
  }
}

async function listReads(store: string, isForPrograms: boolean): Promise<void> {
  const reads = await pastReads(store);
  if (isForPrograms) {
    console.log(JSON.stringify(reads, null, 2));
    return;
  }
  const rows = reads.map(({ atMs, path, offset, sizeBytes, pid, command, waitedMs, end }) => [
    (atMs / 1000).toFixed(3),
    path,
    ...[offset, sizeBytes].map(String),
    `${command ?? "?"} (${pid})`,
    waitedMs.toFixed(1),
    end,
  ]);
  const head = ["at, s", "file", "offset", "bytes", "reader", "waited, ms", "end"];
  console.log(markdownTable([head, ...rows], { align: ["r", "l", "r", "r", "l", "r", "l"] }));
}

function lazyText(status: LazyStatus): string {
  const { origin, store, arrivedChunks, totalChunks, arrivedFor, waited, fetched, isSealed } = status;
  const facts = [
    ["arrival", lazyLine(status)],
    ["origin", origin],
    ["store", store],
    ["chunks", `${arrivedChunks} of ${totalChunks}${isSealed ? ", complete on the disk" : ""}`],
    ["fetched for", `${arrivedFor.waited} readers, ${arrivedFor.prefetch} trace, ${arrivedFor.rest} rest`],
    ["reads that waited", String(waited)],
    ["requests to origin", `${fetched.requests}, ${fetched.retries} of them again, ${fetched.corrupt} with wrong content`],
    ["bytes from origin", String(fetched.bytes)],
  ];
  return facts.map(([what, value]) => `${what!.padEnd(20)} ${value}`).join("\n");
}

function textOf(status: MountStatus): string {
  const { fallbacks } = status;
  const why = fallbacks.lastReason === null ? "" : ` (last: ${fallbacks.lastReason})`;
  const facts = [
    ["source", status.source],
    ["mode", status.mode],
    ["transport", `${status.transport}, ${status.workers} workers`],
    ["FUSE ABI", status.abi],
    ["negotiated", status.negotiated.join(" ")],
    ["largest write", `${status.maxWriteBytes / 1024} KiB`],
    ["inodes known", `${status.inodes}, ${status.inodeDescriptors} with a descriptor`],
    ["open files", String(status.openFiles)],
    ["passthrough refused", `${fallbacks.count}${why}`],
  ];
  const requests = Object.entries(status.requests).map(([name, count]) => [name, String(count)]);
  const files = status.backingFiles.map(({ path, opens, backingId }) => [path, String(opens), String(backingId)]);
  if (status.moreBackingFiles > 0) files.push([`… and ${status.moreBackingFiles} more`, "", ""]);
  return [
    facts.map(([what, value]) => `${what!.padEnd(20)} ${value}`).join("\n"),
    markdownTable([["request", "count"], ...requests], { align: ["l", "r"] }),
    markdownTable([["backing file", "opens", "id"], ...files], { align: ["l", "r", "r"] }),
  ].join("\n\n");
}
