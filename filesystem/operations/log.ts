import { writeSync } from "node:fs";
import { errnoName } from "../../linux/libc/errno.js";
import { isAnswer, type Request } from "../protocol/message.js";
import { opcodeName } from "../protocol/opcodes.js";

/** The number of lines that found no room. */
let lost = 0;

/**
 * Writes a line to standard error: a worker never returns to its event loop, which its console would need. A pipe that is full or has
 * no reader any more loses the line, which is counted: a slow reader must not hold up the mount.
 */
function log(line: string): void {
  try {
    writeSync(2, lost === 0 ? `${line}\n` : `(${lost} lines lost)\n${line}\n`);
    lost = 0;
  } catch {
    lost++;
  }
}

/** `rx 12: READ n5 40+0 pid 77`: a request, its node, the bytes of its struct and of its payload, and its process. */
export function logRequest(request: Request): void {
  const payload = request.payloadEnd - request.payloadStart;
  log(
    `rx ${request.unique}: ${opcodeName(request.opcode)} n${request.nodeId} ${request.argsBytes - payload}+${payload} pid ${request.pid}`,
  );
}

/** `tx 12: OK 4096` or `tx 12: ENOENT`. */
export function logReply(request: Request, result: number): void {
  if (!isAnswer(result)) return;
  log(`tx ${request.unique}: ${result < 0 ? errnoName(-result) : `OK ${result}`}`);
}

/** A request that made a handler throw: a fault of this program. */
export function logFault(request: Request, fault: unknown): void {
  log(`fusemeter: ${opcodeName(request.opcode)} failed: ${fault instanceof Error ? fault.stack : String(fault)}`);
}
