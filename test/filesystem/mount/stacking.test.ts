import { execFileSync } from "node:child_process";
import { appendFileSync, closeSync, mkdirSync, openSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readStatus } from "../../../filesystem/mount/status.js";
import { canMount } from "../can-mount.js";
import { startDaemon, temporaryDirectory } from "../daemon.js";

describe.skipIf(!canMount)("passthrough over a source", () => {
  test("on overlayfs reads and writes its files by the kernel", async () => {
    const base = temporaryDirectory();
    execFileSync("mount", ["-t", "tmpfs", "layers", base]);
    const [lower, upper, scratch, merged] = ["lower", "upper", "work", "merged"].map((name) => join(base, name));
    for (const directory of [lower!, upper!, scratch!, merged!]) mkdirSync(directory);
    writeFileSync(join(lower!, "file"), "from below");
    execFileSync("mount", ["-t", "overlay", "-o", `lowerdir=${lower},upperdir=${upper},workdir=${scratch}`, "layers", merged!]);
    try {
      await using daemon = await startDaemon(["--mode", "passthrough"], merged);
      const path = join(daemon.mountpoint, "file");
      expect(readFileSync(path, "utf8")).toBe("from below");
      // A writer copies the file up: opens of the inode then have another file behind them.
      const reader = openSync(path, "r");
      writeFileSync(path, "changed");
      closeSync(reader);
      expect(readFileSync(path, "utf8")).toBe("changed");
      expect(readFileSync(join(upper!, "file"), "utf8")).toBe("changed");
      const { fallbacks, requests } = readStatus(daemon.mountpoint);
      expect(fallbacks.count).toBe(0);
      expect(requests).not.toHaveProperty("READ");
    } finally {
      execFileSync("umount", [merged!]);
      execFileSync("umount", [base]);
      rmdirSync(base);
    }
  });

  test("on a FUSE mount with passthrough does the same through both", async () => {
    await using inner = await startDaemon(["--mode", "passthrough"]);
    await using outer = await startDaemon(["--mode", "passthrough"], inner.mountpoint);
    writeFileSync(join(outer.mountpoint, "file"), "through both");
    expect(readFileSync(join(inner.source, "file"), "utf8")).toBe("through both");
    expect(readFileSync(join(outer.mountpoint, "file"), "utf8")).toBe("through both");
    for (const { mountpoint } of [inner, outer]) {
      const { fallbacks, requests } = readStatus(mountpoint);
      expect(fallbacks.count).toBe(0);
      expect(requests).not.toHaveProperty("READ");
      expect(requests).not.toHaveProperty("WRITE");
    }
  });

  test("that is as deep as the kernel allows leaves files to the daemon, and counts it", async () => {
    await using first = await startDaemon(["--mode", "passthrough"]);
    await using second = await startDaemon(["--mode", "passthrough"], first.mountpoint);
    await using third = await startDaemon(["--mode", "passthrough"], second.mountpoint);
    writeFileSync(join(third.mountpoint, "file"), "through all");
    expect(readFileSync(join(first.source, "file"), "utf8")).toBe("through all");
    expect(readFileSync(join(third.mountpoint, "file"), "utf8")).toBe("through all");
    const { fallbacks, requests } = readStatus(third.mountpoint);
    expect(fallbacks).toEqual({ count: 2, lastReason: "ELOOP" });
    expect(requests).toMatchObject({ WRITE: 1 });
    expect(readStatus(second.mountpoint).fallbacks.count).toBe(0);
  });
});

describe.skipIf(!canMount).each(["daemon", "passthrough"])("a mount in %s mode", (mode) => {
  test("is a lower layer of overlayfs", async () => {
    await using daemon = await startDaemon(["--mode", mode, "-o", "allow_other"]);
    writeFileSync(join(daemon.source, "file"), "from below");
    const base = temporaryDirectory();
    execFileSync("mount", ["-t", "tmpfs", "layers", base]);
    const [upper, scratch, merged] = ["upper", "work", "merged"].map((name) => join(base, name));
    for (const directory of [upper!, scratch!, merged!]) mkdirSync(directory);
    try {
      const layers = `lowerdir=${daemon.mountpoint},upperdir=${upper},workdir=${scratch}`;
      execFileSync("mount", ["-t", "overlay", "-o", layers, "layers", merged!]);
      try {
        expect(readFileSync(join(merged!, "file"), "utf8")).toBe("from below");
        appendFileSync(join(merged!, "file"), ", changed above");
        expect(readFileSync(join(merged!, "file"), "utf8")).toBe("from below, changed above");
        expect(readFileSync(join(daemon.source, "file"), "utf8")).toBe("from below");
      } finally {
        execFileSync("umount", [merged!]);
      }
      expect(readStatus(daemon.mountpoint).fallbacks.count).toBe(0);
    } finally {
      execFileSync("umount", [base]);
      rmdirSync(base);
    }
  });
});
