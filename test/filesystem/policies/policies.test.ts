import { closeSync, existsSync, openSync, readFileSync, readSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pythonAsNobody, pythonAsSelf } from "../as-nobody.js";
import { canMount } from "../can-mount.js";
import { type Daemon, isMounted, runProgram, startDaemon, temporaryDirectory } from "../daemon.js";
import { requestsOf } from "../requests.js";
import { offerRings, transports } from "../transports.js";

offerRings();

const folder = temporaryDirectory();
const path = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

/** Everybody but root sees letters in upper case; names decide the rest. */
const policy = `
import { writeSync } from "node:fs";
export const transforms = {
  upper(bytes) { for (let i = 0; i < bytes.length; i++) if (bytes[i] >= 97 && bytes[i] <= 122) bytes[i] -= 32; },
};
export function decideOpen({ path, pathBytes, flags, caller, file }) {
  if (path.startsWith("secret") && caller.uid !== 0) return { deny: "EACCES" };
  if (path.endsWith("not-here")) return { deny: "EROFS" };
  if (path.endsWith("broken")) throw new Error("broken");
  if (path.endsWith("strange")) return "strange";
  if (path.endsWith("asked")) {
    const what = JSON.stringify({ path, bytes: pathBytes.length, access: flags & 3, uid: caller.uid, gid: caller.gid, pid: caller.pid > 0 });
    writeSync(2, "asked " + what + "\\n");
    return { deny: file === null ? "EEXIST" : file.sizeBytes === 5 ? "EBUSY" : "EIO" };
  }
  if (path.startsWith("plain") || path.startsWith("mixed") && caller.uid === 0) return "passthrough";
  return caller.uid === 0 || caller.uid === 1 ? "daemon" : { transform: "upper" };
}`;
writeFileSync(path("policy.mjs"), policy);
writeFileSync(path("policy.ts"), policy.replace("upper(bytes)", "upper(bytes: Buffer): void"));

const ways = transports.flatMap((transport) => ["daemon", "passthrough"].map((mode) => [mode, transport] as const));

