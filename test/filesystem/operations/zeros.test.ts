import { execFileSync } from "node:child_process";
import { readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { mountAt } from "../../../linux/mounts/mountinfo.js";
import { countRequests } from "../../../runners/counters/request-counters.js";
import { canMount } from "../can-mount.js";
import { startDaemon } from "../daemon.js";
import { offerRings, transports } from "../transports.js";

offerRings();

/** Reads in a process of its own how many bytes that are not zero `count` blocks of a file have, from a place far inside. */
function nonZeros(path: string, count: number): number {
  const script = `open my $f, "<", shift or die; my $n = 0;
    for (1 .. ${count}) { seek $f, 2 ** 35 + $_ * 2 ** 20, 0; read($f, my $b, 4096) == 4096 or die; $n += ($b =~ tr/\\0//c) } print $n`;
  return Number(execFileSync("perl", ["-e", script, path]));
}

describe.skipIf(!canMount).each(transports)("a mount of zeros, over %s", (transport) => {
  const words = ["--mode", "daemon", "--content", "zeros", "--transport", transport];

  test("has every name, reads as zeros, and asks for nothing but what was read", async () => {
    await using daemon = await startDaemon(words);
    const file = join(daemon.mountpoint, `a name of ${"many ".repeat(40)}letters`);
    expect(statSync(file).size).toBe(2 ** 40);
    using counters = countRequests(mountAt(daemon.mountpoint)!.minor);
    expect(nonZeros(file, 100)).toBe(0);
    expect(counters.read().requests).toMatchObject({ OPEN: 1, READ: 100 });
  });

  test("can't be written, and lists nothing", async () => {
    await using daemon = await startDaemon(words);
    expect(() => writeFileSync(join(daemon.mountpoint, "file"), "x")).toThrow(/E(NOSYS|ACCES|IO|OPNOTSUPP|ROFS)/);
    expect(readdirSync(daemon.mountpoint)).toEqual([]);
  });
});
