import { expect, test } from "vitest";
import { FusemeterError } from "../../../../errors.js";
import { parseOutput } from "../../../../runners/loads/fio/index.js";

/** A different value for each figure, so that none can stand in for another. */
const direction = (base: number) => ({
  total_ios: base + 1,
  io_bytes: base + 2,
  runtime: base + 3,
  lat_ns: {
    mean: base + 4.5,
    max: base + 5,
    percentile: { "50.000000": base + 6, "95.000000": base + 7, "99.000000": base + 8, "99.900000": base + 9 },
  },
});
const job = { error: 0, job_runtime: 2000, usr_cpu: 10, sys_cpu: 25, ctx: 31, majf: 32, minf: 33 };
const output = { "fio version": "fio-3.33", jobs: [{ ...job, read: direction(100), write: direction(200) }] };
const text = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

test("every figure comes from its own field", () => {
  expect(parseOutput(text(output), "randread")).toEqual({
    ios: 101,
    bytes: 102,
    runtimeMs: 103,
    latencyNs: { mean: 104.5, max: 105, p50: 106, p95: 107, p99: 108, p999: 109 },
    contextSwitches: 31,
    cpuSeconds: { user: 0.2, system: 0.5 },
    pageFaults: { major: 32, minor: 33 },
    version: "fio-3.33",
  });
});

test("a job that writes is told by its writes", () => {
  expect(parseOutput(text(output), "write")).toMatchObject({ ios: 201, bytes: 202 });
});

test.each([
  ["a note of fio's", "note: both iodepth >= 1 and synchronous I/O engine are selected, queue depth will be capped at 1\n"],
  ["a line with a brace", "fio: unknown {option}\n"],
])("%s before the object is skipped", (_, noise) => {
  expect(parseOutput(noise + text(output), "read").ios).toBe(101);
});

test.each([
  ["nothing", ""],
  ["no object", "fio: job file not found\n"],
  ["half an object", text(output).slice(0, 200)],
  ["no jobs", text({ ...output, jobs: [] })],
  ["a missing figure", text(output).replaceAll("total_ios", "total_oops")],
])("%s: an error that keeps the raw output", (_, raw) => {
  try {
    parseOutput(raw, "read");
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(FusemeterError);
    expect(error).toMatchObject({ code: "FIO_OUTPUT", fault: "host", cause: raw });
  }
});

test("an error that fio counted is an error", () => {
  const failed = { ...output, jobs: [{ ...output.jobs[0], error: 5 }] };
  expect(() => parseOutput(text(failed), "read")).toThrow(/error 5/);
});
