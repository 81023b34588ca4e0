import { shuffle } from "simple-statistics";
import { FusemeterError, messageOf } from "../../errors.js";
import type { Calibration, UnitName } from "../../results/index.js";
import { seededRandom } from "../../workloads/index.js";
import { makeTestFile } from "../files/test-data.js";
import { testFile } from "../files/test-file.js";
import type { Workspace } from "../files/workspace.js";
import { fioUnits } from "./fio-units.js";
import { handoffUnits } from "./handoffs.js";
import { inProcessUnits } from "./in-process.js";
import { type RoundTripUnit, roundTripUnits } from "./round-trips.js";
import type { Unit } from "./unit.js";
import { wakeUpSent } from "./wake-up-sent.js";

export interface CalibrateSetting {
  readonly workspace: Workspace;
  /** The size of the file that is read. A file that exists already must have it. */
  readonly fileSizeBytes: number;
  readonly seed: number;
  readonly signal: AbortSignal;
  /** Called with the name of each unit before it is measured. */
  readonly onPhase: (phase: string) => void;
}

/** Measures unit costs round by round, so that rounds can lie between the samples of a run. */
export class Calibrator {
  /** The measurements so far. */
  readonly calibration: Calibration;
  readonly #setting: CalibrateSetting;
  readonly #units: readonly Unit[];
  readonly #roundTrips: readonly RoundTripUnit[];
  readonly #random: () => number;
  /** Units whose knob another process had changed. They are tried again. */
  readonly #held = new Set<UnitName>();

  /** @param earlier measurements that new ones are added to */
  constructor(setting: CalibrateSetting, earlier: Calibration | null) {
    const { workspace, fileSizeBytes, seed, signal } = setting;
    const file = testFile(workspace, "warm");
    this.#setting = setting;
    this.#roundTrips = roundTripUnits({ workspace, randomSeed: seed, signal });
    this.#units = [
      ...inProcessUnits(),
      ...handoffUnits(),
      wakeUpSent,
      ...fioUnits(file, fileSizeBytes, seed, signal),
      ...this.#roundTrips,
    ];
    this.#random = seededRandom(seed);
    this.calibration = earlier ?? {
      startedAt: new Date().toISOString(),
      units: this.#units.map(({ name }) => ({ name, samplesNs: [], unavailable: null })),
      roundTrips: [],
    };
  }

  /**
   * Measures each unit once, in an order drawn from the seed. A unit that this host can't measure is not tried again. A unit
   * whose knob another process has changed is tried again in the next round.
   *
   * @throws the signal's reason when aborted
   */
  async round(): Promise<void> {
    const { workspace, fileSizeBytes, signal, onPhase } = this.#setting;
    await makeTestFile(testFile(workspace, "warm"), fileSizeBytes, { signal });
    for (const { name, measure } of shuffle([...this.#units], this.#random)) {
      const figure = this.calibration.units.find((unit) => unit.name === name)!;
      if (figure.unavailable !== null && !this.#held.has(name)) continue;
      onPhase(name);
      try {
        figure.samplesNs.push(await measure());
        figure.unavailable = null;
      } catch (error) {
        signal.throwIfAborted();
        if (isHeld(error)) this.#held.add(name);
        // Samples of earlier rounds stay.
        if (!isHeld(error) || figure.samplesNs.length === 0) figure.unavailable = messageOf(error);
      }
    }
    await this.#count();
  }

  /** Counts each round trip once: counts repeat. */
  async #count(): Promise<void> {
    for (const { name, count } of this.#roundTrips) {
      const isKnown = this.calibration.roundTrips.some((trip) => trip.name === name);
      if (isKnown || this.calibration.units.find((unit) => unit.name === name)!.unavailable !== null) continue;
      this.#setting.onPhase(`${name}, counted`);
      try {
        this.calibration.roundTrips.push(await count());
      } catch (error) {
        if (!isHeld(error)) throw error;
      }
    }
  }
}

/** True where another process has changed a knob that is needed: it will put it back. */
function isHeld(error: unknown): boolean {
  return error instanceof FusemeterError && error.code === "KNOB_BUSY";
}
