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
  test.each([
    { kernel: "6.17.1", fingerprint: "x" },
    { fuse: { abi: null, passthrough: false, ioUring: false }, fingerprint: "x" },
  ])("none for %j: exit 3 and how to add it", (host) => {
    expect(() => chooseEntry([at(host)], here, "b.json")).toThrow(
      expect.objectContaining({ fault: "host", message: expect.stringContaining("gate --save b.json") }),
    );
  });
});
