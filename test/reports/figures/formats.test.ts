import { expect, test } from "vitest";
import {
  formatBytes,
  formatCell,
  formatCount,
  formatFactor,
  formatMeasured,
  formatPercent,
  formatWindow,
} from "../../../reports/figures/formats.js";

test.each([
  [0, "0 B"],
  [1023, "1023 B"],
  [1024, "1 KiB"],
  [1536, "1.5 KiB"],
  [1024 ** 2, "1 MiB"],
  [1024 ** 3, "1 GiB"],
  [3 * 1024 ** 4, "3 TiB"],
  [2048 * 1024 ** 4, "2048 TiB"],
])("%i bytes are %s", (bytes, text) => expect(formatBytes(bytes)).toBe(text));

test.each([
  [0, "off"],
  [16, "16 KiB"],
  [1024, "1 MiB"],
])("a window of %i KiB is %s", (kiB, text) => expect(formatWindow(kiB)).toBe(text));

test.each([
  [0.8527, "0.853"],
  [35.12, "35.1"],
  [99.94, "99.9"],
  [99.95, "100"],
  [12345.4, "12,345"],
  [-99.96, "-100"],
  [-3.456, "-3.46"],
])("the figure %f is %s", (value, text) => expect(formatMeasured(value)).toBe(text));

test.each([
  [0, "0.00"],
  [0.0004, "<0.001"],
  [0.0005, "0.001"],
  [0.0312, "0.031"],
  [0.0994, "0.099"],
  [0.0995, "0.10"],
  [3, "3.00"],
  [-0.05, "-0.050"],
  [-3, "-3.00"],
])("the count %f is %s", (value, text) => expect(formatCount(value)).toBe(text));

test.each([
  [0.0283, "2.83"],
  [0.09994, "9.99"],
  [0.09995, "10.0"],
  [0.9764, "97.6"],
  [9.9994, "999.9"],
  [9.9995, "1,000"],
  [89.4, "8,940"],
])("the ratio %f is %s percent", (ratio, text) => expect(formatPercent(ratio)).toBe(text));

test.each([
  [1.049, "1.05x"],
  [9.994, "9.99x"],
  [9.995, "10.0x"],
  [35.12, "35.1x"],
])("the ratio %f is the factor %s", (ratio, text) => expect(formatFactor(ratio)).toBe(text));

test("a cell is named by its workload, its I/O size and its cache state", () => {
  expect(formatCell({ workload: "rnd-rd-1th-1f", ioSizeBytes: 4096, cache: "warm" })).toBe("rnd-rd-1th-1f 4 KiB warm");
});
