import type { CacheState, Evidence } from "../../results/index.js";

import { formatBytes, formatMeasured, formatPercent } from "../figures/formats.js";
import { paperClass } from "../figures/paper-class.js";
import { published } from "../figures/published.js";
import { estimate, isUndecided, noiseFloor } from "../figures/statistics.js";
import { cellOf, latencyUs, priceOfCell, throughputRatio } from "./cells.js";
import { intervalOf, type Judgement, judged, untested } from "./judgement.js";

const reads = (["rnd", "seq"] as const).flatMap((pattern) => (["cold", "warm"] as const).map((cache) => ({ pattern, cache })));

/** Throughput lost against native, for both patterns, cold and warm. */
export function overhead(evidence: Evidence): Judgement {
  const losses = reads.flatMap(({ pattern, cache }) => {
    const ratio = throughputRatio(evidence, { backend: "fuse", pattern, cache }, { backend: "native", pattern, cache });
    if (ratio === null) return [];
    const [low, high] = [1 - ratio.interval.high, 1 - ratio.interval.low];
    return [{ what: `${cache} ${pattern}-rd`, loss: 1 - ratio.median, low, high }];
  });
  if (losses.length === 0) return untested("nothing was measured beside native");
  const middle = estimate(losses.map(({ loss }) => loss))!;
  const inside = losses.filter(({ low, high }) => low >= 0.2 && high <= 0.8);
  const outside = losses.filter(({ low, high }) => low > 0.8 || high < 0.2);
  const texts = losses.map(
    ({ what, loss, low, high }) => `${what} ${formatPercent(loss)} % [${formatPercent(low)}, ${formatPercent(high)}]`,
  );
  const range = [Math.min(...losses.map(({ low }) => low)) * 100, Math.max(...losses.map(({ high }) => high)) * 100] as const;
  const why = `4 KiB reads: ${texts.join("; ")}; surely within 20 to 80 %: ${inside.length} of ${losses.length}, surely outside: ${outside.length}`;
  const judgement = judged(inside.length === losses.length, middle.median * 100, "% of throughput lost", range, why);
  if (inside.length === losses.length || outside.length > 0) return judgement;
  return { ...judgement, verdict: "can't be tested here", why: `because the blocks differ too much; ${why}` };
}

/** A medium that answers in this time, where one is not at hand. */
const media = [
  { name: "an SSD that answers in 100 us", us: 100 },
  { name: "a disk that answers in 8 ms", us: 8000 },
] as const;

/** What the trip adds to a read, as a share of what the read takes from the medium. */
export function latencyShare(evidence: Evidence): Judgement {
  const at = (backend: string, cache: CacheState) => {
    const cell = cellOf(evidence, { backend, pattern: "rnd", cache });
    return cell === null ? null : latencyUs(cell);
  };
  const [fuse, native, cold] = [at("fuse", "warm"), at("native", "warm"), at("native", "cold")];
  if (fuse === null || native === null || cold === null) return untested("no cold and warm random reads were measured");
  const trip = fuse.median - native.median;
  const share = (medium: number) => trip / (trip + medium);
  const range = [
    (fuse.interval.low - native.interval.high) / (fuse.interval.low + cold.interval.high),
    (fuse.interval.high - native.interval.low) / (fuse.interval.high + cold.interval.low),
  ] as const;
  const computed = media.map(({ name, us }) => `${formatPercent(share(us))} % of a read from ${name} (computed)`);
  const why = `the trip adds ${formatMeasured(trip)} us to a 4 KiB random read: ${formatPercent(share(cold.median))} % of one from this medium (${formatMeasured(cold.median)} us), ${formatPercent(share(native.median))} % of one from the page cache, ${computed.join(", ")}`;
  return judged(range[1] < 0.5, share(cold.median) * 100, "% of a cold read", [range[0] * 100, range[1] * 100], why);
}

/** CPU seconds a GiB, and joules where the host can say. Nobody gave a limit, so there is no verdict. */
export function power(evidence: Evidence): Judgement {
  const row = (backend: string, cache: CacheState) => priceOfCell(evidence, { backend, pattern: "seq", cache });
  const textsOf = (figure: "cpuSeconds" | "joules") =>
    (["warm", "cold"] as const).flatMap((cache) =>
      ["native", "fuse", "passthrough"].flatMap((backend) => {
        const each = estimate((row(backend, cache)?.[figure] ?? []).map(({ value }) => value));
        return each === null ? [] : [`${cache} ${backend} ${formatMeasured(each.median)}`];
      }),
    );
  const joules = textsOf("joules");
  const energy = joules.length === 0 ? "this host has no energy counter" : `joules of the processor a GiB: ${joules.join(", ")}`;
  const fuse = estimate((row("fuse", "warm")?.cpuSeconds ?? []).map(({ value }) => value));
  if (fuse === null) return untested("CPU time was not measured");
  return {
    value: fuse.median,
    unit: "CPU seconds a GiB",
    interval: intervalOf(fuse),
    verdict: "can't be tested here",
    why: `because nobody gave a limit; CPU seconds a GiB, 4 KiB sequential reads: ${textsOf("cpuSeconds").join(", ")}; ${energy}`,
  };
}

