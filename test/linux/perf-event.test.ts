import { expect, test } from "vitest";
import { encodePerfEventAttribute } from "../../linux/perf/perf-event.js";

/** As a C compiler lays out struct perf_event_attr: each field at its offset, each flag at its bit. */
test.each([
  [
    "a tracepoint of a process tree from its exec on",
    { type: 2, config: 0x1bb, inherit: "tree", enableOnExec: true, excludeKernel: false },
    { 0: 2, 4: 64, 8: 0x1bb, 32: 0b11, 40: 0x1003, 44: 0 },
  ],
  [
    "a software event in user mode of one process's threads",
    { type: 1, config: 2, inherit: "threads", enableOnExec: false, excludeKernel: true },
    { 0: 1, 4: 64, 8: 2, 32: 0b11, 40: 0x23, 44: 0b1000 },
  ],
] as const)("the attribute of %s", (_, event, words) => {
  const bytes = encodePerfEventAttribute(event);
  const expected = new DataView(new ArrayBuffer(64));
  for (const [offset, word] of Object.entries(words)) expected.setUint32(Number(offset), word, true);
  expect(Buffer.from(bytes)).toEqual(Buffer.from(expected.buffer));
});
