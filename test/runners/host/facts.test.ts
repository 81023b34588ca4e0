import { execFileSync } from "node:child_process";
import { cpus } from "node:os";
import { expect, test } from "vitest";
import { onlineCpus } from "../../../linux/proc/cpu-list.js";
import { host } from "../../../results/schema.js";
import { hostFacts } from "../../../runners/host/facts.js";

const ask = (command: string, ...words: string[]) => execFileSync(command, words, { encoding: "utf8" }).trim();

test("the facts agree with the system's own tools", async () => {
  const facts = await hostFacts("/");
  expect(host.parse(facts)).toEqual(facts);
  expect(facts).toMatchObject({
    kernel: ask("uname", "-r"),
    cores: Number(ask("nproc", "--all")),
    fioVersion: ask("fio", "--version"),
    nodeVersion: ask("node", "--version"),
    filesystem: ask("findmnt", "--noheadings", "--output", "FSTYPE", "/"),
    device: ask("findmnt", "--noheadings", "--output", "SOURCE", "/"),
    cpu: cpus()[0]!.model,
  });
});

test("the fingerprint repeats, and tells one filesystem from another", async () => {
  const [root, again, memory] = await Promise.all(["/", "/", "/dev/shm"].map(hostFacts));
  expect(root!.fingerprint).toMatch(/^[0-9a-f]{8}$/);
  expect(again!.fingerprint).toBe(root!.fingerprint);
  expect(memory!.fingerprint).not.toBe(root!.fingerprint);
});

test("as many CPUs are online as Node sees", () => {
  expect(onlineCpus().length).toBe(cpus().length);
});
