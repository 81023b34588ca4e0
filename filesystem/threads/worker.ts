import type { MessagePort } from "node:worker_threads";
import { serveDevice } from "../transports/device.js";
import { serveRing } from "../transports/io-uring.js";
import type { Role } from "./role.js";
import { serveMounts } from "./thread.js";
import { contextOf, type ThreadData } from "./thread-data.js";

/** The start data of a worker. */
export interface WorkerData extends ThreadData {
  /** The port to the deferred thread. */
  readonly deferred: MessagePort;
  readonly role: Role;
  /** Its number, from 0. */
  readonly worker: number;
}

// The thread of one worker: it says that it is ready, then serves until the connection ends.
serveMounts(async (data: WorkerData, ready) => {
  const context = await contextOf(data, data.worker, data.deferred);
  if (data.role.transport === "io-uring") serveRing(data.connection, data.role, context, ready);
  else serveDevice(data.role.end, context, ready);
  // No further request will be deferred.
  data.deferred.close();
});