/** The gain of passthrough over FUSE, random against sequential. */
export function randomGainsMost(evidence: Evidence): Judgement {
  const gain = (pattern: "rnd" | "seq") =>
    throughputRatio(evidence, { backend: "passthrough", pattern, cache: "warm" }, { backend: "fuse", pattern, cache: "warm" });
  const [random, sequential] = [gain("rnd"), gain("seq")];
  if (random === null || sequential === null) return untested("passthrough and FUSE were not both measured");
  const why = `passthrough by FUSE, 4 KiB, warm: random ${formatMeasured(random.median)} times the throughput, sequential ${formatMeasured(sequential.median)} times [${sequential.interval.low.toFixed(2)}, ${sequential.interval.high.toFixed(2)}]`;
  return judged(random.interval.low > sequential.interval.high, random.median, "times (random)", intervalOf(random), why);
}

/** FUSE against native, cold, 1 MiB sequential reads. */
export function sequentialNeedsLeast(evidence: Evidence): Judgement {
  const large = { pattern: "seq", cache: "cold", ioSizeBytes: 2 ** 20 } as const;
  const ratio = throughputRatio(evidence, { backend: "fuse", ...large }, { backend: "native", ...large });
  if (ratio === null) return untested("no large cold reads were measured");
  const noise = throughputRatio(evidence, { backend: "native-again", ...large }, { backend: "native", ...large });
  if (noise !== null && Math.abs(Math.log(noise.median)) > Math.log(1 / 0.95)) {
    return untested(
      `native differs from itself by more than 5 % here (${formatPercent(noise.median)} %); FUSE gave ${formatPercent(ratio.median)} % of native`,
    );
  }
  const floor = noise === null ? "" : `; native by itself: ${formatPercent(noise.median)} %`;
  return judged(
    ratio.interval.high >= 0.95,
    ratio.median * 100,
    "% of native",
    [ratio.interval.low * 100, ratio.interval.high * 100],
    `${formatBytes(2 ** 20)} sequential reads, cold; it holds where 95 % can't be excluded${floor}`,
  );
}

/** Our classes beside the paper's. A workload that can't be told from native has none, and leaves the claim untested. */
export function paperClasses(evidence: Evidence): Judgement {
  const lines = (["rnd", "seq"] as const).flatMap((pattern) => {
    // Their caches were dropped before each run.
    const at = (backend: string) => ({ backend, pattern, cache: "cold" }) as const;
    const ratio = throughputRatio(evidence, at("fuse"), at("native"));
    const again = throughputRatio(evidence, at("native-again"), at("native"));
    const workload = `${pattern}-rd-1th-1f`;
    const theirs = published(workload, 4096)
      .filter(({ config }) => config === "stackfs-opt")
      .map(({ medium, relativeThroughput }) => ({ medium, paperClass: paperClass(relativeThroughput) }));
    if (ratio === null || theirs.length === 0) return [];
    const isUnknown = ratio.n === 1 || isUndecided(ratio, again === null ? 1 : noiseFloor(again));
    return [{ workload, ratio, ours: isUnknown ? null : paperClass(ratio.median), theirs }];
  });
  if (lines.length === 0) return untested("no cold workload of the paper's was measured");
  const texts = lines.map(({ workload, ratio, ours, theirs }) => {
    const here = ours ?? "can't be told from native";
    const there = theirs.map(({ medium, paperClass }) => `${medium} ${paperClass}`).join(", ");
    return `${workload} 4 KiB cold here ${here} (${formatPercent(ratio.median)} % of native), there ${there}`;
  });
  const told = lines.filter(({ ours }) => ours !== null);
  const agreeing = told.filter(({ ours, theirs }) => theirs.some(({ paperClass }) => paperClass === ours));
  // One class that differs is enough against the claim; one that is not known keeps it from holding.
  if (told.length < lines.length && agreeing.length === told.length) {
    return untested(`not every class can be told: ${texts.join("; ")}`);
  }
  const why = `with one of the paper's media, its optimized daemon: ${texts.join("; ")}`;
  return judged(agreeing.length === lines.length, agreeing.length, `of ${lines.length} classes agree`, null, why);
}
