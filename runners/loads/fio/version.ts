import { execa } from "execa";
import { FusemeterError } from "../../../errors.js";

/** Version 3.1 is the first whose JSON tells latencies in nanoseconds and has `lat_percentiles`. */
const OLDEST = [3, 1] as const;

/**
 * The installed fio's version as it prints it, for instance `fio-3.33`.
 *
 * @throws {FusemeterError} NO_FIO when there is none, OLD_FIO when it is older than 3.1
 */
export async function fioVersion(): Promise<string> {
  const { stdout, failed } = await execa("fio", ["--version"], { reject: false });
  if (failed) {
    throw new FusemeterError({
      code: "NO_FIO",
      fault: "host",
      problem: "fio is not on the PATH",
      remedy: "install it. On Debian: apt-get install -y fio",
    });
  }
  const version = stdout.trim();
  const [, major, minor] = /^fio-(\d+)\.(\d+)/.exec(version) ?? [];
  if (Number(major) < OLDEST[0] || (Number(major) === OLDEST[0] && Number(minor) < OLDEST[1])) {
    throw new FusemeterError({
      code: "OLD_FIO",
      fault: "host",
      problem: `${version} is too old`,
      remedy: `install fio ${OLDEST.join(".")} or later`,
    });
  }
  return version;
}
