import { describe, expect, test } from "vitest";
import { compare } from "../../../reports/figures/comparison.js";
import { describeWorkload, headline, verdicts } from "../../../reports/figures/verdict.js";
import type { Cell } from "../../../results/index.js";
import { cellOf, counted, runOf, timed } from "../run-of.js";

test.each([
  ["seq-rd-1th-1f", "sequential reads"],
  ["rnd-rd-1th-1f", "random reads"],
  ["rnd-rd-32th-1f", "random reads (32 threads, 1 file)"],
  ["rnd-rd-1th-4f", "random reads (1 threads, 4 files)"],
  ["rnd-wr-1th-1f", "rnd-wr-1th-1f"],
  ["my-rnd-rd-1th-1f", "my-rnd-rd-1th-1f"],
  ["rnd-rd-1th-1fs", "rnd-rd-1th-1fs"],
  ["a program", "a program"],
])("%s is said as %s", (workload, said) => expect(describeWorkload(workload)).toBe(said));

const samples = (...us: readonly number[]) => us.map((mean, block) => timed(block, mean));
const compared = (...cells: readonly Cell[]) => compare(runOf(cells));
const native = cellOf("native", { samples: samples(1, 1, 1) });
const fuse = cellOf("fuse", {
  samples: samples(20, 21, 19),
  counts: [counted(0, { daemonCalls: { read: 3000 }, switches: [1000, 1010], reads: 1000 })],
});

describe("a sentence for each workload, I/O size and cache state", () => {
  test("has each backend's latency by native's, with its range", () => {
    const close = cellOf("passthrough", { samples: samples(0.9, 1.1, 1) });
    expect(verdicts(compared(native, fuse, close, cellOf("native-again", { samples: samples(1, 1, 1) })))).toEqual([
      "Warm 4 KiB random reads, latency by native's: fuse 20.0x (19.0x to 21.0x); passthrough can't be told from native: ~1.00x (0.90x to 1.10x).",
    ]);
  });

  test("says of a single block no range, and of a backend without a figure that it gave none", () => {
    const [line] = verdicts(
      compared(cellOf("native", { samples: samples(1) }), cellOf("fuse", { samples: samples(20) }), cellOf("passthrough", {})),
    );
    expect(line).toBe("Warm 4 KiB random reads, latency by native's: fuse 20.0x; passthrough gave no figure.");
  });

  test("is none where native stands alone", () => {
    expect(verdicts(compared(native, cellOf("native-again", { samples: samples(1, 1, 1) })))).toEqual([]);
  });
});

describe("the answer", () => {
  test("is a read's time on each backend, and the daemon's calls and switches for it", () => {
    const close = cellOf("passthrough", { samples: samples(0.9, 1.1, 1) });
    expect(headline(compared(native, fuse, close))).toEqual([
      "Warm 4 KiB random reads, mean latency: native 1.00 us, fuse 20.0 us (20.0x), passthrough 1.00 us (~1.00x).",
      "System calls and context switches of the daemon for one read: fuse 3.00 and 1.01, passthrough n/a and 0.00.",
    ]);
  });

  test("is that of the software alone: warm before hot before cold, random before sequential, the smallest I/O", () => {
    const grid = (["cold", "hot", "warm"] as const).flatMap((cache) =>
      ["seq-rd-1th-1f", "rnd-rd-1th-1f"].flatMap((workload) =>
        [131072, 4096].map((ioSizeBytes) => ({ cache, workload, ioSizeBytes })),
      ),
    );
    const cells = grid.flatMap((key) => [cellOf("native", { ...native, ...key }), cellOf("fuse", { ...fuse, ...key })]);
    /** The first line of the answer, without the cells that are given. */
    const without = (isGone: (cell: Cell) => boolean) =>
      headline(compared(...cells.filter((cell) => !isGone(cell))))[0]!.split(",")[0];
    expect(without(() => false)).toBe("Warm 4 KiB random reads");
    expect(without(({ cache }) => cache === "warm")).toBe("Hot 4 KiB random reads");
    expect(without(({ cache }) => cache !== "cold")).toBe("Cold 4 KiB random reads");
    expect(without(({ ioSizeBytes }) => ioSizeBytes === 4096)).toBe("Warm 128 KiB random reads");
    expect(without(({ workload }) => workload === "rnd-rd-1th-1f")).toBe("Warm 4 KiB sequential reads");
    // Random and large is purer than sequential and small.
    expect(without(({ workload, ioSizeBytes }) => workload === "rnd-rd-1th-1f" && ioSizeBytes === 4096)).toBe(
      "Warm 128 KiB random reads",
    );
  });

  test("says so where nothing can be compared", () => {
    const none = ["No backend has a sample beside native's: nothing can be compared."];
    expect(headline(compared(native))).toEqual(none);
    expect(headline(compared(native, cellOf("fuse", {})))).toEqual(none);
    expect(headline(compared(native, cellOf("native-again", { samples: samples(1, 1, 1) })))).toEqual(none);
  });

  test("leaves out a backend that has no sample beside native's", () => {
    expect(headline(compared(native, fuse, cellOf("passthrough", {})))[0]).not.toContain("passthrough");
  });
});
