export { formatSize, ioSizeNames, parseIoSizeBytes, parseSizeBytes } from "./io-size.js";
export { type Load, loadOf, startupLoadOf } from "./load.js";
export { type Workload, workloadNames, workloadOf } from "./workload.js";
export { seededRandom } from "./random.js";
