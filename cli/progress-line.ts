import { createLogUpdate } from "log-update";
import type { CellKey, Placement } from "../results/index.js";
import type { Progress } from "../runners/run/index.js";
import { formatSize } from "../workloads/index.js";

/** The time between two lines in a log, which keeps every line. */
const logEveryMs = 10_000;

function formatLeft(seconds: number | null): string {
  if (seconds === null) return "time left unknown";
  const whole = Math.ceil(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")} left`;
}

function formatProgress({ done, total, step, phase, secondsLeft }: Progress): string {
  const { backend, workload, ioSizeBytes, cache } = step.key;
  return `${done}/${total} samples, ${formatLeft(secondsLeft)} | block ${step.block + 1}: ${workload} ${formatSize(ioSizeBytes)} ${cache} on ${backend}: ${phase}`;
}

/** The progress line of a long command: on standard error, rewritten in place on a terminal, a line now and then in a log. */
export class ProgressLine implements Disposable {
  readonly #update = process.stderr.isTTY ? createLogUpdate(process.stderr) : null;
  #lastMs = 0;

  show(progress: Progress): void {
    this.note(formatProgress(progress));
  }

  /** Shows the present work where there is nothing to count. */
  note(text: string): void {
    if (this.#update !== null) this.#update(text);
    else if (Date.now() - this.#lastMs >= logEveryMs) {
      this.#lastMs = Date.now();
      console.error(text);
    }
  }

  /** Prints a line that stays, above the progress. */
  say(text: string): void {
    this.#update?.clear();
    console.error(text);
  }

  /** Prints that a sample failed. */
  failed({ key, block }: Progress["step"], failure: string): void {
    const { workload, ioSizeBytes, cache, backend } = key;
    this.say(`failed: ${workload} ${formatSize(ioSizeBytes)} ${cache} on ${backend}, block ${block + 1}: ${failure}`);
  }

  /** Prints that the slices of a cell failed in one round. */
  failedSlices({ workload, ioSizeBytes, cache, backend }: CellKey, placement: Placement, round: number, failure: string): void {
    this.say(
      `failed: slices of ${workload} ${formatSize(ioSizeBytes)} ${cache} on ${backend}, ${placement}, round ${round + 1}: ${failure}`,
    );
  }

  [Symbol.dispose](): void {
    this.#update?.clear();
    this.#update?.done();
  }
}
