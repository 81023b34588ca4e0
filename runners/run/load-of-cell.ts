import { AS_FOUND, type CellKey, type RunRequest } from "../../results/index.js";
import { loadOf, workloadOf } from "../../workloads/index.js";

import { fioLoad } from "../loads/fio-load.js";
import type { RunnableLoad } from "../loads/runnable-load.js";

/**
 * The load of a cell.
 *
 * @throws {FusemeterError} `UNKNOWN_WORKLOAD`, `FILE_TOO_SMALL`
 */
export function loadOfCell(
  { workload, ioSizeBytes, cache, readahead = AS_FOUND }: Omit<CellKey, "backend">,
  { fileSizeBytes }: Pick<RunRequest, "fileSizeBytes">,
  randomSeed: number,
): RunnableLoad {
  return fioLoad(loadOf(workloadOf(workload), ioSizeBytes, fileSizeBytes), { cache, readahead, randomSeed });
}