describe.skipIf(!canMount).each(ways)("a policy in %s mode over %s", (mode, transport) => {
  let daemon: Daemon;
  let at: (name: string) => string;
  let below: (name: string) => string;
  beforeAll(async () => {
    const file = path(transport === "device" ? "policy.mjs" : "policy.ts");
    const words = ["--mode", mode, "--transport", transport, "--policy", file, "-o", "allow_other,default_permissions"];
    daemon = await startDaemon(words);
    at = (name) => join(daemon.mountpoint, name);
    below = (name) => join(daemon.source, name);
    pythonAsSelf("os.chmod(sys.argv[1], 0o777)", daemon.source);
  });
  afterAll(async () => daemon[Symbol.asyncDispose]());

  const text = "the quick brown fox jumps over the lazy dog. ".repeat(1000);
  const upper = text.toUpperCase();

  /** Ways to get at a file's content. */
  const readers = {
    "read(2)": "sys.stdout.write(open(sys.argv[1]).read())",
    "reads of odd parts": `
f = os.open(sys.argv[1], os.O_RDONLY); size = os.fstat(f).st_size
sys.stdout.write(b"".join(os.pread(f, 4097, at) for at in range(0, size, 4097)).decode())`,
    O_DIRECT: `
f = os.open(sys.argv[1], os.O_RDONLY | os.O_DIRECT); b = mmap.mmap(-1, 1 << 20); n = os.readv(f, [b]); sys.stdout.write(b[:n].decode())`,
    sendfile: `
f = os.open(sys.argv[1], os.O_RDONLY); size = os.fstat(f).st_size; at = 0
while at < size:
  at += os.sendfile(1, f, at, size - at)`,
    "a copy inside the mount": `
f = os.open(sys.argv[1], os.O_RDONLY); size = os.fstat(f).st_size; at = 0; name = sys.argv[1] + ".copy"
t = os.open(name, os.O_RDWR | os.O_CREAT, 0o666)
while at < size:
  at += os.copy_file_range(f, t, size - at)
sys.stdout.write(os.pread(t, size, 0).decode()); os.unlink(name)`,
    "a private mapping": `
f = os.open(sys.argv[1], os.O_RDONLY); m = mmap.mmap(f, 0, mmap.MAP_PRIVATE, mmap.PROT_READ); sys.stdout.write(m[:].decode())`,
  };

  test.each(Object.entries(readers))("%s sees what the policy shows", (name, script) => {
    writeFileSync(at("text"), text);
    expect(pythonAsNobody(script, at("text"))).toEqual({ status: 0, output: upper });
    if (name !== "a copy inside the mount") expect(pythonAsSelf(script, at("text"))).toEqual({ status: 0, output: text });
    expect(pythonAsNobody(script, at("text"))).toEqual({ status: 0, output: upper });
    expect(readFileSync(below("text"), "utf8")).toBe(text);
  });

  test("callers with different views read one file at a time", () => {
    writeFileSync(at("shared"), text);
    const fd = openSync(at("shared"), "r+");
    const buffer = Buffer.alloc(3);
    for (let count = 0; count < 3; count++) {
      expect(pythonAsNobody(readers["read(2)"], at("shared")).output).toBe(upper);
      readSync(fd, buffer, 0, 3, 0);
      expect(buffer.toString()).toBe("the");
    }
    closeSync(fd);
  });

  test("no page that one caller mapped is another's to see", () => {
    writeFileSync(at("leaks"), text);
    // Raw pages are mapped and touched, and stay so while nobody tries every way to see them.
    const script = `
import subprocess
f = os.open(sys.argv[1], os.O_RDONLY); m = mmap.mmap(f, 0, mmap.MAP_PRIVATE, mmap.PROT_READ); seen = m[:]
nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--", "python3", "-c"]
for script in sys.argv[2:]:
  done = subprocess.run(nobody + ["import os,sys,mmap\\n" + script, sys.argv[1]], capture_output=True)
  print(b"quick brown" in done.stdout, flush=True)
  os.pread(f, 4096, 0)`;
    const { output } = pythonAsSelf(script, at("leaks"), ...Object.values(readers));
    expect(output.trim().split("\n")).toEqual(Object.keys(readers).map(() => "False"));
  });

  test("no page that is mapped again by one caller gets into the mapping of another", () => {
    writeFileSync(at("leaks too"), text);
    pythonAsSelf("os.chmod(sys.argv[1], 0o644)", at("leaks too"));
    // Each in a process of its own: who gets no page gets SIGBUS, or EBUSY.
    const script = `
def child(work):
  pid = os.fork()
  if pid == 0:
    try: work()
    finally: os._exit(0)
  os.waitpid(pid, 0)
def tell(way, seen): os.write(1, (way + (" raw" if b"quick" in seen else " changed") + chr(10)).encode())
def view():
  f = os.open(sys.argv[1], os.O_RDONLY)
  return f, mmap.mmap(f, 0, mmap.MAP_PRIVATE, mmap.PROT_READ)
def sent(f):
  r, w = os.pipe(); os.sendfile(w, f, 0, 4096); return os.read(r, 4096)
mine, map = view()
os.seteuid(65534); theirs, their_map = view(); os.seteuid(0)
child(lambda: map[:])
child(lambda: tell("mapped", their_map[:]))
child(lambda: tell("sent", sent(theirs)))
child(lambda: tell("read", os.pread(theirs, 4096, 0)))`;
    const { output } = pythonAsSelf(script, at("leaks too"));
    expect(output).not.toContain("raw");
    expect(output).toContain("read changed");
  });

  test("a file that is open past the page cache can't be mapped shared", () => {
    writeFileSync(at("mapped"), text);
    const script = "f = os.open(sys.argv[1], os.O_RDONLY); mmap.mmap(f, 0, mmap.MAP_SHARED, mmap.PROT_READ)";
    expect(pythonAsNobody(script, at("mapped")).output).toMatch(/OSError: \[Errno 19\]/);
  });

  test("opens of every kind, one after the other and at once, never fail for one another", () => {
    writeFileSync(at("mixed"), text);
    const script = `
import random
random.seed(1); fds = []; os.fork(); os.fork(); busy = 0; opened = 0
for i in range(300):
  uid = random.choice([0, 1, 65534])
  os.seteuid(uid)
  if len(fds) > 4 or (fds and random.random() < 0.5): os.close(fds.pop(random.randrange(len(fds))))
  else:
    try:
      fds.append(os.open(sys.argv[1], random.choice([os.O_RDONLY, os.O_RDWR, os.O_RDONLY | os.O_DIRECT])))
      opened += 1
    except OSError as e:
      # A transform is refused, and only that, while others have the file in passthrough.
      if e.errno != 16 or uid != 65534: raise
      busy += 1
  os.seteuid(0)
os.write(1, b"opened\\n" if opened > 0 else b"none\\n")`;
    pythonAsSelf("os.chmod(sys.argv[1], 0o666)", at("mixed"));
    expect(pythonAsSelf(script, at("mixed"))).toEqual({ status: 0, output: "opened\n".repeat(4) });
  });

  test("while a file is open in passthrough nobody can see it transformed", async () => {
    writeFileSync(at("mixed alone"), text);
    const fd = openSync(at("mixed alone"), "r");
    const { output } = pythonAsNobody(readers["read(2)"], at("mixed alone"));
    if (mode === "passthrough") expect(output).toContain("Errno 16");
    else expect(output).toBe(upper);
    closeSync(fd);
    await expect.poll(() => pythonAsNobody(readers["read(2)"], at("mixed alone")).output).toBe(upper);
  });

  test("opens are denied with the policy's error, and nothing comes into being", () => {
    writeFileSync(at("secret"), "x");
    expect(pythonAsNobody(readers["read(2)"], at("secret")).output).toContain("PermissionError");
    expect(readFileSync(at("secret"), "utf8")).toBe("x");
    expect(() => writeFileSync(at("not-here"), "x")).toThrow("EROFS");
    expect(existsSync(below("not-here"))).toBe(false);
  });

  test("a policy that fails opens nothing, and the daemon goes on", async () => {
    writeFileSync(below("broken"), "x");
    writeFileSync(below("strange"), "x");
    for (const name of ["broken", "strange"]) expect(() => readFileSync(at(name))).toThrow("EIO");
    await expect.poll(() => daemon.errors()).toContain("OPEN failed: Error: broken");
    expect(readFileSync(at("text"), "utf8")).toBe(text);
  });

  test("it is told path, flags, caller and file, by the name of now", async () => {
    writeFileSync(below("name before"), "12345");
    expect(readFileSync(at("name before"), "utf8")).toBe("12345");
    renameSync(at("name before"), at("ñ asked"));
    expect(() => openSync(at("ñ asked"), "r+")).toThrow("EBUSY");
    await expect
      .poll(() => daemon.errors())
      .toContain('asked {"path":"ñ asked","bytes":8,"access":2,"uid":0,"gid":0,"pid":true}');
    renameSync(below("ñ asked"), below("also asked"));
    expect(pythonAsNobody("os.open(sys.argv[1], os.O_RDONLY)", at("also asked")).output).toContain("Errno 16");
    await expect
      .poll(() => daemon.errors())
      .toContain('asked {"path":"also asked","bytes":10,"access":0,"uid":65534,"gid":65534,"pid":true}');
    expect(() => writeFileSync(at("new asked"), "")).toThrow("EEXIST");
  });

  test("what is not transformed costs no READ in passthrough mode", () => {
    writeFileSync(at("plain"), text);
    const requests = requestsOf(daemon, ["OPEN", "READ"], () => readFileSync(at("plain")));
    expect(requests).toEqual(mode === "passthrough" ? { OPEN: 1 } : { OPEN: 1, READ: expect.any(Number) });
  });
});

