// `node serve.mjs JSON`: a daemon of a lazy mount with an origin that a test controls. The origin is a directory with faults. With `gated`,
// each fetch waits for its number, or "all", on standard input; each is told on standard output. Runs the compiled program.
import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

const dist = join(import.meta.dirname, "../../../dist");
const { FusemeterError } = await import(join(dist, "errors.js"));
const { readManifest } = await import(join(dist, "lazy/manifest/index.js"));
const { mountLazily } = await import(join(dist, "lazy/mount/index.js"));
const { serveControl } = await import(join(dist, "lazy/promote/index.js"));

const asked = JSON.parse(process.argv[2]);
const { source, manifest: manifestFile, store, mountpoint, options = {}, gated = false, delayMs = 0, concurrency = 8 } = asked;
const { failIn100 = 0, corruptIn100 = 0, seed = 1 } = asked;

let state = seed;
/** A number from 0 to 99. */
const dice = () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * 100);
};

const say = (event) => process.stdout.write(`${JSON.stringify(event)}\n`);
const pending = new Map();
let givesAll = !gated;
createInterface({ input: process.stdin }).on("line", (line) => {
  if (line === "all") {
    givesAll = true;
    for (const give of pending.values()) give();
  } else pending.get(Number(line))?.();
});

function failure(code, problem) {
  return new FusemeterError({ code, fault: "host", problem });
}

const fetches = new Map();
const faults = new Map();
const counts = { requests: 0, bytes: 0, retries: 0, corrupt: 0 };
const origin = {
  name: source,
  isSequential: false,
  concurrency,
  counts,
  close: () => Promise.resolve(),
  async fetch({ number, offset, size, sha256, place }, signal) {
    counts.requests++;
    fetches.set(number, (fetches.get(number) ?? 0) + 1);
    if (gated) say({ asked: number });
    if (!givesAll) {
      await new Promise((resolve, reject) => {
        pending.set(number, resolve);
        signal.addEventListener("abort", () => reject(signal.reason));
      });
      pending.delete(number);
    }
    if (delayMs > 0) await sleep(delayMs);
    const fate = dice();
    if (fate < failIn100 + corruptIn100) {
      faults.set(number, (faults.get(number) ?? 0) + 1);
      throw fate < failIn100 ? failure("ORIGIN_UNAVAILABLE", "lost") : failure("ORIGIN_CORRUPT", "wrong");
    }
    const file = await open(join(source, place.path));
    try {
      const bytes = Buffer.alloc(size);
      await file.read(bytes, 0, size, offset);
      if (createHash("sha256").update(bytes).digest("hex") !== sha256) throw failure("ORIGIN_CORRUPT", "the source has changed");
      counts.bytes += size;
      return bytes;
    } finally {
      await file.close();
    }
  },
};

try {
  const manifest = await readManifest(manifestFile);
  const lazy = await mountLazily(manifest, origin, store, mountpoint, options);
  await serveControl(lazy);
  say({ mounted: lazy.mountpoint, whyNotPassthrough: lazy.whyNotPassthrough, arrived: lazy.status.arrivedChunks });
  void lazy.complete.then(() => {
    const again = [...fetches].filter(([number, count]) => count > 1 + (faults.get(number) ?? 0)).length;
    say({ complete: true, fetched: fetches.size, faults: [...faults.values()].reduce((a, b) => a + b, 0), again });
  });
  process.on("SIGTERM", () => void lazy.unmount());
  await lazy.ended;
  say({ ended: true });
  process.exit(0);
} catch (error) {
  say({ failed: error.code ?? "INTERNAL", message: error.stack });
  process.exit(1);
}
