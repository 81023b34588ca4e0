import { type MessagePort, parentPort, workerData } from "node:worker_threads";

import type { Role } from "./roles.js";
import { contextOf, type ThreadData } from "./thread-data.js";
import { serveDevice } from "./transports/device.js";
import { serveRing } from "./transports/io-uring.js";

/** What a worker is started with. */
export interface WorkerData extends ThreadData {
  /** To the waiter. */
  readonly waiter: MessagePort;
  readonly role: Role;
  /** Its number, from 0. */
  readonly worker: number;
}

// The thread of one worker: it tells that it is ready, then serves until the connection ends.
const data = workerData as WorkerData;
const context = await contextOf(data, data.worker, data.waiter);
const ready = () => parentPort?.postMessage("ready");
if (data.role.transport === "io-uring") {
  serveRing(data.connection, data.role, context, ready);
} else {
  serveDevice(data.role.end, context, ready);
}
