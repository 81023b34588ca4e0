import { expect, test } from "vitest";
import { FusemeterError, invalidValue } from "../errors.js";

test.each([
  { facts: {}, message: "it broke" },
  { facts: { reason: "EIO" }, message: "it broke: EIO" },
  { facts: { remedy: "mend it" }, message: "it broke. Mend it" },
  { facts: { reason: "EIO", remedy: "mend it" }, message: "it broke: EIO. Mend it" },
])("a message of $facts", ({ facts, message }) => {
  const error = new FusemeterError({ code: "BROKEN", fault: "host", problem: "it broke", ...facts });
  expect(error.message).toBe(message);
  expect(error).toMatchObject({ problem: "it broke", reason: null, remedy: null, backend: null, ...facts });
});

test("a bad value is named, quoted, and followed by what was expected", () => {
  const error = invalidValue("--blocks", 'x"', "a whole number from 1 to 10000");
  expect(error.message).toBe('invalid --blocks "x\\"": expected a whole number from 1 to 10000');
  expect(error).toMatchObject({ code: "BAD_OPTION", fault: "use", remedy: null });
});
