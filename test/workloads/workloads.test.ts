import { describe, expect, test } from "vitest";
import { FusemeterError } from "../../errors.js";
import { formatSize, parseIoSizeBytes, parseSizeBytes } from "../../workloads/io-size.js";
import { loadOf, startupLoadOf } from "../../workloads/load.js";
import { workloadNames, workloadOf } from "../../workloads/workload.js";

describe("workloads by name", () => {
  test.each([
    ["seq-rd-1th-1f", "sequential", 1, 1],
    ["rnd-rd-1th-1f", "random", 1, 1],
    ["seq-rd-32th-1f", "sequential", 32, 1],
    ["rnd-rd-32th-1f", "random", 32, 1],
  ])("%s", (name, pattern, threads, files) => {
    expect(workloadOf(name)).toEqual({ name, pattern, threads, files });
  });

  test.each(["", "seq-rd", "seq-rd-0th-1f", "rnd-rd-1th-1f ", "seq-xx-1th-1f", "seq-rd-1th"])(
    '"%s" is unknown, and the known are named',
    (name) => {
      expect(() => workloadOf(name)).toThrow(FusemeterError);
      expect(() => workloadOf(name)).toThrow(workloadNames.join(", "));
    },
  );
});

describe("sizes", () => {
  test.each([
    ["4KB", 4096],
    ["4k", 4096],
    ["4KiB", 4096],
    ["4096", 4096],
    ["32KB", 32768],
    ["128kb", 131072],
    ["1MB", 1048576],
    ["1M", 1048576],
    [" 4KB ", 4096],
    ["16MB", 16777216],
  ])("%s is %i bytes", (text, bytes) => {
    expect(parseIoSizeBytes(text)).toBe(bytes);
  });

  test.each(["", "4XB", "-4KB", "4.5KB", "0", "1000", "5000", "32MB", "17MB", "99999999TB", "4KBs", "4KB4", "x4KB"])(
    '"%s" is refused',
    (text) => {
      expect(() => parseIoSizeBytes(text)).toThrow(FusemeterError);
    },
  );

  test.each([
    [4096, "4KB"],
    [131072, "128KB"],
    [1048576, "1MB"],
    [1073741824, "1GB"],
    [4097, "4097B"],
  ])("%i is written %s, which reads back the same", (bytes, text) => {
    expect(formatSize(bytes)).toBe(text);
    expect(parseSizeBytes(text, "size")).toBe(bytes);
  });
});

test.each([
  [0, "0B"],
  [1000, "1000B"],
  [1023 * 1024, "1023KB"],
  [1024 ** 4, "1TB"],
  [2048 * 1024 ** 4, "2048TB"],
])("%i is written %s", (bytes, text) => expect(formatSize(bytes)).toBe(text));

describe("the work of a sample", () => {
  const gib = 1024 ** 3;
  test.each([
    ["seq-rd-1th-1f", 4096, gib, 262144],
    ["seq-rd-1th-1f", 1048576, gib, 1024],
    ["rnd-rd-1th-1f", 4096, gib, 16384],
    ["rnd-rd-1th-1f", 131072, gib, 512],
    ["seq-rd-32th-1f", 4096, gib, 262144],
    ["rnd-rd-32th-1f", 4096, gib, 16384],
    // Each thread does the same: what is left over is left out.
    ["seq-rd-32th-1f", 1048576, 100 * 1024 ** 2, 96],
    ["seq-rd-1th-1f", 4096, 8192, 2],
    ["rnd-rd-1th-1f", 4096, 131072, 2],
  ])("%s at %i bytes over %i bytes: %i operations", (name, ioSizeBytes, fileSizeBytes, operations) => {
    expect(loadOf(workloadOf(name), ioSizeBytes, fileSizeBytes).operations).toBe(operations);
  });

  test("the startup overhead's is the same load with one operation a thread", () => {
    for (const [name, operations] of [
      ["rnd-rd-1th-1f", 1],
      ["seq-rd-32th-1f", 32],
    ] as const) {
      const load = loadOf(workloadOf(name), 4096, gib);
      expect(startupLoadOf(load)).toEqual({ ...load, operations });
    }
  });

  test("a file too small for two I/Os is refused with the size that would do", () => {
    expect(() => loadOf(workloadOf("rnd-rd-1th-1f"), 1048576, 16 * 1024 ** 2)).toThrow("--file-size 32MB");
    expect(() => loadOf(workloadOf("rnd-rd-1th-1f"), 4096, 131071)).toThrow("--file-size 128KB");
    expect(() => loadOf(workloadOf("rnd-rd-32th-1f"), 4096, 4096)).toThrow("--file-size 4MB");
    expect(() => loadOf(workloadOf("seq-rd-1th-1f"), 4096, 4096)).toThrow("a file of 4KB is too small for seq-rd-1th-1f at 4KB");
  });
});
