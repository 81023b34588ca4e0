import { expect, test } from "vitest";
import { paperClass } from "../../../reports/figures/paper-class.js";

// FAST 2017, section 5: Green performs worse than native by less than 5 %, Yellow by 5 to 25 %, Orange by 25 to 50 %, Red by more.
test.each([
  { relativeThroughput: 1.2, name: "Green" },
  { relativeThroughput: 0.9501, name: "Green" },
  { relativeThroughput: 0.95, name: "Yellow" },
  { relativeThroughput: 0.75, name: "Yellow" },
  { relativeThroughput: 0.7499, name: "Orange" },
  { relativeThroughput: 0.5, name: "Orange" },
  { relativeThroughput: 0.4999, name: "Red" },
  { relativeThroughput: 0.01, name: "Red" },
])("a throughput of $relativeThroughput times native's is $name", ({ relativeThroughput, name }) => {
  expect(paperClass(relativeThroughput)).toBe(name);
});
