import { truncate, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { markdownTable } from "markdown-table";
import { readStatus } from "../../filesystem/index.js";
import { builtInBackend, serve } from "../../runners/backends/index.js";
import { attachCounters } from "../../runners/counters/index.js";
import { makeWorkspace } from "../../runners/files/index.js";
import { startStopped } from "../../runners/processes/index.js";

/** A number that is known beforehand, and the counters' figure for it. */
interface Exactness {
  readonly what: string;
  readonly known: number;
  readonly counted: number;
}

/** dd(1): one read(2) and one write(2) a block, no matter what. */
function dd(input: string, blockBytes: number, blocks: number): readonly [string, ...string[]] {
  return ["dd", `if=${input}`, "of=/dev/null", `bs=${blockBytes}`, `count=${blocks}`, "iflag=direct", "status=none"];
}

/** dd's system calls by name, from its exec to its end. */
async function callsOf(command: readonly [string, ...string[]]): Promise<Readonly<Record<string, number>>> {
  await using process = await startStopped(command);
  using counters = attachCounters(process.pid, "counted");
  process.resume();
  const { exitCode, stderr } = await process.ended;
  if (exitCode !== 0) throw new Error(stderr);
  const { syscallsByName, reasons } = counters.read();
  if (syscallsByName === null) throw new Error(reasons.syscallsByName);
  return syscallsByName;
}

const BLOCK_BYTES = 4096;

/**
 * Reads whose counts are all known. dd of N blocks, less dd of none, makes N calls of each kind. With direct I/O each of its
 * reads is one READ request, and our daemon counts its requests by itself.
 *
 * @param directory where the file is made, all of it a hole
 */
async function exactness(directory: string, blocks: number, signal: AbortSignal): Promise<Exactness[]> {
  await using workspace = await makeWorkspace(resolve(directory));
  await writeFile(join(workspace.source, "hole"), "");
  await truncate(join(workspace.source, "hole"), blocks * BLOCK_BYTES);
  await using mount = await serve(builtInBackend("fuse"), workspace, "counted", signal);
  const file = join(mount.path, "hole");
  const without = await callsOf(dd(file, BLOCK_BYTES, 0));
  const observe = async () => {
    // A RELEASE is sent after the program's last close.
    await sleep(500);
    return { daemon: readStatus(mount.path).requests, kernel: mount.daemon!.requests!.read().requests! };
  };
  const before = await observe();
  const calls = await callsOf(dd(file, BLOCK_BYTES, blocks));
  const after = await observe();
  const known = (opcode: string) => (after.daemon[opcode] ?? 0) - (before.daemon[opcode] ?? 0);
  const counted = (opcode: string) => (after.kernel[opcode] ?? 0) - (before.kernel[opcode] ?? 0);
  return [
    ...["read", "write"].map((name) => ({
      what: `system call ${name}`,
      known: blocks,
      counted: (calls[name] ?? 0) - (without[name] ?? 0),
    })),
    { what: "READ requests, by dd's blocks", known: blocks, counted: counted("READ") },
    ...["READ", "OPEN", "RELEASE", "FLUSH", "GETATTR"].map((opcode) => ({
      what: `${opcode} requests, by the daemon's own count`,
      known: known(opcode),
      counted: counted(opcode),
    })),
  ];
}

/** Prints the known numbers beside the counted ones. @returns the exit code: 1 where they differ */
export async function printExactness(directory: string, blocks: number, signal: AbortSignal): Promise<number> {
  const found = await exactness(directory, blocks, signal);
  const rows = found.map(({ what, known, counted }) => [what, known, counted, counted - known].map(String));
  console.log(markdownTable([["count", "known", "counted", "difference"], ...rows], { align: ["l", "r", "r", "r"] }));
  return found.every(({ known, counted }) => known === counted) ? 0 : 1;
}
