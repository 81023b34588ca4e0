import { expect, test } from "vitest";
import { Window } from "../../../lazy/loader/window.js";

/** Fetches chunks of 100 KB by a window over a link, for some epochs: the sizes that the window had. */
function sizesOver(link: { readonly bytesPerMs: number; readonly roundTripMs: number }, most: number): number[] {
  let now = 0;
  const window = new Window(() => now);
  const sizes: number[] = [];
  for (let fetches = 0; fetches < 2000; fetches++) {
    // As many at once as the window has: they share the link, and one ends after the other.
    const alone = link.roundTripMs + 100_000 / link.bytesPerMs;
    now += Math.max(alone / window.size, 100_000 / link.bytesPerMs);
    window.noteEnd(100_000, most);
    sizes.push(window.size);
  }
  return sizes;
}

const mostOften = (sizes: readonly number[]) => {
  const counts = new Map<number, number>();
  for (const size of sizes) counts.set(size, (counts.get(size) ?? 0) + 1);
  return [...counts].toSorted(([, count], [, other]) => other - count)[0]![0];
};

test("a link that four fetches fill gets no more for long", () => {
  expect(mostOften(sizesOver({ bytesPerMs: 2500, roundTripMs: 70 }, 16))).toBe(4);
});

test("a fast and distant link gets as many as fill it", () => {
  expect(mostOften(sizesOver({ bytesPerMs: 100_000, roundTripMs: 12 }, 32))).toBeGreaterThanOrEqual(12);
});

test("there are never more than the bound, which is four at least", () => {
  expect(Math.max(...sizesOver({ bytesPerMs: 100_000, roundTripMs: 100 }, 7))).toBe(7);
  expect(Math.max(...sizesOver({ bytesPerMs: 100_000, roundTripMs: 100 }, 1))).toBe(4);
});

test("an epoch that begins anew forgets what came before", () => {
  let now = 0;
  const window = new Window(() => now);
  window.noteEnd(1, 8);
  now = 1000;
  window.restart();
  for (let fetches = 0; fetches < 7; fetches++) window.noteEnd(1, 8);
  now = 1100;
  expect(window.size).toBe(4);
  window.noteEnd(1, 8);
  expect(window.size).toBe(8);
});
