import { appendFileSync, existsSync, readFileSync } from "node:fs";
import type { Way } from "../mounts/on-mounts.js";
import type { TestResult } from "./run-test.js";

/** The result of one test on one way to mount. */
export interface Row extends Way, TestResult {
  readonly test: string;
}

export const isOf = (row: Row, { mode, transport }: Way) => row.mode === mode && row.transport === transport;

/** Results, in memory and in a file with lines "mode transport test outcome about", separated by tabs. */
export class Results {
  readonly rows: Row[];
  readonly #file: string | null;

  /** @param file has the results of earlier runs, if it exists; null: no file */
  constructor(file: string | null) {
    this.#file = file;
    const lines = file === null || !existsSync(file) ? [] : readFileSync(file, "utf8").split("\n");
    this.rows = lines
      .filter((line) => line !== "")
      .map((line) => {
        const [mode = "", transport = "", test = "", outcome = "", about = ""] = line.split("\t");
        return { mode, transport, test, outcome: outcome as Row["outcome"], about };
      });
  }

  add(row: Row): void {
    this.rows.push(row);
    if (this.#file === null) return;
    appendFileSync(this.#file, `${[row.mode, row.transport, row.test, row.outcome, row.about].join("\t")}\n`);
  }
}
