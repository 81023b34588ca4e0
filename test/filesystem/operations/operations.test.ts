import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  closeSync,
  constants,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { statxOf } from "../../../linux/libc/attributes.js";
import { Errno } from "../../../linux/libc/errno.js";
import { getxattr, listxattr, removexattr, setxattr } from "../../../linux/libc/extended-attributes.js";
import { copyFileRange, fallocate, fsync, lseek, openat } from "../../../linux/libc/files.js";
import { At, Open } from "../../../linux/libc/flags.js";
import { ioctl } from "../../../linux/libc/ioctls.js";
import { Flock, flock, getLock, LockType, setLock } from "../../../linux/libc/locks.js";
import { Memory } from "../../../linux/libc/memory.js";
import { linkat, renameat2 } from "../../../linux/libc/names.js";
import { canMount } from "../can-mount.js";
import { type Daemon, startDaemon } from "../daemon.js";
import { offerRings, transports } from "../transports.js";

const SEEK_DATA = 3;
const SEEK_HOLE = 4;
const RENAME_NOREPLACE = 1;
const RENAME_EXCHANGE = 2;
const FALLOC_FL_PUNCH_HOLE_KEEP_SIZE = 3;
const FS_IOC_GETFLAGS = 0x80086601;
const FS_IOC_FIEMAP_ALIKE = 0x4fff66ff;

/** C strings of paths, kept from the collector for as long as the test runs. */
const kept: Memory[] = [];
function string(text: string): number {
  const memory = Memory.string(text);
  kept.push(memory);
  return memory.address;
}

offerRings();

const ways = transports.flatMap((transport) => ["daemon", "passthrough"].map((mode) => [mode, transport] as const));

