import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { withRun } from "../../cli/measuring.js";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
let said: string[];
let before: Map<string, readonly NodeJS.SignalsListener[]>;

beforeEach(() => {
  said = [];
  before = new Map(signals.map((signal) => [signal, process.listeners(signal) as NodeJS.SignalsListener[]]));
  vi.spyOn(console, "error").mockImplementation((line: string) => void said.push(line));
});
afterEach(() => {
  vi.restoreAllMocks();
  for (const signal of signals) {
    const added = (process.listeners(signal) as NodeJS.SignalsListener[]).filter((own) => !before.get(signal)!.includes(own));
    for (const listener of added) process.off(signal, listener);
  }
});

/** Sends a signal to the listeners of the command alone: those of the test runner would end it. */
function send(signal: (typeof signals)[number]): void {
  for (const listener of process.listeners(signal) as NodeJS.SignalsListener[]) {
    if (!before.get(signal)!.includes(listener)) listener(signal);
  }
}

const whenEnded = (result: object | null) => (result === null ? "nothing was kept" : "a part was kept");

describe("a command that measures", () => {
  test("tells its result, whose outcome is its own", async () => {
    const told: object[] = [];
    const tell = async (result: object) => {
      told.push(result);
      return "host" as const;
    };
    expect(await withRun({ measure: async () => ({ samples: 3 }), tell, whenEnded })).toBe("host");
    expect(told).toEqual([{ samples: 3 }]);
    expect(said).toEqual([]);
  });

  test.each(signals)("ended by %s before it has a result: nothing is told", async (signal) => {
    const tell = vi.fn(async () => "done" as const);
    const outcome = await withRun({
      async measure(session) {
        send(signal);
        session.signal.throwIfAborted();
        return {};
      },
      tell,
      whenEnded,
    });
    expect(outcome).toBe(signal);
    expect(tell).not.toHaveBeenCalled();
    expect(said).toEqual([`fusemeter: ended by ${signal}; nothing was kept`]);
  });

  test("ended by a signal with a part of its result: the part is told, and the exit code is the signal's", async () => {
    const tell = vi.fn(async () => "done" as const);
    const outcome = await withRun({
      async measure() {
        send("SIGTERM");
        return { samples: 1 };
      },
      tell,
      whenEnded,
    });
    expect(outcome).toBe("SIGTERM");
    expect(tell).toHaveBeenCalledWith({ samples: 1 });
    expect(said).toEqual(["fusemeter: ended by SIGTERM; a part was kept"]);
  });

  test("ended by a signal while a release fails: the failure is said", async () => {
    const outcome = await withRun({
      async measure(session) {
        await using _folder = {
          async [Symbol.asyncDispose]() {
            throw new Error("EBUSY: the folder stays");
          },
        };
        send("SIGINT");
        session.signal.throwIfAborted();
        return {};
      },
      tell: async () => "done" as const,
      whenEnded,
    });
    expect(outcome).toBe("SIGINT");
    expect(said[0]).toContain("EBUSY: the folder stays");
    expect(said.at(-1)).toBe("fusemeter: ended by SIGINT; nothing was kept");
  });

  test("a defect is thrown on", async () => {
    const measure = async () => {
      throw new TypeError("boom");
    };
    await expect(withRun({ measure, tell: async () => "done" as const, whenEnded })).rejects.toThrow("boom");
  });
});
