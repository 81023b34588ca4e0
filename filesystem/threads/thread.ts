import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { parentPort } from "node:worker_threads";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/**
 * The body of a thread's script: it serves the mounts that the thread is acquired for (pool.ts), one after the other.
 *
 * @param serve does the work for one mount; it calls `ready` once it serves, and returns or settles when the mount has ended
 */
export function serveMounts<Data>(serve: (data: Data, ready: () => void) => void | Promise<void>): void {
  parentPort!.on("message", async (data: Data) => {
    await serve(data, () => parentPort!.postMessage("ready"));
    parentPort!.postMessage("done");
    // V8 would keep the mount's buffers, megabytes, until it next has a reason to look, and an idle thread gives it none.
    setImmediate(collectGarbage);
  });
}
