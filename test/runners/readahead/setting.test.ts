import { describe, expect, test } from "vitest";
import { AS_FOUND, type CacheState, type ReadaheadSetting } from "../../../results/index.js";
import { type Backend, builtInBackend, commandBackend, NATIVE_AGAIN } from "../../../runners/backends/backend.js";
import { seesReadahead, withInitWindow } from "../../../runners/readahead/setting.js";

const native = builtInBackend("native");
const fuse = builtInBackend("fuse");
const passthrough = builtInBackend("passthrough");
const own = commandBackend("own=daemon {source} {mountpoint}");
const pushing: Backend = { ...fuse, name: "pushing", ownsReadahead: true };

const set = (part: Partial<ReadaheadSetting>): ReadaheadSetting => ({ ...AS_FOUND, ...part });

describe("a setting is measured where the reads of a backend can see it", () => {
  test.each<[string, Partial<ReadaheadSetting>, CacheState, readonly Backend[]]>([
    ["nothing set", {}, "warm", [native, fuse, passthrough, own, pushing]],
    ["the mount's window", { mountKiB: 0 }, "warm", [fuse, own]],
    ["INIT's window", { initKiB: 16 }, "warm", [fuse]],
    ["the device's window, warm", { deviceKiB: 0 }, "warm", []],
    ["the device's window, cold", { deviceKiB: 0 }, "cold", [native, fuse, passthrough, own, pushing]],
    ["both windows", { mountKiB: 0, deviceKiB: 0 }, "cold", [fuse, own]],
    ["advice, warm", { advice: "random" }, "warm", [fuse, own]],
    ["advice, cold", { advice: "random" }, "cold", [native, fuse, passthrough, own, pushing]],
    ["a mapping", { access: "mmap" }, "warm", [native, fuse, passthrough, own, pushing]],
  ])("%s", (_what, part, cache, seeing) => {
    const backends = [native, fuse, passthrough, own, pushing];
    expect(backends.filter((backend) => seesReadahead(backend, { readahead: set(part), cache }))).toEqual(seeing);
  });

  test("native a second time is measured as found alone", () => {
    const again = { ...native, name: NATIVE_AGAIN };
    expect(seesReadahead(again, { readahead: AS_FOUND, cache: "cold" })).toBe(true);
    expect(seesReadahead(again, { readahead: set({ deviceKiB: 0 }), cache: "cold" })).toBe(false);
  });
});

test("INIT's window is told to a daemon of ours", () => {
  expect(withInitWindow(fuse, set({ initKiB: 16 })).command).toMatch(/ mount --max-readahead 16 --mode daemon/);
  expect(withInitWindow(native, set({ initKiB: 16 }))).toEqual(native);
});
