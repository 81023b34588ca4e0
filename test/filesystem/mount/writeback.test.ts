import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  closeSync,
  constants,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  statSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { countCachedPages, dropCachedPages } from "../../../linux/libc/page-cache.js";
import { canMount } from "../can-mount.js";
import { type Daemon, directoryOfTest, runProgram, startDaemon } from "../daemon.js";
import { requestsOf } from "../requests.js";
import { offerRings, transports } from "../transports.js";

offerRings();

describe.skipIf(!canMount).each(transports)("with the writeback cache, over %s", (transport) => {
  let daemon: Daemon;
  let at: (name: string) => string;
  let below: (name: string) => string;
  beforeAll(async () => {
    daemon = await startDaemon(["--writeback", "--transport", transport, "-o", "allow_other,default_permissions"]);
    at = (name) => join(daemon.mountpoint, name);
    below = (name) => join(daemon.source, name);
  });
  afterAll(async () => daemon[Symbol.asyncDispose]());

  test("small writes reach the daemon as large ones, and the source with close", () => {
    const block = Buffer.alloc(4096, "b");
    const { WRITE } = requestsOf(daemon, ["WRITE"], () => {
      const fd = openSync(at("small"), "w");
      for (let count = 0; count < 512; count++) writeSync(fd, block);
      closeSync(fd);
    });
    expect(readFileSync(below("small")).equals(Buffer.alloc(512 * 4096, "b"))).toBe(true);
    expect(WRITE).toBeLessThan(64);
  });

  test("fsync brings what was written to the source", () => {
    const fd = openSync(at("synchronized"), "w");
    writeSync(fd, "written");
    fsyncSync(fd);
    expect(readFileSync(below("synchronized"), "utf8")).toBe("written");
    closeSync(fd);
  });

  test("a file that is open for writing alone has the rest of its pages read", () => {
    writeFileSync(at("partial"), "x".repeat(10_000));
    const writer = openSync(at("partial"), constants.O_WRONLY);
    // Out of the cache: the page is now in the source alone.
    dropCachedPages(writer);
    expect(countCachedPages(writer)).toBe(0);
    writeSync(writer, "middle", 5000);
    closeSync(writer);
    const expected = `${"x".repeat(5000)}middle${"x".repeat(10_000 - 5006)}`;
    expect(readFileSync(below("partial"), "utf8")).toBe(expected);
  });

  test("appends go to the end, by two at a time too", () => {
    writeFileSync(at("appended"), "");
    const [one, two] = [openSync(at("appended"), "a"), openSync(at("appended"), "a")];
    for (let count = 0; count < 100; count++) {
      writeSync(one, `one ${count}\n`);
      writeSync(two, `two ${count}\n`);
    }
    closeSync(one);
    closeSync(two);
    appendFileSync(at("appended"), "end\n");
    const lines = Array.from({ length: 100 }, (_, count) => `one ${count}\ntwo ${count}\n`).join("");
    expect(readFileSync(below("appended"), "utf8")).toBe(`${lines}end\n`);
  });

  test("cutting and growing happen between writes, in their order", () => {
    const fd = openSync(at("cut"), "w+");
    writeSync(fd, "0123456789");
    ftruncateSync(fd, 4);
    writeSync(fd, "ab", 8);
    ftruncateSync(fd, 12);
    const buffer = Buffer.alloc(20);
    expect(readSync(fd, buffer, 0, 20, 0)).toBe(12);
    expect(buffer.toString("latin1", 0, 12)).toBe("0123\0\0\0\0ab\0\0");
    closeSync(fd);
    expect(readFileSync(below("cut"), "latin1")).toBe("0123\0\0\0\0ab\0\0");
  });

  test("what is written to a mapping reaches the source", () => {
    writeFileSync(at("mapped"), Buffer.alloc(20_000, "."));
    const script = `import mmap,os
f=os.open("${at("mapped")}",os.O_RDWR); m=mmap.mmap(f,0); m[5000:5005]=b"HELLO"; m.flush(); os.fsync(f); m.close(); os.close(f)`;
    const { status, stderr } = spawnSync("python3", ["-c", script], { encoding: "utf8" });
    expect(stderr).toBe("");
    expect(status).toBe(0);
    const data = readFileSync(below("mapped"), "latin1");
    expect(data.slice(4999, 5006)).toBe(".HELLO.");
    expect(data.length).toBe(20_000);
  });

  test("sizes and times are the caller's at once, and the source's after close", () => {
    const fd = openSync(at("timed"), "w");
    writeSync(fd, "x".repeat(100));
    expect(statSync(at("timed")).size).toBe(100);
    utimesSync(at("timed"), 1_000_000, 2_000_000.5);
    expect(statSync(at("timed")).mtimeMs).toBe(2_000_000_500);
    closeSync(fd);
    expect(statSync(below("timed")).size).toBe(100);
    expect(statSync(below("timed")).mtimeMs).toBe(2_000_000_500);
    writeFileSync(at("timed"), "again");
    expect(Math.abs(statSync(below("timed")).mtimeMs - Date.now())).toBeLessThan(60_000);
  });

  test("writing as another takes set-id bits away", () => {
    writeFileSync(at("program"), "");
    chmodSync(at("program"), 0o6777);
    chmodSync(daemon.mountpoint, 0o755);
    const { status } = spawnSync(
      "setpriv",
      ["--reuid=65534", "--regid=65534", "--clear-groups", "--", "sh", "-c", `echo x > ${at("program")}`],
      {
        cwd: "/",
      },
    );
    expect(status).toBe(0);
    expect(statSync(below("program")).mode & 0o7777).toBe(0o777);
    expect(statSync(at("program")).mode & 0o7777).toBe(0o777);
  });
});

test.each([
  ["passthrough mode", ["--mode", "passthrough"]],
  ["cache none", ["--cache", "none"]],
  ["watching the source", ["--watch"]],
])("the writeback cache and %s exclude each other", async (what, words) => {
  const { code, errors } = await runProgram(["mount", "--writeback", ...words, directoryOfTest(), directoryOfTest()]);
  expect(errors).toContain(`${what} exclude each other`);
  expect(code).toBe(2);
});
