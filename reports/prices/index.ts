export type { Rates } from "./price-list.js";
export { priceCsv, priceRecords } from "./price-records.js";
