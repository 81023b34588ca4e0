import { spawnSync } from "node:child_process";
import { closeSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readStatus } from "../../../filesystem/mount/status.js";
import { canMount } from "../can-mount.js";
import { directoryOfTest, runProgram, startDaemon } from "../daemon.js";

describe.skipIf(!canMount)("the status of a mount", () => {
  test("counts requests and lists backing files while they are open", async () => {
    await using daemon = await startDaemon(["--mode", "passthrough", "-o", "allow_other"]);
    const path = join(daemon.mountpoint, "file");
    writeFileSync(path, "x");
    const fds = [openSync(path, "r"), openSync(path, "r")];
    const open = readStatus(daemon.mountpoint);
    expect(open).toMatchObject({
      source: daemon.source,
      mode: "passthrough",
      openFiles: 2,
      fallbacks: { count: 0, lastReason: null },
    });
    expect(open.requests).toMatchObject({ CREATE: 1, OPEN: 2 });
    expect(open.requests).not.toHaveProperty("WRITE");
    expect(open.negotiated).toContain("PASSTHROUGH");
    expect(open.backingFiles).toEqual([{ path: join(daemon.source, "file"), backingId: expect.any(Number), opens: 2 }]);
    for (const fd of fds) closeSync(fd);
    await expect.poll(() => readStatus(daemon.mountpoint).backingFiles).toEqual([]);
  });

  test("is printed by fusemeter status", async () => {
    await using daemon = await startDaemon(["--mode", "daemon"]);
    writeFileSync(join(daemon.mountpoint, "file"), "x");
    const program = join(import.meta.dirname, "../../../bin/fusemeter.js");
    const { stdout, status } = spawnSync(process.execPath, [program, "status", daemon.mountpoint], { encoding: "utf8" });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^mode +daemon$/m);
    expect(stdout).toMatch(/^\| WRITE +\| +1 \|$/m);
  });

  test("is not told to others, nor listed", async () => {
    await using daemon = await startDaemon(["-o", "allow_other"]);
    spawnSync("chmod", ["755", daemon.source]);
    const ask = spawnSync(
      "setpriv",
      ["--reuid=65534", "--regid=65534", "--clear-groups", "--", "getfattr", "-n", "user.fusemeter.status", daemon.mountpoint],
      { cwd: "/", encoding: "utf8" },
    );
    expect(ask.stdout).not.toContain("backingFiles");
    expect(readFileSync("/proc/self/mountinfo", "utf8")).toContain(daemon.mountpoint);
  });

  test("of what is no mount of ours is a clear error", async () => {
    const { code, errors } = await runProgram(["status", directoryOfTest()]);
    expect(errors).toMatch(/is not the root of a mount by fusemeter/);
    expect(code).toBe(2);
  });
});
