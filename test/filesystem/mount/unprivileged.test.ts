import { spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { asNobody, letNobodyMount, makeNobodysFolder } from "../../nobody.js";
import { canMount } from "../can-mount.js";
import { isMounted } from "../daemon.js";

const folder = mkdtempSync(join(tmpdir(), "fusemeter-test-"));
const at = (name: string) => join(folder, name);
let rights: ReturnType<typeof letNobodyMount>;

beforeAll(() => {
  if (!canMount) return;
  rights = letNobodyMount(folder);
  mkdirSync(at("roots"));
  for (const name of ["source", "mountpoint"]) makeNobodysFolder(at(name));
});
afterAll(() => {
  if (!canMount) return;
  rights[Symbol.dispose]();
  rmSync(folder, { recursive: true });
});

function program(...words: readonly string[]): [string, string[]] {
  return [process.execPath, [join(rights.project, "bin/fusemeter.js"), "mount", ...words]];
}

function shell(script: string): string {
  const { stdout, stderr } = spawnSync("sh", ["-c", script], { ...asNobody, encoding: "utf8" });
  return stdout + stderr;
}

/** Mounts as nobody: the line that it printed when it was ready, and a function that ends it. */
async function start(...words: readonly string[]): Promise<{ line: string; stop(): Promise<number | null> }> {
  const child = spawn(...program(...words, at("source"), at("mountpoint")), { ...asNobody, stdio: ["ignore", "ignore", "pipe"] });
  const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
  const line = await new Promise<string>((resolve, reject) => {
    child.stderr.on("data", (data) =>
      String(data).includes("is mounted on") ? resolve(String(data)) : reject(new Error(String(data))),
    );
    void ended.then(() => reject(new Error("it ended")));
  });
  return {
    line,
    stop() {
      child.kill("SIGTERM");
      return ended;
    },
  };
}

describe.skipIf(!canMount)("a user without any right mounts through fusermount3", { timeout: 30_000 }, () => {
  test("in daemon mode, and is told why not in passthrough", async () => {
    const mounted = await start();
    expect(mounted.line).toMatch(/daemon mode: passthrough needs CAP_SYS_ADMIN/);
    expect(isMounted(at("mountpoint"))).toBe(true);
    expect(readFileSync("/proc/self/mountinfo", "utf8")).toMatch(
      new RegExp(`${at("mountpoint")} rw,nosuid,nodev.* fuse\\.fusemeter ${at("source")} .*user_id=${asNobody.uid}`),
    );
    const m = at("mountpoint");
    expect(shell(`cd ${m} && echo hello > file && mkdir d && mv file d/moved && ln -s d l && cat l/moved && ls`)).toBe(
      "hello\nd\nl\n",
    );
    expect(readFileSync(at("source/d/moved"), "utf8")).toBe("hello\n");
    expect(await mounted.stop()).toBe(0);
    expect(isMounted(at("mountpoint"))).toBe(false);
  });

  test("has no more right than on the source", async () => {
    writeFileSync(at("source/secret"), "x", { mode: 0o600 });
    const mounted = await start();
    expect(shell(`cat ${at("mountpoint/secret")}`)).toContain("Permission denied");
    expect(await mounted.stop()).toBe(0);
  });

  test("and unmounts what is in use", async () => {
    const mounted = await start();
    writeFileSync(at("source/open"), "x");
    const reader = spawn("sh", ["-c", `exec 3< ${at("mountpoint/open")}; echo ready; read line`], {
      ...asNobody,
      stdio: ["pipe", "pipe", "inherit"],
    });
    await new Promise((resolve) => reader.stdout.once("data", resolve));
    expect(await mounted.stop()).toBe(0);
    expect(isMounted(at("mountpoint"))).toBe(false);
    reader.stdin.end();
    await new Promise((resolve) => reader.on("exit", resolve));
  });

  test.each([
    ["passthrough mode", ["--mode", "passthrough"], "mountpoint", /passthrough needs CAP_SYS_ADMIN/],
    ["a mountpoint of somebody else", [], "roots", /fusermount3: user has no write access to mountpoint/],
    ["others, unless /etc/fuse.conf lets them", ["-o", "allow_other"], "mountpoint", /user_allow_other/],
  ])("but not for %s", async (_, words, mountpoint, line) => {
    const child = spawn(...program(...words, at("source"), at(mountpoint)), { ...asNobody, stdio: ["ignore", "ignore", "pipe"] });
    const ended = new Promise((resolve) => child.on("exit", resolve));
    const errors = await text(child.stderr);
    expect(errors).toMatch(line);
    expect(errors.trim().split("\n")).toHaveLength(1);
    expect(await ended).toBe(3);
    expect(isMounted(at(mountpoint))).toBe(false);
  });

  test("and is told who may reach a mountpoint that it can't reach", () => {
    mkdirSync(at("closed/mountpoint"), { recursive: true });
    chmodSync(at("closed"), 0o700);
    const [command, words] = program(at("source"), at("closed/mountpoint"));
    const { status, stderr } = spawnSync(command, words, { ...asNobody, encoding: "utf8" });
    expect(stderr).toMatch(/closed\/mountpoint can't be reached: EACCES\. .*that the user may search/);
    expect(stderr).not.toContain("mkdir");
    expect(status).toBe(2);
  });
});
