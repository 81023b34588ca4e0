import { closeSync, openSync, readFileSync, statfsSync } from "node:fs";
import { release } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { FusemeterError } from "../../errors.js";
import { isRoot } from "../../linux/libc/is-root.js";
import { countCachedPages } from "../../linux/libc/page-cache.js";
import { ENABLE_URING } from "../../linux/mounts/fuse-module.js";
import { mountOf } from "../../linux/mounts/mountinfo.js";
import { onlineCpus } from "../../linux/proc/cpu-list.js";
import { attachCounters } from "../counters/process-counters.js";
import { countRequests } from "../counters/request-counters.js";
import { readSystemFigures } from "../counters/system-counters.js";
import { fioVersion } from "../loads/fio/version.js";
import { type Check, check } from "./check.js";
import { checkClock } from "./clock.js";
import { fuseSupport } from "./fuse.js";

/** The needs of the quick profile: two test files of 1 GB on the disk, one of them in the page cache. */
const diskNeededBytes = 2.5 * 2 ** 30;
const memoryNeededBytes = 1.5 * 2 ** 30;

const stealWatchedMs = 500;
const stealAllowed = 0.02;

const gibibytes = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;

/**
 * Checks the host for everything that a run needs, and changes nothing.
 *
 * @param directory the place of the test files
 */
export async function checkHost(directory: string): Promise<Check[]> {
  return [
    checkRoot(),
    checkFuseDevice(),
    checkPassthrough(),
    checkIoUring(),
    checkCounters(),
    checkRequests(),
    checkCacheProof(),
    checkClock(),
    await checkFio(),
    checkMemory(),
    checkDisk(directory),
    checkCores(),
    await checkSteal(),
  ];
}

function checkRoot(): Check {
  const { passed, failed } = check("root", true);
  return isRoot()
    ? passed("the user is root")
    : failed(
        "passthrough, io_uring and exact counters need root",
        "run it with sudo; without: daemon mode, and counts from /proc",
      );
}

function checkFuseDevice(): Check {
  const { passed, failed } = check("FUSE", true);
  try {
    closeSync(openSync("/dev/fuse", "r+"));
    return passed("/dev/fuse opens");
  } catch (error) {
    return failed(
      (error as Error).message,
      "modprobe fuse; in a container, start it with: --device /dev/fuse --cap-add SYS_ADMIN",
    );
  }
}

function checkPassthrough(): Check {
  const { passed, failed } = check("FUSE passthrough", true);
  return fuseSupport().passthrough
    ? passed("the kernel has CONFIG_FUSE_PASSTHROUGH")
    : failed(
        `Linux ${release()} shows no CONFIG_FUSE_PASSTHROUGH`,
        "boot Linux 6.9 or later, built with CONFIG_FUSE_PASSTHROUGH=y",
      );
}

function checkIoUring(): Check {
  const { passed, failed } = check("FUSE over io_uring", false);
  const { ioUring } = fuseSupport();
  if (ioUring === "on") return passed(`${ENABLE_URING} says Y`);
  if (ioUring === "off") {
    return isRoot()
      ? passed(`${ENABLE_URING} says N; a run sets it to Y and puts it back`)
      : failed(`${ENABLE_URING} says N`, `run as root, or echo Y > ${ENABLE_URING}`);
  }
  return failed(`Linux ${release()} does not have it`, "boot Linux 6.14 or later, built with CONFIG_FUSE_IO_URING=y");
}

function checkCounters(): Check {
  const { passed, failed } = check("exact counters", true);
  // Counters of this process, opened as a run opens them for the load. Opening them is the proof.
  using counters = attachCounters(process.pid, "counted", "children");
  const [reason] = Object.values(counters.read().reasons);
  return reason === undefined
    ? passed("system calls, user page faults and context switches can be counted")
    : failed(reason, "run it as root on Linux 5.13 or later, with CONFIG_FTRACE_SYSCALLS and tracefs");
}

function checkRequests(): Check {
  const { passed, failed } = check("FUSE requests by opcode", true);
  // No mount has the device number 0.
  using counters = countRequests(0);
  const { reason } = counters.read();
  return reason === null
    ? passed("the tracepoint fuse:fuse_request_send can be counted")
    : failed(reason, "run it as root on Linux 6.12 or later, whose FUSE has tracepoints");
}

function checkCacheProof(): Check {
  const { passed, failed } = check("proof of cold and warm", false);
  const fd = openSync(process.execPath, "r");
  try {
    return countCachedPages(fd) >= 0
      ? passed("cachestat(2) tells what is in the page cache")
      : failed("cachestat(2) is missing: cold and warm can be made, not proven", "boot Linux 6.5 or later");
  } finally {
    closeSync(fd);
  }
}

async function checkFio(): Promise<Check> {
  const { passed, failed } = check("fio", true);
  try {
    return passed(await fioVersion());
  } catch (error) {
    if (!(error instanceof FusemeterError)) throw error;
    return failed(error.problem, error.remedy ?? "");
  }
}

function checkMemory(): Check {
  const { passed, failed } = check("free memory", true);
  const available = Number(/^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync("/proc/meminfo", "utf8"))?.[1]) * 1024;
  const found = `${gibibytes(available)} available`;
  return available >= memoryNeededBytes
    ? passed(found)
    : failed(
        `${found}, a warm file of 1 GB needs ${gibibytes(memoryNeededBytes)}`,
        "end other programs, or use a smaller --file-size",
      );
}

function checkDisk(directory: string): Check {
  const { passed, failed } = check("disk", true);
  const { bavail, bsize } = statfsSync(directory);
  const { type, source } = mountOf(directory);
  const found = `${gibibytes(bavail * bsize)} free on ${type} (${source})`;
  if (type === "tmpfs" || type === "ramfs") return failed(`${directory} is in memory, never cold`, "choose another --directory");
  return bavail * bsize >= diskNeededBytes
    ? passed(found)
    : failed(
        `${found}, two files of 1 GB need ${gibibytes(diskNeededBytes)}`,
        "choose another --directory or a smaller --file-size",
      );
}

function checkCores(): Check {
  const { passed, failed } = check("cores", false);
  const cores = onlineCpus().length;
  return cores >= 2
    ? passed(`${cores} online`)
    : failed(
        "one core: load and daemon take turns on it, and every request costs two more switches",
        "give the machine a second core",
      );
}

async function checkSteal(): Promise<Check> {
  const { passed, failed } = check("quiet neighbours", false);
  const before = readSystemFigures().stealSeconds;
  await sleep(stealWatchedMs);
  const share = (readSystemFigures().stealSeconds - before) / (onlineCpus().length * (stealWatchedMs / 1000));
  const found = `the hypervisor took ${(share * 100).toFixed(1)} % of the CPU time`;
  return share <= stealAllowed ? passed(found) : failed(found, "measure when the host is quieter, or take more --blocks");
}
