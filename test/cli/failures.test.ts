import { CommanderError } from "commander";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { exitCodeOf } from "../../cli/exit-codes.js";
import { reportFailure, reportReleaseFailures } from "../../cli/failures.js";
import { FusemeterError } from "../../errors.js";

let said: string[];
beforeEach(() => {
  said = [];
  vi.spyOn(console, "error").mockImplementation((line: string) => void said.push(line));
});
afterEach(() => void vi.restoreAllMocks());

const foreseen = (fault: "use" | "host") => new FusemeterError({ code: "X", fault, problem: `a problem of ${fault}` });

/** The error that tsc's helper makes on Node 20, and the one of the standard: `later` was thrown by a release. */
const suppressed = (first: unknown, later: unknown) =>
  Object.assign(new Error("An error was suppressed during disposal"), {
    name: "SuppressedError",
    error: later,
    suppressed: first,
  });

describe("the outcome of an error", () => {
  test.each([
    { what: "a bad request", error: foreseen("use"), outcome: "use" },
    { what: "a host that can't", error: foreseen("host"), outcome: "host" },
    { what: "help, which commander throws", error: new CommanderError(0, "commander.help", "(help)"), outcome: "done" },
    { what: "an unknown option", error: new CommanderError(1, "commander.unknownOption", "unknown"), outcome: "use" },
    { what: "anything else", error: new TypeError("boom"), outcome: "internal" },
    { what: "no error at all", error: null, outcome: "internal" },
    { what: "hidden by a release", error: suppressed(foreseen("host"), new Error("EBUSY")), outcome: "host" },
    { what: "in a release after a defect", error: suppressed(new Error("boom"), foreseen("host")), outcome: "host" },
    { what: "hidden twice", error: suppressed(suppressed(foreseen("use"), new Error("a")), new Error("b")), outcome: "use" },
    { what: "two defects", error: suppressed(new Error("a"), new Error("b")), outcome: "internal" },
  ])("$what: $outcome", ({ error, outcome }) => {
    expect(reportFailure(error)).toBe(outcome);
  });
});

test("every hidden error is printed, the first one first", () => {
  reportFailure(suppressed(suppressed(foreseen("use"), new Error("EBUSY")), foreseen("host")));
  expect(said[0]).toBe("fusemeter: a problem of use");
  expect(said[1]).toMatch(/^fusemeter: internal error: Error: EBUSY\n {4}at /);
  expect(said.at(-1)).toBe("fusemeter: a problem of host");
});

test("of a command that a signal ended only failed releases are printed", () => {
  reportReleaseFailures("SIGINT");
  expect(said).toEqual([]);
  reportReleaseFailures(suppressed("SIGINT", foreseen("host")));
  expect(said).toEqual(["fusemeter: a problem of host"]);
});

test.each([
  ["done", 0],
  ["regression", 1],
  ["use", 2],
  ["host", 3],
  ["internal", 70],
  ["SIGHUP", 129],
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("%s has the exit code %i", (outcome, code) => {
  expect(exitCodeOf(outcome)).toBe(code);
});
