import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { linesOf, manifestOfDirectory } from "../../lazy/manifest/index.js";
import { MNT_DETACH, umount2 } from "../../linux/mounts/mount.js";
import { canMount } from "../filesystem/can-mount.js";
import { describeTree } from "../lazy/content.js";
import { archived, compressed } from "../lazy/layers/archives.js";
import { scratch } from "../lazy/scratch.js";
import { plant } from "../lazy/trees.js";
import { program } from "../machine.js";

const run = (...words: string[]) => spawnSync(program, words, { encoding: "utf8", maxBuffer: 2 ** 28 });

interface Mounted {
  readonly base: string;
  readonly mountpoint: string;
  readonly daemon: ChildProcess;
  /** Waits until the daemon has said a text. */
  says(text: string): Promise<void>;
}

/** Mounts a source by the commands `lazy manifest` and `lazy mount`. */
async function mounted(source: string, ...words: string[]): Promise<Mounted> {
  const base = scratch();
  const mountpoint = join(base, "mount");
  mkdirSync(mountpoint);
  writeFileSync(join(base, "manifest"), run("lazy", "manifest", source).stdout);
  const places = [join(base, "manifest"), source, join(base, "store"), mountpoint];
  const daemon = spawn(program, ["lazy", "mount", ...words, ...places], { stdio: ["ignore", "ignore", "pipe"] });
  const end = new Promise<void>((resolve) => daemon.once("close", () => resolve()));
  onTestFinished(async () => {
    daemon.kill("SIGTERM");
    await end;
    while (umount2(mountpoint, MNT_DETACH) === 0);
  });
  let said = "";
  let hear = () => {};
  daemon.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
    hear();
  });
  void end.then(() => hear());
  const says = async (text: string) => {
    while (!said.includes(text)) {
      if (daemon.exitCode !== null) throw new Error(`the daemon has ended: ${said}`);
      await new Promise<void>((resolve) => {
        hear = resolve;
      });
    }
  };
  await says("is mounted on");
  return { base, mountpoint, daemon, says };
}

describe.skipIf(!canMount)("the commands of lazy mounts", () => {
  test("a directory is mounted, shown by status, and promoted", async () => {
    const source = scratch();
    plant(source, { smallFiles: 10 });
    const { base, mountpoint, daemon, says } = await mounted(source, "--background-rate", "0");
    expect(readFileSync(join(mountpoint, "large")).equals(readFileSync(join(source, "large")))).toBe(true);
    const status = JSON.parse(run("status", "--json", mountpoint).stdout);
    expect(status).toMatchObject({ lazy: { store: join(base, "store"), isPromoted: false, isSealed: false, waits: [] } });
    expect(status.lazy.arrivedFor.waited).toBeGreaterThan(0);
    expect(status.lazy.arrivedFor.rest).toBe(0);
    expect(run("status", mountpoint).stdout).toMatch(/^arrival +\d+\.\d of \d+\.\d MB arrived \(\d+ %\); nobody waits\n/);
    const reads = JSON.parse(run("status", "--reads", "--json", mountpoint).stdout);
    expect(reads[0]).toMatchObject({ path: "large", offset: 0, end: "arrived" });
    expect(run("status", "--reads", mountpoint).stdout).toMatch(/\| large +\| +0 \|.*arrived/);
    const ended = new Promise((resolve) => daemon.once("exit", resolve));
    expect(run("lazy", "promote", mountpoint)).toMatchObject({ status: 0 });
    await says("all has arrived");
    expect(await ended).toBe(0);
    expect(execFileSync("findmnt", ["-no", "FSTYPE,OPTIONS", mountpoint], { encoding: "utf8" })).toMatch(
      /^(?!fuse).*ro,nosuid,nodev/,
    );
    expect(describeTree(mountpoint)).toEqual(describeTree(source));
    expect(run("lazy", "promote", mountpoint).stderr).toContain("is not the root of a mount by fusemeter");
  });

  test("each kind of layer arrives as the tree that it was made of", async () => {
    const { tree, file } = archived("layer.tar", ["--format=pax", "--xattrs"], { smallFiles: 20, largeBytes: 2_500_000 });
    for (const layer of [file, compressed(file, "gzip"), compressed(file, "zstd", "-q")]) {
      const { mountpoint, says } = await mounted(layer);
      expect(readFileSync(join(mountpoint, "large")).equals(readFileSync(join(tree, "large")))).toBe(true);
      await says("all has arrived");
      expect(describeTree(mountpoint)).toEqual(describeTree(tree));
    }
  });

  test("control is its owner's alone", async () => {
    const source = scratch();
    plant(source, { smallFiles: 1 });
    const { base } = await mounted(source);
    expect(statSync(join(base, "store")).mode & 0o777).toBe(0o700);
    expect(statSync(join(base, "store/control")).mode & 0o777).toBe(0o600);
  });
});

test("what can't be used is refused in one line", () => {
  const source = scratch();
  plant(source, { smallFiles: 1 });
  const base = scratch();
  const [manifest, mountpoint] = [join(base, "manifest"), join(base, "mount")];
  mkdirSync(mountpoint);
  writeFileSync(manifest, [...linesOf(manifestOfDirectory(source, 65_536))].join(""));
  const places = [manifest, source, join(base, "store"), mountpoint];
  for (const [words, message] of [
    [["--read-timeout", "x", ...places], 'invalid --read-timeout "x": expected a number above 0'],
    [["--background-rate", "fast", ...places], 'invalid --background-rate "fast"'],
    [["--emulate", "20", ...places], 'invalid --emulate "20"'],
    [["--prefetch", manifest, ...places], `${manifest} can't be used as a trace`],
    [[source, source, join(base, "store"), mountpoint], "can't be read"],
    [[manifest, join(base, "nothing"), join(base, "store"), mountpoint], "can't be used"],
  ] as const) {
    const { status, stderr } = run("lazy", "mount", ...words);
    expect(stderr).toContain(message);
    expect(
      stderr
        .trimEnd()
        .split("\n")
        .filter((line) => !line.includes("left by a command")),
    ).toHaveLength(1);
    expect(status).toBe(2);
  }
});