describe.skipIf(!canMount).each(ways)("in %s mode over %s", (mode, transport) => {
  let daemon: Daemon;
  let at: (name: string) => string;
  let below: (name: string) => string;
  beforeAll(async () => {
    daemon = await startDaemon(["--mode", mode, "--transport", transport, "-o", "allow_other,default_permissions"]);
    at = (name) => join(daemon.mountpoint, name);
    below = (name) => join(daemon.source, name);
  });
  afterAll(async () => daemon[Symbol.asyncDispose]());

  /** Runs commands as nobody, with a group and a umask. */
  function asNobody(script: string): { status: number | null; output: string } {
    const { status, stdout, stderr } = spawnSync(
      "setpriv",
      ["--reuid=65534", "--regid=65534", "--groups=4242", "--", "sh", "-c", script],
      { cwd: "/", encoding: "utf8" },
    );
    return { status, output: stdout + stderr };
  }

  test("extended attributes are set, read, listed and removed", () => {
    writeFileSync(at("attributes"), "");
    const value = Memory.string("v".repeat(1000));
    const room = new Memory(4096);
    for (const path of [at("attributes"), below("attributes")]) expect(listxattr(string(path), 0, 0)).toBe(0);
    expect(setxattr(string(at("attributes")), string("user.one"), value.address, 1000, 0)).toBe(0);
    expect(getxattr(string(below("attributes")), string("user.one"), room.address, 4096)).toBe(1000);
    expect(getxattr(string(at("attributes")), string("user.one"), 0, 0)).toBe(1000);
    expect(getxattr(string(at("attributes")), string("user.one"), room.address, 10)).toBe(-Errno.ERANGE);
    expect(getxattr(string(at("attributes")), string("user.two"), room.address, 10)).toBe(-Errno.ENODATA);
    const length = listxattr(string(at("attributes")), room.address, 4096);
    expect(room.bytes.toString("utf8", 0, length)).toBe("user.one\0");
    expect(removexattr(string(at("attributes")), string("user.one"))).toBe(0);
    expect(listxattr(string(below("attributes")), 0, 0)).toBe(0);
  });

  test("holes are punched and found", () => {
    writeFileSync(at("holes"), Buffer.alloc(65536, 1));
    const fd = openSync(at("holes"), "r+");
    expect(fallocate(fd, FALLOC_FL_PUNCH_HOLE_KEEP_SIZE, 16384, 16384)).toBe(0);
    expect([lseek(fd, 0, SEEK_HOLE), lseek(fd, 16384, SEEK_DATA), lseek(fd, 70000, SEEK_DATA)]).toEqual([
      16384,
      32768,
      -Errno.ENXIO,
    ]);
    expect(fallocate(fd, 0, 65536, 65536)).toBe(0);
    expect(statSync(at("holes")).size).toBe(131072);
    closeSync(fd);
  });

  test("offsets past 4 GiB are exact", () => {
    writeFileSync(at("far"), "");
    truncateSync(at("far"), 2 ** 40 + 1);
    const fd = openSync(at("far"), "r+");
    expect(writeSync(fd, "end", 2 ** 40 - 1)).toBe(3);
    const buffer = Buffer.alloc(3);
    expect(readSync(openSync(below("far"), "r"), buffer, 0, 3, 2 ** 40 - 1)).toBe(3);
    expect(buffer.toString()).toBe("end");
    expect(statSync(below("far")).size).toBe(2 ** 40 + 2);
    closeSync(fd);
    unlinkSync(at("far"));
  });

  test("copy_file_range copies inside the mount", () => {
    writeFileSync(at("from"), Buffer.alloc(100_000, 9));
    writeFileSync(at("to"), "");
    const [from, to] = [openSync(at("from"), "r"), openSync(at("to"), "r+")];
    expect(copyFileRange(from, 0, to, 0, 100_000, 0)).toBe(100_000);
    closeSync(from);
    closeSync(to);
    expect(readFileSync(at("to")).equals(readFileSync(below("from")))).toBe(true);
  });

  test("a file without a name gets one", () => {
    const fd = openat(At.FDCWD, string(daemon.mountpoint), Open.TMPFILE | Open.DIRECTORY | Open.RDWR, 0o640);
    expect(fd).toBeGreaterThan(0);
    writeSync(fd, "later");
    expect(readdirSync(daemon.source)).not.toContain("named");
    expect(linkat(At.FDCWD, string(`/proc/self/fd/${fd}`), At.FDCWD, string(at("named")), At.SYMLINK_FOLLOW)).toBe(0);
    closeSync(fd);
    expect(readFileSync(below("named"), "utf8")).toBe("later");
  });

  test("renames do not replace, or exchange", () => {
    writeFileSync(at("left"), "left");
    writeFileSync(at("right"), "right");
    const move = (flags: number) => renameat2(At.FDCWD, string(at("left")), At.FDCWD, string(at("right")), flags);
    expect(move(RENAME_NOREPLACE)).toBe(-Errno.EEXIST);
    expect(move(RENAME_EXCHANGE)).toBe(0);
    expect(readFileSync(at("left"), "utf8")).toBe("right");
  });

  test("ioctls of one file are forwarded, others refused", () => {
    writeFileSync(at("controlled"), "");
    const fd = openSync(at("controlled"), "r");
    const [mine, theirs] = [new Memory(8), new Memory(8)];
    expect(ioctl(fd, FS_IOC_GETFLAGS, mine.address)).toBe(0);
    expect(ioctl(openSync(below("controlled"), "r"), FS_IOC_GETFLAGS, theirs.address)).toBe(0);
    expect(mine.words[0]).toBe(theirs.words[0]);
    expect(ioctl(fd, FS_IOC_FIEMAP_ALIKE, mine.address)).toBe(-Errno.ENOTTY);
    closeSync(fd);
  });

  test("chattr changes the time of change that stat tells", () => {
    writeFileSync(at("flagged"), "");
    const seen = () => spawnSync("stat", ["-c", "%z", at("flagged")], { encoding: "utf8" }).stdout;
    const before = seen();
    expect(spawnSync("chattr", ["+A", at("flagged")]).status).toBe(0);
    expect(seen()).not.toBe(before);
  });

  test("statx tells the time of birth", () => {
    writeFileSync(at("born"), "");
    const STATX_BTIME = 0x800;
    const birth = (path: string) => {
      const [fd, statx] = [openSync(path, "r"), new Memory(256)];
      expect(statxOf(fd, statx.address, STATX_BTIME)).toBe(0);
      closeSync(fd);
      return [...statx.words.subarray(20, 23)];
    };
    expect(birth(at("born"))).toEqual(birth(below("born")));
  });

  test("files and directories are synchronized", () => {
    writeFileSync(at("synchronized"), "x");
    for (const path of [at("synchronized"), daemon.mountpoint]) {
      const fd = openSync(path, "r");
      expect(fsync(fd)).toBe(0);
      closeSync(fd);
    }
  });

  test("what the source has got meanwhile is opened as what it is", () => {
    // The kernel now believes for a second that there is nothing.
    for (const name of ["new-fifo", "new-file"]) expect(existsSync(at(name))).toBe(false);
    expect(spawnSync("mkfifo", [below("new-fifo")]).status).toBe(0);
    writeFileSync(below("new-file"), "from the source");
    const { O_CREAT, O_NONBLOCK, O_RDWR, O_WRONLY } = constants;
    expect(() => openSync(at("new-fifo"), O_WRONLY | O_CREAT | O_NONBLOCK)).toThrow("ENXIO");
    const fd = openSync(at("new-file"), O_RDWR | O_CREAT);
    expect(readFileSync(fd, "utf8")).toBe("from the source");
    closeSync(fd);
  });

  describe("locks", () => {
    const struct = new Memory(32);
    const whole = { start: 0n, end: (1n << 63n) - 1n };

    test("of open files exclude each other, on the mount and on the source", async () => {
      writeFileSync(at("locked"), "");
      const [mine, other, source] = [openSync(at("locked"), "r+"), openSync(at("locked"), "r+"), openSync(below("locked"), "r+")];
      expect(setLock(mine, { type: LockType.WRLCK, start: 10n, end: 19n }, struct)).toBe(0);
      expect(setLock(other, { type: LockType.WRLCK, start: 15n, end: 15n }, struct)).toBe(-Errno.EAGAIN);
      expect(setLock(other, { type: LockType.WRLCK, start: 20n, end: 29n }, struct)).toBe(0);
      expect(setLock(source, { type: LockType.RDLCK, start: 0n, end: 14n }, struct)).toBe(-Errno.EAGAIN);
      expect(getLock(source, { type: LockType.WRLCK, ...whole }, struct)).toEqual({ type: LockType.WRLCK, start: 10n, end: 19n });
      closeSync(mine);
      // Nobody waits for a RELEASE: the lock goes soon after.
      const take = () => setLock(source, { type: LockType.WRLCK, start: 10n, end: 19n }, struct);
      await expect.poll(take, { timeout: 5000 }).toBe(0);
      for (const fd of [other, source]) closeSync(fd);
    });

    test("of whole files exclude each other, on the mount and on the source", () => {
      writeFileSync(at("flocked"), "");
      const [mine, source] = [openSync(at("flocked"), "r"), openSync(below("flocked"), "r")];
      expect(flock(mine, Flock.EX | Flock.NB)).toBe(0);
      expect(flock(source, Flock.SH | Flock.NB)).toBe(-Errno.EAGAIN);
      expect(flock(mine, Flock.UN)).toBe(0);
      expect(flock(source, Flock.EX | Flock.NB)).toBe(0);
      for (const fd of [mine, source]) closeSync(fd);
    });

    /** A process that waits for a whole-file lock. */
    function waitFor(path: string): { child: ChildProcess; ended: Promise<number | null> } {
      const child = spawn("flock", [path, "true"], { stdio: "ignore" });
      return { child, ended: new Promise((resolve) => child.on("exit", (code) => resolve(code))) };
    }

    test("of whole files end with their open file, while others have the file open too", async () => {
      writeFileSync(at("closed"), "");
      const fd = openSync(at("closed"), "r");
      expect(flock(fd, Flock.EX | Flock.NB)).toBe(0);
      const waiter = waitFor(at("closed"));
      await new Promise((resolve) => setTimeout(resolve, 100));
      closeSync(fd);
      onTestFinished(() => void waiter.child.kill("SIGKILL"));
      expect(await Promise.race([waiter.ended, new Promise((resolve) => setTimeout(resolve, 10_000, "still waiting"))])).toBe(0);
    });

    test("are waited for without holding anybody up, and can be given up", async () => {
      writeFileSync(at("awaited"), "");
      const fd = openSync(at("awaited"), "r");
      expect(flock(fd, Flock.EX | Flock.NB)).toBe(0);
      // More waiters than workers.
      const waiters = Array.from({ length: 6 }, () => waitFor(at("awaited")));
      await new Promise((resolve) => setTimeout(resolve, 300));
      writeFileSync(at("meanwhile"), "served");
      expect(readFileSync(at("meanwhile"), "utf8")).toBe("served");
      waiters[0]!.child.kill("SIGTERM");
      expect(await waiters[0]!.ended).toBe(null);
      expect(flock(fd, Flock.UN)).toBe(0);
      expect(await Promise.all(waiters.slice(1).map(({ ended }) => ended))).toEqual([0, 0, 0, 0, 0]);
      closeSync(fd);
    });
  });

  describe("the caller", () => {
    beforeAll(() => {
      spawnSync("chmod", ["777", daemon.source]);
    });

    test("owns what it makes, by its umask", () => {
      const made = asNobody(
        `cd ${daemon.mountpoint} && umask 027 && mkdir mine && touch mine/file && ln -s x mine/symbolic && mkfifo mine/fifo`,
      );
      expect(made).toEqual({ status: 0, output: "" });
      for (const [name, mode] of [
        ["mine", 0o40750],
        ["mine/file", 0o100640],
        ["mine/fifo", 0o10640],
      ] as const) {
        const { uid, gid, mode: seen } = statSync(below(name));
        expect([name, uid, gid, seen.toString(8)]).toEqual([name, 65534, 65534, mode.toString(8)]);
      }
    });

    test("may write where one of its groups may", () => {
      const made = spawnSync("sh", ["-c", `mkdir ${at("group")} && chgrp 4242 ${at("group")} && chmod 2770 ${at("group")}`]);
      expect(made.status).toBe(0);
      expect(asNobody(`touch ${at("group/file")}`)).toEqual({ status: 0, output: "" });
      expect(statSync(below("group/file")).gid).toBe(4242);
    });

    test("may not do what the source's modes forbid", () => {
      writeFileSync(at("private"), "secret", { mode: 0o600 });
      expect(asNobody(`cat ${at("private")}`).output).toContain("Permission denied");
      expect(asNobody(`echo > ${at("private")}`).output).toContain("Permission denied");
      expect(asNobody(`chown 65534 ${at("private")}`).output).toContain("not permitted");
    });

    test("drops set-id bits by writing and by truncating", () => {
      for (const [name, how] of [
        ["written", "printf x >>"],
        ["cut", ":>"],
      ] as const) {
        writeFileSync(at(name), "x");
        expect(spawnSync("chmod", ["6777", at(name)]).status).toBe(0);
        // The kernel's own cache must not know better, by which a program would run as root: stat asks for the mode alone.
        expect(asNobody(`${how} ${at(name)}; stat -c %a ${at(name)}`)).toEqual({ status: 0, output: "777\n" });
        expect((statSync(below(name)).mode & 0o7777).toString(8)).toBe("777");
        expect((statSync(at(name)).mode & 0o7777).toString(8)).toBe("777");
      }
    });

    test("keeps set-id bits where it is root, as on the source", () => {
      for (const directory of [daemon.source, daemon.mountpoint]) {
        const path = join(directory, "kept");
        writeFileSync(path, "first");
        expect(spawnSync("chmod", ["6777", path]).status).toBe(0);
        const reader = openSync(path, "r");
        for (const flags of ["r+", "a", "w"]) {
          const fd = openSync(path, flags);
          writeSync(fd, "again");
          closeSync(fd);
          expect((statSync(below("kept")).mode & 0o7777).toString(8), `${directory} ${flags}`).toBe("6777");
        }
        closeSync(reader);
        expect(readFileSync(below("kept"), "utf8")).toBe("again");
        unlinkSync(path);
      }
    });

    test("keeps the set-group-id bit of its group's file that is not executable, as on the source", () => {
      for (const directory of [daemon.source, daemon.mountpoint]) {
        const path = join(directory, "marked");
        for (const how of ["printf x >>", ":>", "truncate -s 0", "fallocate -l 10"]) {
          const script = `touch ${path}; chmod 2664 ${path}; ${how} ${path}; stat -c %a ${path}; rm ${path}`;
          expect(asNobody(script), `${how} ${directory}`).toEqual({ status: 0, output: "2664\n" });
        }
      }
    });

    test("drops set-id bits also after a name came into being in between", () => {
      for (const name of ["first", "second"]) {
        writeFileSync(at(name), "x");
        expect(spawnSync("chmod", ["666", at(name)]).status).toBe(0);
      }
      const appended = asNobody(
        `exec 3>>${at("first")}; printf x >&3; mkdir ${at("between")}; exec 4>>${at("second")}; touch ${at("open")}; rm ${at("open")}; sleep 0.2; printf x >&4`,
      );
      expect(appended).toEqual({ status: 0, output: "" });
      const fd = openSync(at("second"), "r+");
      expect(spawnSync("chmod", ["6777", at("second")]).status).toBe(0);
      expect(asNobody(`printf x >> ${at("second")}`)).toEqual({ status: 0, output: "" });
      expect((statSync(below("second")).mode & 0o7777).toString(8)).toBe("777");
      closeSync(fd);
    });

    test("is bound by quotas: the threads that serve have no CAP_SYS_RESOURCE", () => {
      const tasks = `/proc/${daemon.process.pid}/task`;
      const effective = readdirSync(tasks).map(
        (task) => /^CapEff:\s*(\w+)/m.exec(readFileSync(join(tasks, task, "status"), "utf8"))![1]!,
      );
      const without = effective.filter((each) => (BigInt(`0x${each}`) & (1n << 24n)) === 0n);
      expect(without.length).toBeGreaterThanOrEqual(2);
    });

    test("loses set-id bits by another's write to a file that root has open", () => {
      writeFileSync(at("shared"), "first");
      expect(spawnSync("chmod", ["6777", at("shared")]).status).toBe(0);
      const fd = openSync(at("shared"), "r+");
      writeSync(fd, "by root");
      expect((statSync(below("shared")).mode & 0o7777).toString(8)).toBe("6777");
      expect(asNobody(`printf x >> ${at("shared")}`)).toEqual({ status: 0, output: "" });
      expect((statSync(below("shared")).mode & 0o7777).toString(8)).toBe("777");
      closeSync(fd);
    });
  });

  test("what is answered with an error leaves nothing behind", () => {
    expect(existsSync(at("absent"))).toBe(false);
    expect(() => openSync(at("absent"), "r")).toThrow("ENOENT");
    expect(() => openSync(at("x".repeat(256)), "w")).toThrow("ENAMETOOLONG");
    expect(existsSync(below("absent"))).toBe(false);
  });
});
