import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { parentPort } from "node:worker_threads";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/**
 * What the script of a thread does: for each mount that the thread is hired for (crew.ts), one after the other, it serves.
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
