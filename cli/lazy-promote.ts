import type { Command } from "commander";
import { promoteBy, storeOf } from "../lazy/control/index.js";
import { lazyLine } from "./lazy-progress.js";
import { ProgressLine } from "./progress-line.js";

const EVERY_MS = 500;

export function describe(command: Command): void {
  command
    .summary("put the plain tree in the place of a lazy mount")
    .description(
      "Waits until all has arrived, then puts the plain directory in the place of the mount. No open fails meanwhile. Files that are open stay the daemon's, which ends with the last of them.",
    )
    .argument("<mountpoint>", "the mountpoint of a lazy mount")
    .addHelpText("after", "\nExample:\n  fusemeter lazy promote /mnt/app")
    .action(async (mountpoint: string) => {
      const store = storeOf(mountpoint);
      using line = new ProgressLine();
      for await (const status of promoteBy(store, EVERY_MS)) line.note(lazyLine(status));
      line.say(`fusemeter: ${mountpoint} is the plain directory ${store}/tree`);
    });
}
