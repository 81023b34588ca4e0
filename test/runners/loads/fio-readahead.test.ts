import { describe, expect, test } from "vitest";
import { AS_FOUND, type ReadaheadSetting } from "../../../results/index.js";
import { readaheadOptions } from "../../../runners/loads/fio-readahead.js";
import { workloadOf } from "../../../workloads/workload.js";

const set = (part: Partial<ReadaheadSetting>): ReadaheadSetting => ({ ...AS_FOUND, ...part });

describe("what fio is told", () => {
  const [sequential, random] = [workloadOf("seq-rd-1th-1f"), workloadOf("rnd-rd-1th-1f")];
  test.each([
    [{}, sequential, { rw: "read", options: {} }],
    [{}, random, { rw: "randread", options: {} }],
    [{ access: "mmap" }, sequential, { rw: "read", ioengine: "mmap", options: {} }],
    [{ advice: "random" }, random, { rw: "randread", options: { fadvise_hint: "random" } }],
    [{ advice: "random" }, sequential, { rw: "randread", options: { fadvise_hint: "random", percentage_random: 0 } }],
  ] as const)("%j", (part, workload, job) => {
    expect(readaheadOptions(set(part), workload)).toEqual(job);
  });
});
