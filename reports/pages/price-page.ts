import type { Run } from "../../results/index.js";

import { windowCharts } from "../charts/windows.js";
import { formatBytes, formatFactor, formatMeasured } from "../figures/formats.js";
import { describeWorkload } from "../figures/verdict.js";
import { type Price, priceList, type Rates, wonBack } from "../prices/price-list.js";
import { priceRows } from "../prices/price-rows.js";
import { priceListTable, windowTable, wonBackTable } from "../prices/price-tables.js";
import { settingLabel } from "../prices/setting-label.js";
import { methodNotes } from "../tables/host-facts.js";
import type { Page } from "./page.js";

function answerOf(prices: readonly Price[]): string[] {
  const served = prices.filter(({ requests, row }) => requests !== null && row.kind !== "passthrough");
  if (served.length === 0) return ["No backend was measured with readahead off and as found: there is no price."];
  return served.map(({ row, against, requests, transitions, cpuSeconds, wallSeconds }) => {
    const figure = (value: number | null | undefined) => (value == null ? "n/a" : formatMeasured(value));
    const times = row.requests !== null && against.requests ? formatFactor(row.requests / against.requests) : "n/a";
    return `${row.backend}, ${row.cache} ${describeWorkload(row.workload)} of ${formatBytes(row.ioSizeBytes)}, readahead off: ${times} the requests; a GiB costs ${figure(requests)} requests, ${figure(transitions)} mode transitions, ${figure(cpuSeconds?.median)} CPU s and ${figure(wallSeconds?.median)} s more.`;
  });
}

function failuresOf(run: Run): string[] {
  const backends = run.backends.flatMap(({ name, unavailable }) =>
    unavailable === null ? [] : [`${name} was left out: ${unavailable}`],
  );
  const samples = run.cells.flatMap((cell) =>
    [...cell.samples, ...cell.counts].flatMap((sample) =>
      sample.ok
        ? []
        : [
            `${cell.backend} ${cell.workload} ${cell.cache}${cell.readahead ? ` (${settingLabel(cell.readahead)})` : ""}, block ${sample.block + 1}: ${sample.failure}`,
          ],
    ),
  );
  const rounds = run.cells.flatMap(({ backend, workload, cache, slices }) =>
    slices.flatMap((placed) =>
      placed.rounds.flatMap((round) =>
        round.ok ? [] : [`${backend} ${workload} ${cache}, ${placed.placement}, round ${round.round + 1}: ${round.failure}`],
      ),
    ),
  );
  return [...backends, ...new Set([...samples, ...rounds])];
}

/** The page of `fusemeter readahead`. @param isWhole with the columns that a terminal has no room for */
export function pricePage(run: Run, rates: Rates, isWhole = true): Page {
  const rows = priceRows(run);
  const prices = priceList(rows, rates);
  const won = wonBackTable(wonBack(rows));
  const warnings = run.cells.flatMap(({ samples }) => samples.flatMap((sample) => sample.warnings));
  return {
    run,
    title: "What readahead being off costs",
    answer: answerOf(prices),
    failures: failuresOf(run),
    verdicts: [],
    tables: [priceListTable(prices, rates), ...(won === null ? [] : [won]), windowTable(rows, isWhole)],
    charts: windowCharts(run, rows),
    method: methodNotes(run),
    warnings: [...(run.complete ? [] : ["the run was stopped before its end"]), ...new Set(warnings)],
  };
}
