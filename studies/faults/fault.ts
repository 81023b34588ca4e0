// Puts one fault into the daemon that this is preloaded into: FUSEMETER_FAULT=NAME[:VALUE] node --import THIS bin/fusemeter.js mount …
// Requests that come over io_uring are not touched: mount with --transport device.
import { openSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import threads, { type WorkerOptions } from "node:worker_threads";

/** Changes the handlers of the thread that this runs in. */
async function putIn(fault: string, value: string): Promise<void> {
  const { handlers } = await import("../../filesystem/operations/table.js");
  const { Opcode } = await import("../../filesystem/protocol/opcodes.js");
  const { bind } = await import("../../linux/libc/libc.js");
  type Handler = NonNullable<(typeof handlers.source)[number]>;
  const table = handlers.source as (Handler | undefined)[];

  const replace = (opcode: number, change: (handle: Handler["handle"]) => Handler["handle"]) => {
    const handler = table[opcode]!;
    table[opcode] = { ...handler, handle: change(handler.handle) };
  };
  const before = (opcode: number, act: () => void) =>
    replace(opcode, (handle) => (request, reply, context) => {
      act();
      return handle(request, reply, context);
    });

  const faults: Readonly<Record<string, () => void>> = {
    none() {},
    /** One more system call a request. */
    syscall() {
      const getppid = bind("int getppid()");
      before(Opcode.READ, () => getppid());
    },
    /** One more context switch a request: the worker sleeps, as one that hands its request over and waits does. */
    switch() {
      const usleep = bind("int usleep(uint32_t)");
      before(Opcode.READ, () => usleep(1));
    },
    /** A mount that negotiated passthrough, and opens its files to be read by the daemon. */
    "passthrough-off"() {
      replace(
        Opcode.OPEN,
        (handle) => (request, reply, context) =>
          handle(request, reply, { ...context, settings: { ...context.settings, mode: "daemon" } }),
      );
    },
    /** Some nanoseconds more a request, on the CPU. */
    slow() {
      const milliseconds = Number(value) / 1e6;
      before(Opcode.READ, () => {
        const end = performance.now() + milliseconds;
        while (performance.now() < end);
      });
    },
    /** A descriptor more that stays open, an open. */
    leak() {
      before(Opcode.OPEN, () => openSync("/dev/null", "r"));
    },
  };
  faults[fault]!();
}

if (threads.isMainThread) {
  // Requests are served by threads, which do not inherit this process's own flags.
  const preload = ["--import", import.meta.filename];
  class FaultyWorker extends threads.Worker {
    constructor(file: string | URL, options?: WorkerOptions) {
      super(file, { ...options, execArgv: preload });
    }
  }
  Object.assign(threads, { Worker: FaultyWorker });
  syncBuiltinESMExports();
} else {
  const [fault = "none", value = ""] = (process.env.FUSEMETER_FAULT ?? "").split(":");
  await putIn(fault, value);
}
