import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Opcode } from "../../../filesystem/protocol/opcodes.js";
import { mountAt, mountOf } from "../../../linux/mounts/mountinfo.js";
import { RoundTrips } from "../../../runners/counters/round-trips.js";
import { answerSizes, deviceReadSizes } from "../../../runners/counters/size-histogram.js";
import { canMount } from "../../filesystem/can-mount.js";
import { startDaemon, temporaryDirectory } from "../../filesystem/daemon.js";

/** Reads blocks far apart, none twice, in a process of its own. */
function readBlocks(file: string, count: number, bytes: number): void {
  const script = `open my $f, "<", $ARGV[0] or die;
    for (1 .. ${count}) { sysseek $f, $_ * 2 ** 22, 0; sysread($f, my $b, ${bytes}) == ${bytes} or die }`;
  execFileSync("perl", ["-e", script, file]);
}

const zeros = ["--mode", "daemon", "--transport", "device", "--content", "zeros", "--max-readahead", "0"];

describe.skipIf(!canMount)("requests of known number and size", () => {
  test("each has its time from being sent to being answered", async () => {
    await using daemon = await startDaemon(zeros);
    const { minor } = mountAt(daemon.mountpoint)!;
    using trips = new RoundTrips(minor, Opcode.READ);
    const startNs = performance.now() * 1e6;
    readBlocks(join(daemon.mountpoint, "file"), 500, 4096);
    const elapsedNs = performance.now() * 1e6 - startNs;
    const reading = trips.read();
    if (!("value" in reading)) throw new Error(reading.unavailable);
    const { requests, meanNs, p50Ns, p99Ns, maxNs, histogram } = reading.value;
    expect(requests).toBe(500);
    expect(Object.values(histogram).reduce((sum, count) => sum + count)).toBe(500);
    // The reader waits for each: together they fit into the time of its program.
    expect(p50Ns).toBeGreaterThan(1000);
    expect([p50Ns, p99Ns, maxNs]).toEqual([p50Ns, p99Ns, maxNs].toSorted((a, b) => a! - b!));
    expect(meanNs! * requests).toBeLessThan(elapsedNs);
  });

  test("rings that overflow say so, and give no figure", async () => {
    await using daemon = await startDaemon(zeros);
    using trips = new RoundTrips(mountAt(daemon.mountpoint)!.minor, Opcode.READ);
    // This thread waits for the reader, so nobody empties the rings.
    readBlocks(join(daemon.mountpoint, "file"), 80_000, 1);
    expect(trips.read()).toEqual({ unavailable: expect.stringMatching(/^\d+ events were lost$/) });
  });

  test("each is counted in the class of its size", async () => {
    await using daemon = await startDaemon(zeros);
    using sizes = answerSizes(mountAt(daemon.mountpoint)!.minor);
    const file = join(daemon.mountpoint, "file");
    readBlocks(file, 300, 4096);
    expect(sizes.read()).toEqual({ value: { "4096": 300 } });
    // A read of 64 KiB that readahead may not stretch is one request; a close or an open carries no data.
    using direct = answerSizes(mountAt(daemon.mountpoint)!.minor);
    execFileSync("dd", [`if=${file}`, "of=/dev/null", "bs=64k", "count=40", "iflag=direct", "status=none"]);
    expect(direct.read()).toEqual({ value: { "65536": 40 } });
  });

  test("of another mount none", async () => {
    await using watched = await startDaemon(zeros);
    await using other = await startDaemon(zeros);
    using trips = new RoundTrips(mountAt(watched.mountpoint)!.minor, Opcode.READ);
    using sizes = answerSizes(mountAt(watched.mountpoint)!.minor);
    readBlocks(join(other.mountpoint, "file"), 20, 4096);
    expect(trips.read()).toMatchObject({ value: { requests: 0, p50Ns: null, histogram: {} } });
    expect(sizes.read()).toEqual({ value: {} });
  });

  test("reads of the device are counted in the class of their size", () => {
    const folder = temporaryDirectory();
    const file = join(folder, "file");
    writeFileSync(file, Buffer.alloc(8 * 2 ** 20, 1), { flush: true });
    using sizes = deviceReadSizes(mountOf(folder));
    execFileSync("dd", [`if=${file}`, "of=/dev/null", "bs=16k", "count=100", "iflag=direct", "status=none"]);
    const reading = sizes.read();
    // Others read from this disk too.
    expect("value" in reading && reading.value["16384"]).toBeGreaterThanOrEqual(100);
    execFileSync("rm", ["-r", folder]);
  });
});
