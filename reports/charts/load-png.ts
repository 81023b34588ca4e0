import { FusemeterError, messageOf } from "../../errors.js";
import type { renderPng } from "./png.js";

/** The reason that the canvas did not load, in one line: its loader reports the failure of each binary as the cause. */
function reasonOf(thrown: unknown): string {
  const failure = thrown instanceof Error ? (thrown.cause ?? thrown) : thrown;
  return messageOf(failure).split("\n")[0]!;
}

/**
 * Loads the drawing of PNGs, late: a canvas is the heaviest library here, and most commands draw nothing.
 *
 * @throws {FusemeterError} `NO_CANVAS` where a library of it is missing on this host
 */
export async function loadRenderPng(): Promise<typeof renderPng> {
  try {
    // By itself first: one that fails below a module of ours rejects a second promise inside of Node 20, which nobody can handle.
    await import("@napi-rs/canvas");
    return (await import("./png.js")).renderPng;
  } catch (cause) {
    throw new FusemeterError({
      code: "NO_CANVAS",
      fault: "host",
      problem: "PNG charts can't be drawn here",
      reason: reasonOf(cause),
      remedy: "install the missing library, or use report.html, which draws the same charts in a browser",
      cause,
    });
  }
}
