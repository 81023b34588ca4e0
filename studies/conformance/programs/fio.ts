import { run } from "./run.js";

/** Random writes of several threads, read back and verified by their checksums. */
export async function fio(place: string): Promise<void> {
  const load = ["--rw=randwrite", "--bs=4k", "--size=16m", "--numjobs=8", "--thread", "--fallocate=none"];
  const verify = ["--verify=crc32c", "--verify_fatal=1", "--do_verify=1"];
  await run(place, "fio", "--name=verify", `--directory=${place}`, ...load, ...verify);
}
