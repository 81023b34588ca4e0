import { expect, test } from "vitest";
import { resolveOptions } from "../../../filesystem/mount/options.js";

const arrivals = { table: new SharedArrayBuffer(4), waitFor: () => Promise.resolve(0) };
const ro = ["ro"];

test("a source whose files still arrive is served over /dev/fuse, and by no ring", () => {
  expect(resolveOptions({ arrivals, mountOptions: ro }).transport).toBe("device");
  expect(resolveOptions({ mountOptions: ro }).transport).toBe("auto");
});

test.each([
  ["a mount that can be written", {}, "they need the mount option ro"],
  ["rings", { mountOptions: ro, transport: "io-uring" }, "a waiting read would keep its place in a ring"],
  ["a policy", { mountOptions: ro, policy: "policy.js" }, "a policy would see holes"],
  ["the daemon's readahead", { mountOptions: ro, daemonReadaheadKiB: 128 }, "the daemon's readahead would push holes"],
  ["zeros", { mountOptions: ro, content: "zeros" }, "a mount of zeros has no files"],
] as const)("files can't arrive in %s", (_what, options, reason) => {
  expect(() => resolveOptions({ arrivals, ...options })).toThrow(reason);
});
