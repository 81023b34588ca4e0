import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { canMount } from "../can-mount.js";
import { directoryOfTest, isMounted } from "../daemon.js";

const library = JSON.stringify(join(import.meta.dirname, "../../../dist/filesystem/index.js"));

/** Runs a script that mounts, in a process of its own: its output, as JSON. */
function run(script: string): unknown {
  const prelude = `
    import { execFile } from "node:child_process";
    import { readdirSync } from "node:fs";
    import { promisify } from "node:util";
    import { mount } from ${library};
    const sh = async (command) => (await promisify(execFile)("sh", ["-c", command])).stdout;
    const threads = () => readdirSync("/proc/self/task").length;`;
  return JSON.parse(
    execFileSync(process.execPath, ["--input-type=module", "-e", prelude + script], { encoding: "utf8", timeout: 30_000 }),
  );
}

test.skipIf(!canMount)("a thread that has served one mount serves the next as if it were new", () => {
  const folder = directoryOfTest();
  chmodSync(folder, 0o755);
  const at = (name: string) => join(folder, name);
  for (const name of ["first", "second", "mountpoint"]) mkdirSync(at(name));
  chmodSync(at("first"), 0o777);
  writeFileSync(at("first/set-id"), "x");
  chmodSync(at("first/set-id"), 0o6777);
  const mountpoint = at("mountpoint");
  const options = `{ mode: "daemon", transport: "device", workers: 1, mountOptions: ["allow_other"] }`;
  const seen = run(`
    const first = await mount(${JSON.stringify(at("first"))}, ${JSON.stringify(mountpoint)}, ${options});
    // The thread takes on another group, umask and rights.
    await sh("cd ${mountpoint} && umask 077 && setpriv --reuid=65534 --regid=65534 --clear-groups sh -c 'echo > made; echo more >> set-id; truncate -s 0 set-id'");
    await sh("flock ${mountpoint}/made true");
    await first.unmount();
    const before = threads();
    const second = await mount(${JSON.stringify(at("second"))}, ${JSON.stringify(mountpoint)}, ${options});
    const during = threads();
    const requests = await sh("${process.execPath} ${join(import.meta.dirname, "../../../bin/fusemeter.js")} status ${mountpoint}");
    await sh("cd ${mountpoint} && umask 022 && echo hello > made && mkdir directory && chmod 6755 made && flock made cat made && ls");
    await second.unmount();
    console.log(JSON.stringify({ before, during, requests }));
  `) as { before: number; during: number; requests: string };
  // No thread was started for it.
  expect(seen.during).toBe(seen.before);
  expect(seen.requests).not.toMatch(/\| (CREATE|WRITE|FLUSH) /);
  expect(statSync(at("first/made"))).toMatchObject({ uid: 65534, gid: 65534, mode: 0o100600 });
  expect(statSync(at("first/set-id")).mode & 0o6000).toBe(0);
  expect(statSync(at("second/made"))).toMatchObject({ uid: 0, gid: 0, mode: 0o106755 });
  expect(statSync(at("second/directory"))).toMatchObject({ uid: 0, gid: 0, mode: 0o040755 });
  expect(readFileSync(at("second/made"), "utf8")).toBe("hello\n");
});

test.skipIf(!canMount).each([
  ["throws", 'throw new Error("too late")'],
  ["exits", "process.exit()"],
])("an idle thread that %s is not given the next mount, and harms nobody", (_, end) => {
  const folder = directoryOfTest();
  const at = (name: string) => join(folder, name);
  for (const name of ["source", "mountpoint"]) mkdirSync(at(name));
  writeFileSync(at("source/file"), "hello\n");
  // A worker looks at its timers when its mount has ended: then it is idle.
  writeFileSync(
    at("policy.mjs"),
    `export const decideOpen = () => {
      setTimeout(() => { ${end} }, 1);
      return "daemon";
    };`,
  );
  const [source, mountpoint] = [JSON.stringify(at("source")), JSON.stringify(at("mountpoint"))];
  const content = run(`
    const first = await mount(${source}, ${mountpoint}, { policy: ${JSON.stringify(at("policy.mjs"))}, transport: "device" });
    const before = threads();
    await sh("cat ${at("mountpoint/file")}");
    await first.unmount();
    while (threads() >= before) await new Promise((resolve) => setTimeout(resolve, 10));
    const mounted = await mount(${source}, ${mountpoint}, { transport: "device" });
    const content = await sh("cat ${at("mountpoint/file")}");
    await mounted.unmount();
    console.log(JSON.stringify(content));
  `);
  expect(content).toBe("hello\n");
  expect(isMounted(at("mountpoint"))).toBe(false);
});

test.skipIf(!canMount)("a thread that exits while it serves ends the mount with an error", () => {
  const folder = directoryOfTest();
  const at = (name: string) => join(folder, name);
  for (const name of ["source", "mountpoint"]) mkdirSync(at(name));
  writeFileSync(at("source/file"), "hello\n");
  writeFileSync(at("policy.mjs"), "export const decideOpen = ({ path }) => (path === 'file' ? process.exit() : 'daemon');");
  const problem = run(`
    const mounted = await mount(${JSON.stringify(at("source"))}, ${JSON.stringify(at("mountpoint"))}, { policy: ${JSON.stringify(at("policy.mjs"))} });
    void sh("cat ${at("mountpoint/file")}").catch(() => {});
    console.log(JSON.stringify(await mounted.ended.then(() => "no error", (error) => error.message)));
  `);
  expect(problem).toMatch(/worker.* ended/);
  expect(isMounted(at("mountpoint"))).toBe(false);
});

test.skipIf(!canMount)("a mount whose threads fail to start is reported and leaves nothing, and the next works", () => {
  const folder = directoryOfTest();
  const at = (name: string) => join(folder, name);
  for (const name of ["source", "mountpoint"]) mkdirSync(at(name));
  writeFileSync(at("source/file"), "hello\n");
  writeFileSync(
    at("policy.mjs"),
    `import { isMainThread } from "node:worker_threads";
    if (!isMainThread) throw new Error("not in a worker");
    export const decideOpen = () => ({ data: "daemon" });`,
  );
  const [source, mountpoint] = [JSON.stringify(at("source")), JSON.stringify(at("mountpoint"))];
  const [problem, descriptors, content] = run(`
    const descriptors = () => readdirSync("/proc/self/fd").length;
    const options = { policy: ${JSON.stringify(at("policy.mjs"))}, watch: true };
    const fail = () => mount(${source}, ${mountpoint}, options).then(() => "none", (error) => error.message);
    const problem = await fail();
    const before = descriptors();
    await fail();
    const after = descriptors();
    const mounted = await mount(${source}, ${mountpoint});
    const content = await sh("cat ${at("mountpoint/file")}");
    await mounted.unmount();
    console.log(JSON.stringify([problem, [before, after], content]));
  `) as [string, [number, number], string];
  expect(problem).toContain("not in a worker");
  expect(descriptors[1]).toBe(descriptors[0]);
  expect(content).toBe("hello\n");
  expect(isMounted(at("mountpoint"))).toBe(false);
});
