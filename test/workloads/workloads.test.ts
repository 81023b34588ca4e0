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
  ])("%s is %i bytes", (text, bytes) => {
    expect(parseIoSizeBytes(text)).toBe(bytes);
  });

  test.each(["", "4XB", "-4KB", "4.5KB", "0", "1000", "5000", "32MB", "99999999TB"])('"%s" is refused', (text) => {
    expect(() => parseIoSizeBytes(text)).toThrow(FusemeterError);
  });

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

describe("the work of a sample", () => {
  const gib = 1024 ** 3;
  test.each([
    ["seq-rd-1th-1f", 4096, gib, 262144],
    ["seq-rd-1th-1f", 1048576, gib, 1024],
    ["rnd-rd-1th-1f", 4096, gib, 16384],
    ["rnd-rd-1th-1f", 131072, gib, 512],
  ])("%s at %i bytes over %i bytes: %i operations", (name, ioSizeBytes, fileSizeBytes, operations) => {
    expect(loadOf(workloadOf(name), ioSizeBytes, fileSizeBytes).operations).toBe(operations);
  });

  test("the startup overhead is the same load with one operation", () => {
    const load = loadOf(workloadOf("rnd-rd-1th-1f"), 4096, gib);
    expect(startupLoadOf(load)).toEqual({ ...load, operations: 1 });
  });

  test("a file too small for two I/Os is refused with the size that would do", () => {
    expect(() => loadOf(workloadOf("rnd-rd-1th-1f"), 1048576, 16 * 1024 ** 2)).toThrow("--file-size 32MB");
  });
});
