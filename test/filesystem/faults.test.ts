import { execFileSync, spawn, spawnSync } from "node:child_process";
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmdirSync,
  rmSync,
  statSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { readStatus } from "../../filesystem/mount/status.js";
import { descriptorLimit } from "../../linux/libc/limits.js";
import { canMount } from "./can-mount.js";
import { directoryOfTest, isMounted, startDaemon, temporaryDirectory } from "./daemon.js";
import { errorOf } from "./error-of.js";

const modes = ["daemon", "passthrough"];

/**
 * ext4 on a loop device with two files, "kept" in memory and "lost" not. Once it is cut, blocks beyond its first half MiB can't
 * be read, and its own filesystem, a tmpfs, has no room for more.
 */
function brokenDisk(): AsyncDisposable & { mountpoint: string; cut(): void } {
  const [base, mountpoint] = [temporaryDirectory(), temporaryDirectory()];
  const image = join(base, "image");
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=12m", "disk", base]);
  writeFileSync(image, "");
  truncateSync(image, 64 << 20);
  execFileSync("mkfs.ext4", ["-q", "-O", "^has_journal", "-E", "lazy_itable_init=0", image]);
  execFileSync("mount", ["-o", "loop", image, mountpoint]);
  writeFileSync(join(mountpoint, "lost"), Buffer.alloc(4 << 20, 1));
  writeFileSync(join(mountpoint, "kept"), "kept");
  execFileSync("sync", ["-f", mountpoint]);
  execFileSync("dd", [`if=${join(mountpoint, "lost")}`, "iflag=nocache", "count=0", "status=none"]);
  return {
    mountpoint,
    cut: () => truncateSync(image, 1 << 19),
    async [Symbol.asyncDispose]() {
      execFileSync("umount", [mountpoint]);
      // The loop device lets go of its file a little later.
      await expect.poll(() => spawnSync("umount", [base], { stdio: "ignore" }).status, { timeout: 10_000 }).toBe(0);
      for (const directory of [base, mountpoint]) rmdirSync(directory);
    },
  };
}

