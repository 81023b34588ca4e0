export { formatSize, ioSizeNames, parseIoSizeBytes, parseSizeBytes } from "./io-size.js";
export { fixedPartOf, type Load, loadOf } from "./load.js";
export { type Workload, workloadNames, workloadOf } from "./workload.js";
