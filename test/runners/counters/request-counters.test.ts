import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { mountAt } from "../../../linux/mounts/mountinfo.js";
import { countRequests } from "../../../runners/counters/request-counters.js";
import { canMount } from "../../filesystem/can-mount.js";
import { startDaemon } from "../../filesystem/daemon.js";

/** Makes 40 files, writes each and reads it back, makes 7 directories, removes 3 files: one request for each step. */
const script = `
  chdir shift or die;
  for my $name (1 .. 40) { open my $file, "+>", $name or die; syswrite $file, "text"; close $file }
  for my $name (1 .. 40) { open my $file, "<", $name or die; sysread $file, my $text, 4; close $file }
  mkdir "directory$_" or die for 1 .. 7;
  unlink 1, 2, 3;
`;

describe.skipIf(!canMount)("requests of a FUSE mount", () => {
  test("by opcode, they are those of a program of known steps", async () => {
    await using daemon = await startDaemon(["--mode", "daemon"]);
    const asked = ["CREATE", "OPEN", "READ", "WRITE", "FLUSH", "RELEASE", "MKDIR", "UNLINK"];
    using counters = countRequests(mountAt(daemon.mountpoint)!.minor, asked);
    execFileSync("perl", ["-e", script, daemon.mountpoint]);
    // A RELEASE is sent after close(2) has returned.
    await expect.poll(() => counters.read().requests?.RELEASE, { timeout: 5000 }).toBe(80);
    const { requests, reason } = counters.read();
    expect(reason).toBeNull();
    expect(requests).toMatchObject({
      CREATE: 40,
      OPEN: 40,
      READ: 40,
      WRITE: 40,
      FLUSH: 80,
      RELEASE: 80,
      MKDIR: 7,
      UNLINK: 3,
    });
  });

  test("opcodes without a counter are summed up, and other mounts are not counted", async () => {
    await using watched = await startDaemon(["--mode", "daemon"]);
    await using other = await startDaemon(["--mode", "daemon"]);
    using counters = countRequests(mountAt(watched.mountpoint)!.minor, ["LOOKUP", "GETATTR"]);
    for (const { mountpoint } of [watched, other]) mkdirSync(join(mountpoint, "a"));
    // A GETATTR of the root depends on the age of its attributes.
    const { GETATTR, ...requests } = counters.read().requests!;
    expect(requests).toEqual({ LOOKUP: 1, other: 1 });
  });

  test("a file that is passed through is read without a READ", async () => {
    await using daemon = await startDaemon(["--mode", "passthrough"]);
    using counters = countRequests(mountAt(daemon.mountpoint)!.minor);
    writeFileSync(join(daemon.source, "file"), Buffer.alloc(1024 * 1024));
    execFileSync("cat", [join(daemon.mountpoint, "file")]);
    await expect.poll(() => counters.read().requests?.RELEASE, { timeout: 5000 }).toBe(1);
    const { requests } = counters.read();
    expect(requests).toMatchObject({ OPEN: 1, RELEASE: 1 });
    expect(requests).not.toHaveProperty("READ");
  });
});