describe.skipIf(!canMount).each(modes)("in %s mode", (mode) => {
  test("a full disk is ENOSPC, and the rest goes on", async () => {
    const source = temporaryDirectory();
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "small", source]);
    try {
      await using daemon = await startDaemon(["--mode", mode], source);
      const fd = openSync(join(daemon.mountpoint, "large"), "w");
      expect(() => {
        for (let written = 0; written < 4 << 20; written += 65536) writeSync(fd, Buffer.alloc(65536, 1));
      }).toThrow("ENOSPC");
      closeSync(fd);
      unlinkSync(join(daemon.mountpoint, "large"));
      // The daemon lets go of a removed file when the kernel has told it to: soon after.
      const write = () => {
        try {
          writeFileSync(join(daemon.mountpoint, "small"), "fits");
          return "written";
        } catch (error) {
          return String(error);
        }
      };
      await expect.poll(write, { timeout: 5000 }).toBe("written");
      expect(readFileSync(join(daemon.mountpoint, "small"), "utf8")).toBe("fits");
    } finally {
      execFileSync("umount", [source]);
      rmdirSync(source);
    }
  });

  test("a write whose failure the source reports by close(2) alone fails by close(2)", async () => {
    const small = temporaryDirectory();
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "small", small]);
    try {
      // A mount with the writeback cache writes its pages when the file is closed.
      await using source = await startDaemon(["--writeback", "-o", "allow_other"], small);
      await using daemon = await startDaemon(["--mode", mode], source.mountpoint);
      const fd = openSync(join(daemon.mountpoint, "large"), "w");
      writeSync(fd, Buffer.alloc(4 << 20, 1));
      expect(errorOf(() => closeSync(fd))).toBe("ENOSPC");
    } finally {
      execFileSync("umount", [small]);
      rmdirSync(small);
    }
  });

  test("a disk that can't be read is EIO, one that takes no more says so when it is synchronized, and the rest goes on", async () => {
    await using disk = brokenDisk();
    await using daemon = await startDaemon(["--mode", mode], disk.mountpoint);
    const at = (name: string) => join(daemon.mountpoint, name);
    expect(readFileSync(at("kept"), "utf8")).toBe("kept");
    disk.cut();
    expect(errorOf(() => readFileSync(at("lost")))).toBe("EIO");
    expect(readFileSync(at("kept"), "utf8")).toBe("kept");
    const fd = openSync(at("new"), "w");
    writeSync(fd, Buffer.alloc(16 << 20, 1));
    expect(errorOf(() => fsyncSync(fd))).toBe("ENOSPC");
    closeSync(fd);
    expect(errorOf(() => statSync(at("absent")))).toBe("ENOENT");
  });

  test("what the source refuses for a quota's sake is EDQUOT", async () => {
    const policy = join(directoryOfTest(), "policy.mjs");
    writeFileSync(policy, 'export const decideOpen = ({ path }) => (path === "beyond" ? { deny: "EDQUOT" } : "daemon");');
    // Few kernels have quotas to be tried: the source is a mount that refuses.
    await using source = await startDaemon(["--mode", "daemon", "--policy", policy, "-o", "allow_other"]);
    await using daemon = await startDaemon(["--mode", mode], source.mountpoint);
    // EDQUOT, for which Node has no name.
    expect(errorOf(() => openSync(join(daemon.mountpoint, "beyond"), "w"))).toBe("Unknown system error -122");
    writeFileSync(join(daemon.mountpoint, "within"), "fits");
    expect(readdirSync(source.source)).toEqual(["within"]);
    rmSync(dirname(policy), { recursive: true });
  });

  test("a file that is removed underneath while it is open is read and written to its end", async () => {
    await using daemon = await startDaemon(["--mode", mode]);
    writeFileSync(join(daemon.source, "removed"), "still here");
    const fd = openSync(join(daemon.mountpoint, "removed"), "r+");
    unlinkSync(join(daemon.source, "removed"));
    const buffer = Buffer.alloc(20);
    expect(readSync(fd, buffer, 0, 20, 0)).toBe(10);
    expect(writeSync(fd, ", and changed", 10)).toBe(13);
    expect(fstatSync(fd)).toMatchObject({ size: 23 });
    expect(readSync(fd, buffer, 0, 20, 3)).toBe(20);
    expect(buffer.toString()).toBe("ll here, and changed");
    closeSync(fd);
    await expect.poll(() => existsSync(join(daemon.mountpoint, "removed"))).toBe(false);
    expect(readStatus(daemon.mountpoint).openFiles).toBe(0);
  });

  test("a file that is cut while it is read ends where it then ends", async () => {
    await using daemon = await startDaemon(["--mode", mode]);
    writeFileSync(join(daemon.source, "shrinks"), Buffer.alloc(1 << 20, 1));
    const fd = openSync(join(daemon.mountpoint, "shrinks"), "r");
    const buffer = Buffer.alloc(4096);
    expect(readSync(fd, buffer, 0, 4096, 0)).toBe(4096);
    truncateSync(join(daemon.source, "shrinks"), 100);
    // Past what the first read read ahead.
    expect(readSync(fd, buffer, 0, 4096, 900_000)).toBeLessThanOrEqual(4096);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    expect(statSync(join(daemon.mountpoint, "shrinks")).size).toBe(100);
    expect(readFileSync(join(daemon.mountpoint, "shrinks")).length).toBe(100);
    closeSync(fd);
  });

  test("thousands of files can be open", async () => {
    await using daemon = await startDaemon(["--mode", mode]);
    const count = Math.min(10_000, Math.floor(descriptorLimit() / 2));
    const fds: number[] = [];
    for (let index = 0; index < count; index++) fds.push(openSync(join(daemon.mountpoint, String(index)), "w+"));
    writeSync(fds[count - 1]!, "last");
    expect(readFileSync(join(daemon.source, String(count - 1)), "utf8")).toBe("last");
    for (const fd of fds) closeSync(fd);
  });

  test("more open files than the daemon has descriptors are refused, and can be had again later", async () => {
    await using daemon = await startDaemon(["--mode", mode, "--transport", "device"], undefined, ["prlimit", "--nofile=200"]);
    const fds: number[] = [];
    expect(() => {
      for (let index = 0; index < 300; index++) fds.push(openSync(join(daemon.mountpoint, String(index)), "w"));
    }).toThrow("EMFILE");
    expect(fds.length).toBeGreaterThan(80);
    for (const fd of fds) closeSync(fd);
    await expect.poll(() => existsSync(join(daemon.mountpoint, "0"))).toBe(true);
    writeFileSync(join(daemon.mountpoint, "again"), "x");
    expect(readFileSync(join(daemon.mountpoint, "again"), "utf8")).toBe("x");
  });

  test("a daemon that is killed under load gives ENOTCONN, and umount clears what is left", async () => {
    const daemon = await startDaemon(["--mode", mode]);
    writeFileSync(join(daemon.mountpoint, "file"), Buffer.alloc(1 << 20));
    const script = `const fs = require("fs"); for (;;) { const fd = fs.openSync(process.argv[1]); fs.readSync(fd, Buffer.alloc(4096), 0, 4096, 0); fs.closeSync(fd); }`;
    const load = spawn(process.execPath, ["-e", script, join(daemon.mountpoint, "file")], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    let complaint = "";
    load.stderr.on("data", (text) => {
      complaint += text;
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    daemon.process.kill("SIGKILL");
    expect(await new Promise((resolve) => load.on("close", resolve))).toBe(1);
    expect(complaint).toMatch(/ENOTCONN|ECONNABORTED|ECANCELED/);
    execFileSync("umount", [daemon.mountpoint]);
    expect(isMounted(daemon.mountpoint)).toBe(false);
    await daemon[Symbol.asyncDispose]();
  });
});

/** The number of times that one process mounts and unmounts: 25, or as `npm run mounts` says. */
const CYCLES = Number(process.env.MOUNT_CYCLES ?? 25);

test.skipIf(!canMount)(
  "mounting and unmounting again and again in one process leaks no descriptor, no thread, no address space, no memory and no mount",
  { timeout: 60_000 + CYCLES * 1000 },
  () => {
    const [source, mountpoint] = [temporaryDirectory(), temporaryDirectory()];
    writeFileSync(join(source, "file"), "x");
    const script = `
    import { execFile } from "node:child_process";
    import { readdirSync, readFileSync } from "node:fs";
    import { promisify } from "node:util";
    import { mount } from ${JSON.stringify(join(import.meta.dirname, "../../dist/filesystem/index.js"))};
    const sizeMiB = (name) => Number(new RegExp(name + ":\\\\s+(\\\\d+) kB").exec(readFileSync("/proc/self/status", "utf8"))[1]) / 1024;
    const counts = () => [readdirSync("/proc/self/fd").length, readdirSync("/proc/self/task").length, sizeMiB("VmSize"), sizeMiB("VmRSS")];
    const seen = [];
    for (let cycle = 0; cycle < ${CYCLES}; cycle++) {
      const mounted = await mount(${JSON.stringify(source)}, ${JSON.stringify(mountpoint)});
      await promisify(execFile)("cat", [${JSON.stringify(join(mountpoint, "file"))}]);
      await mounted.unmount();
      if (cycle % 5 === 0) gc();
      seen.push(counts());
    }
    console.log(JSON.stringify(seen));
  `;
    const words = ["--expose-gc", "--input-type=module", "-e", script];
    const output = execFileSync(process.execPath, words, { encoding: "utf8", maxBuffer: 1 << 24 });
    const seen: number[][] = JSON.parse(output);
    // A thread has ended a little before it is gone, so single counts may be high.
    const least = (cycles: number[][]) => [0, 1, 2, 3].map((column) => Math.min(...cycles.map((counts) => counts[column]!)));
    const [begin, end] = [least(seen.slice(1, 6)), least(seen.slice(-5))];
    const line = (counts: number[]) =>
      `${counts[0]} descriptors, ${counts[1]} threads, ${counts[2]!.toFixed(0)} MiB of addresses, ${counts[3]!.toFixed(0)} MiB of memory`;
    if (process.env.MOUNT_CYCLES !== undefined) {
      const settled = least(seen.slice(50, 55));
      console.log(`after 50 mounts: ${line(settled)}\nafter ${CYCLES}: ${line(end)}`);
    }
    expect(least(seen.slice(6)).slice(0, 2), output).toEqual(begin.slice(0, 2));
    // A table of inodes reserves 840 MiB.
    expect(end[2]! - begin[2]!, output).toBeLessThan(840);
    // A thread of each mount's own would leave 48 KiB, and a table its touched pages; V8 itself takes some megabytes one time or another.
    expect(end[3]! - begin[3]!, output).toBeLessThan(40);
    expect(isMounted(mountpoint)).toBe(false);
    expect(readdirSync(mountpoint)).toEqual([]);
    for (const directory of [source, mountpoint]) rmSync(directory, { recursive: true });
  },
);
