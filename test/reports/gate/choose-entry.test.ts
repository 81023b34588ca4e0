import { describe, expect, test } from "vitest";
import { chooseEntry } from "../../../reports/gate/choose-entry.js";
import type { Run } from "../../../results/index.js";
import { entry } from "./measured.js";

describe("which entry of a baseline is taken", () => {
  const at = (host: Partial<Run["host"]>) => ({ ...entry, host: { ...entry.host, ...host } });
  const here = entry.host;
  test("this host's own: counts and times", () => {
    const { use } = chooseEntry([at({ fingerprint: "other" }), at({})], here, "b.json");
    expect(use).toBe("counts and times");
  });
  test("another's of the same kernel minor version: counts", () => {
    expect(chooseEntry([at({ fingerprint: "other", kernel: "6.18.99-cloud" })], here, "b.json").use).toBe("counts");
  });
  test("of several others the latest", () => {
    const { entry: taken } = chooseEntry([at({ fingerprint: "a" }), at({ fingerprint: "b" })], here, "b.json");
    expect(taken.host.fingerprint).toBe("b");
  });
  test("this host's own is not, where passthrough came or went since", () => {
    const without = at({ fuse: { ...here.fuse, passthrough: false } });
    expect(() => chooseEntry([without], here, "b.json")).toThrow("it has Linux 6.18 without passthrough");
    expect(chooseEntry([without, at({ fingerprint: "other" })], here, "b.json").use).toBe("counts");
  });
  test("of an empty baseline none, and that is said", () => {
    expect(() => chooseEntry([], here, "b.json")).toThrow("it has none at all");
  });
  test.each([
    { kernel: "6.17.1", fingerprint: "x" },
    { fuse: { abi: null, passthrough: false, ioUring: false }, fingerprint: "x" },
  ])("none for %j: exit 3 and how to add it", (host) => {
    expect(() => chooseEntry([at(host)], here, "b.json")).toThrow(
      expect.objectContaining({ fault: "host", message: expect.stringContaining("gate --save b.json") }),
    );
  });
});
