import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseLink } from "../../lazy/origins/index.js";
import { openRanges } from "../../lazy/ranges/index.js";
import { Slots } from "../../lazy/ranges/slots.js";
import { scratch } from "./scratch.js";

const never = new AbortController().signal;

describe("a link", () => {
  test("has the rate and the round trip of its text", () => {
    expect(parseLink("20Mbit,50ms")).toMatchObject({ bytesPerMs: 2500, roundTripMs: 50 });
    expect(parseLink("1.5Gbit,0ms")).toMatchObject({ bytesPerMs: 187_500, roundTripMs: 0 });
    expect(parseLink("256kbit,0.5ms")).toMatchObject({ bytesPerMs: 32, roundTripMs: 0.5 });
  });

  test.each(["", "20Mbit", "50ms", "0Mbit,50ms", "20Mbit,50", "20mbit,50ms", "-1Mbit,1ms", "20Mbit,99999ms", "20Mbit,50ms,"])(
    "%j is none",
    (text) => {
      expect(() => parseLink(text)).toThrow(`invalid --emulate ${JSON.stringify(text)}: expected a rate and a round trip`);
    },
  );

  test("takes at least its time, and divides its rate between those that use it", async () => {
    const link = parseLink("80Mbit,20ms");
    const file = join(scratch(), "file");
    writeFileSync(file, Buffer.alloc(2_000_000, 1));
    const ranges = openRanges(file, { link });
    const before = performance.now();
    const parts = await Promise.all([0, 1, 2, 3].map((part) => ranges.read("", part * 500_000, 500_000, never)));
    // 2 MB at 10 kB a ms, behind one round trip: a timer never ends early by more than a millisecond.
    expect(performance.now() - before).toBeGreaterThan(20 + 200 - 5);
    expect(parts.every((part) => part.length === 500_000 && part.every((byte) => byte === 1))).toBe(true);
    await ranges.close();
  });

  test("is left at once by what is aborted", async () => {
    const link = parseLink("1kbit,60000ms");
    const controller = new AbortController();
    const waiting = link.roundTrip(controller.signal);
    controller.abort(new Error("no longer needed"));
    await expect(waiting).rejects.toThrow("no longer needed");
    const carrying = link.carry(1_000_000, AbortSignal.timeout(10));
    await expect(carrying).rejects.toThrow();
  });
});

describe("a file", () => {
  test("that ends before the range is refused", async () => {
    const file = join(scratch(), "file");
    writeFileSync(file, "content");
    const ranges = openRanges(file);
    await expect(ranges.read("", 3, 10, never)).rejects.toMatchObject({ code: "ORIGIN_REFUSED", reason: "it ends at byte 7" });
    expect((await ranges.read("", 3, 4, never)).toString()).toBe("tent");
    await ranges.close();
  });

  test("that comes later is read then", async () => {
    const directory = scratch();
    const ranges = openRanges(directory);
    await expect(ranges.read("file", 0, 1, never)).rejects.toMatchObject({ code: "ORIGIN_REFUSED" });
    writeFileSync(join(directory, "file"), "x");
    expect((await ranges.read("file", 0, 1, never)).toString()).toBe("x");
    await ranges.close();
  });
});

test("slots let as many run as there are, in order, and give back what an abort or a failure leaves", async () => {
  const slots = new Slots(2);
  const ends: (() => void)[] = [];
  const began: number[] = [];
  const work = (number: number, signal = never) =>
    slots.run(signal, () => {
      began.push(number);
      return new Promise<void>((resolve) => ends.push(resolve));
    });
  const controller = new AbortController();
  const [one, two] = [work(1), work(2)];
  const gone = work(3, controller.signal);
  const four = work(4);
  controller.abort(new Error("gone"));
  await expect(gone).rejects.toThrow("gone");
  expect(began).toEqual([1, 2]);
  ends[0]!();
  await one;
  await expect.poll(() => began).toEqual([1, 2, 4]);
  ends[1]!();
  ends[2]!();
  await Promise.all([two, four]);
  await expect(slots.run(never, () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
  const [five, six] = [work(5), work(6)];
  await expect.poll(() => began).toEqual([1, 2, 4, 5, 6]);
  ends[3]!();
  ends[4]!();
  await Promise.all([five, six]);
});