describe.skipIf(!canMount)("fusemeter mount refuses a policy, with one clear line and exit 2,", () => {
  const mountpoint = temporaryDirectory();
  afterAll(() => rmSync(mountpoint, { recursive: true }));
  const modules = {
    "empty.mjs": "",
    "throws.mjs": 'throw new Error("not today")',
    "wrong.mjs": "export const transforms = { one: 1 }; export const decideOpen = () => 'daemon';",
    "wrong.ts": "export function decideOpen(: string) {}",
  };
  for (const [name, text] of Object.entries(modules)) writeFileSync(path(name), text);

  test.each([
    ["that is not there", "absent.mjs", /policy .*absent\.mjs can't be found/],
    ["that decides nothing", "empty.mjs", /exports no function decideOpen/],
    ["that can't be loaded", "throws.mjs", /can't be loaded: not today/],
    ["with a transform that is none", "wrong.mjs", /transform one of .* is not a function/],
    ["that is no TypeScript", "wrong.ts", /wrong\.ts can't be/],
  ])("%s", async (_, name, line) => {
    const { code, errors } = await runProgram(["mount", "--policy", path(name), folder, mountpoint]);
    expect(errors).toMatch(line);
    expect(code).toBe(2);
    expect(isMounted(mountpoint)).toBe(false);
  });
});
