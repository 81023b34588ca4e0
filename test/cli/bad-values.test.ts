import { execa } from "execa";
import { expect, test } from "vitest";
import { program } from "../machine.js";

/** The lines of standard error, without those about leftovers of other commands on this machine. */
const errorsIn = (stderr: string) => stderr.split("\n").filter((line) => !/a command that was killed/.test(line));

test.each([
  ["run", "--blocks", "x", "a whole number from 1 to 10000"],
  ["run", "--blocks", "1.5", "a whole number from 1 to 10000"],
  ["run", "--file-size", "many", "a number with KB, MB or GB, for instance 128KB"],
  ["run", "--caches", "tepid", "one of cold, warm, hot"],
  ["run", "--caches", "cold,,hot", "names with commas between them"],
  ["run", "--profile", "slow", "one of quick, ci, paper"],
  ["run", "--placements", "moon", "one of one-core, two-cores, scheduler"],
  ["run", "--precision", "0", "a number above 0 and up to 100"],
  ["run", "--budget", "-1", "a number above 0 and up to 100000"],
  ["mount", "--mode", "fast", "one of auto, daemon, passthrough"],
  ["mount", "--workers", "two", "a whole number"],
  ["mount", "--cache-seconds", "-1", "a number of seconds, 0 or more"],
  ["mount", "--daemon-readahead", "much", "a number with KB, MB or GB, for instance 128KB"],
  ["readahead", "--windows", "5KB", "off, or multiples of 4KB up to 1GB"],
  ["readahead", "--knobs", "luck", "one of mount, device, both"],
  ["readahead", "--watts-per-core", "-1", "a number above 0"],
  ["gate", "--budget", "0", "a number above 0 and up to 1440"],
  ["gate", "--measures", "looks", "one of counts, times"],
  ["calibrate", "--rounds", "0", "a whole number from 1 to 10000"],
  ["claims", "--seed", "x", "a whole number from 0 to 2147483647"],
  ["compare", "--figure", "looks", "one of "],
  ["report", "--format", "pdf", "one of all, table, md, csv, html, png"],
])("%s %s %s: one style for a bad value", async (command, option, value, expected) => {
  const operands: Record<string, string[]> = { mount: ["/nowhere", "/nowhere"], compare: ["/nowhere"], report: ["/nowhere"] };
  const more = command === "gate" ? ["--save", "/nowhere/b.json"] : (operands[command] ?? []);
  const words = [program, command, option, value, ...more];
  const { stderr, exitCode } = await execa(process.execPath, words, { reject: false, cwd: "/" });
  expect(stderr).toContain(`fusemeter: invalid ${option} "${value}": expected ${expected}`);
  expect(errorsIn(stderr)).toHaveLength(1);
  expect(exitCode).toBe(2);
});

test.each([
  [["run", "--bloks", "3"], "fusemeter: unknown option '--bloks'"],
  [["mount"], "fusemeter: missing required argument 'source'"],
  [["mounts"], "fusemeter: unknown command 'mounts'"],
])("%j: commander's errors begin as all others", async (words, said) => {
  const { stderr, exitCode } = await execa(process.execPath, [program, ...words], { reject: false });
  expect(errorsIn(stderr)[0]).toContain(said);
  expect(exitCode).toBe(2);
});
