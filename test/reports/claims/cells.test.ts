import { describe, expect, test } from "vitest";
import { metadata } from "../../../reports/claims/each/metadata.js";
import { paperClasses } from "../../../reports/claims/each/paper-classes.js";
import { cellOf as cellIn, priceOfCell, ratioOf } from "../../../reports/claims/judging/cells.js";
import { intervalOf } from "../../../reports/claims/judging/finding.js";
import { estimate } from "../../../reports/figures/statistics.js";
import type { Cell, Evidence, ReadaheadSetting, Storm } from "../../../results/index.js";
import { cellOf, counted, failed, runOf, timed } from "../run-of.js";

const evidence = (...cells: readonly Cell[]): Evidence => ({ runs: [runOf(cells)], storms: [], trials: {} });
const name = { backend: "fuse", pattern: "rnd", cache: "warm" } as const;
const window: ReadaheadSetting = { mountKiB: 0, initKiB: null, deviceKiB: null, access: "read", advice: "none" };
const good = { samples: [timed(0, 10)], counts: [counted(0, { reads: 1000 })] };

describe("a cell of the evidence", () => {
  test("is found by its I/O size, 4 KiB unless it is named, and by the mount's window", () => {
    const cells = [
      cellOf("fuse", { ...good, ioSizeBytes: 131072 }),
      cellOf("fuse", { ...good, readahead: window }),
      cellOf("fuse", good),
    ];
    expect(cellIn(evidence(...cells), name)).toBe(cells[2]);
    expect(cellIn(evidence(...cells), { ...name, ioSizeBytes: 131072 })).toBe(cells[0]);
    expect(cellIn(evidence(...cells), { ...name, mountKiB: 0 })).toBe(cells[1]);
    expect(cellIn(evidence(...cells), { ...name, mountKiB: 4 })).toBeNull();
  });

  test("has one good sample at least: failed ones beside it do not matter", () => {
    const mixed = cellOf("fuse", { samples: [failed(timed(0, 10), "why"), timed(1, 10)] });
    expect(cellIn(evidence(mixed), name)).toBe(mixed);
    expect(cellIn(evidence(cellOf("fuse", { samples: [failed(timed(0, 10), "why")] })), name)).toBeNull();
  });

  test("is compared within the first run that has both", () => {
    const alone = runOf([cellOf("fuse", { samples: [timed(0, 90)] })]);
    const both = runOf([cellOf("fuse", { samples: [timed(0, 20)] }), cellOf("native", { samples: [timed(0, 10)] })]);
    const all: Evidence = { runs: [alone, both], storms: [], trials: {} };
    expect(ratioOf(all, name, { ...name, backend: "native" }, "meanLatencyNs")!.median).toBeCloseTo(2, 9);
    expect(ratioOf({ ...all, runs: [alone] }, name, { ...name, backend: "native" }, "meanLatencyNs")).toBeNull();
  });

  test("has a price of its own, by its window and beside its own backend", () => {
    const cells = [
      cellOf("another", { ...good, counts: [counted(0, { reads: 10 })] }),
      cellOf("fuse", { ...good, workload: "seq-rd-1th-1f", counts: [counted(0, { reads: 5 })] }),
      cellOf("fuse", good),
      cellOf("fuse", { ...good, readahead: window, counts: [counted(0, { reads: 8000 })] }),
    ];
    const price = priceOfCell(evidence(...cells), { ...name, mountKiB: 0 })!;
    expect(price).toMatchObject({ backend: "fuse", workload: "rnd-rd-1th-1f", setting: { mountKiB: 0 } });
    expect(price.amplification).toBeCloseTo(8, 9);
    expect(priceOfCell(evidence(...cells), name)).toMatchObject({ setting: { mountKiB: null }, amplification: 1 });
    expect(priceOfCell({ ...evidence(), runs: [runOf([]), runOf(cells)] }, name)).not.toBeNull();
    expect(priceOfCell(evidence(), name)).toBeNull();
  });
});

test("an interval is scaled to the finding's unit", () => {
  const [low, high] = intervalOf(estimate([1, 2, 4])!, 100);
  expect([low, high]).toEqual([100, 400]);
});

test("storms say their requests by name; one that was not counted is left out", () => {
  const storm = {
    call: "open",
    mode: "passthrough",
    cache: "never",
    calls: 1000,
    requests: { OPEN: 1000, LOOKUP: 500 },
  } as const;
  const all: Storm[] = [{ ...storm, requests: null }, storm, { ...storm, call: "stat", mode: "daemon", requests: {} }];
  expect(metadata.judge({ runs: [], storms: all, trials: {} })).toEqual({
    verdict: "holds",
    value: 1.5,
    unit: "requests an open, passthrough",
    interval: [0, 1.5],
    why: "second pass; open, passthrough mode, cache never: 1.50 a call (OPEN 1.00, LOOKUP 0.50); stat, daemon mode, cache never: 0.00 a call",
  });
});

test("our class stands beside those of the paper's optimized daemon, on both media", () => {
  const cold = (backend: string, us: readonly number[]) =>
    cellOf(backend, { workload: "rnd-rd-1th-1f", cache: "cold", samples: us.map((mean, block) => timed(block, mean)) });
  const us = [100, 101, 99, 100, 102, 98];
  const { why } = paperClasses.judge(
    evidence(
      cold("native", us),
      cold(
        "fuse",
        us.map((mean) => mean * 4),
      ),
    ),
  );
  expect(why).toMatch(/rnd-rd-1th-1f 4 KiB cold here Red \(25\.0 % of native\), there HDD \w+, SSD \w+$/);
});
