import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { shellQuoted } from "../../../runners/processes/index.js";

test.each(["/usr/bin/node", "a b", "it's", "$HOME", "`id`", "a;b", "*", "", "'", "\\", "line\nline", "-n", "ä"])(
  "%j is one word to sh(1), as it was",
  (word) => {
    expect(execFileSync("sh", ["-c", `printf '%s|' ${shellQuoted(word)} end`], { encoding: "utf8" })).toBe(`${word}|end|`);
  },
);

test("a plain path stays plain", () => {
  expect(shellQuoted("/srv/data-1/x.y")).toBe("/srv/data-1/x.y");
});
