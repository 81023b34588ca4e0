import type { Command } from "commander";
import { markdownTable } from "markdown-table";
import { type MountStatus, readStatus } from "../filesystem/index.js";

export function describe(command: Command): void {
  command
    .summary("show the state of a mount")
    .description("Shows the state of a mount by fusemeter: negotiated features, requests served, and files in passthrough.")
    .argument("<mountpoint>", "the mountpoint")
    .option("--json", "print the state as JSON")
    .addHelpText("after", "\nExample:\n  fusemeter status /mnt/data")
    .action((mountpoint: string, { json }: { json?: boolean }) => {
      const status = readStatus(mountpoint);
      console.log(json === true ? JSON.stringify(status, null, 2) : textOf(status));
    });
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
