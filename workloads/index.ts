export { formatSize, ioSizeNames, parseIoSizeBytes, parseSizeBytes } from "./io-size.js";
export { type Load, loadOf, startupLoadOf } from "./load.js";
export { seededRandom } from "./random.js";
export { type Workload, workloadNames, workloadOf } from "./workload.js";
