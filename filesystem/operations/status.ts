import { join } from "node:path";
import { errnoName } from "../../linux/libc/errno.js";
import { pathBelowRoot } from "../policies/paths.js";
import type { Request } from "../protocol/message.js";
import type { Context } from "../serving/context.js";
import { fdOf, returnBorrowed } from "../serving/node.js";
import { type BackingFile, type MountStatus, STATUS_ATTRIBUTE, STATUS_BYTES } from "../serving/status.js";
import { ROOT } from "../tables/inodes.js";

const attribute = Buffer.from(STATUS_ATTRIBUTE);

/** True if a GETXATTR asks for the mount's status, by a user who may know the paths in it. */
export function asksForStatus(request: Request, nameEnd: number): boolean {
  if (request.nodeId !== ROOT || nameEnd - request.payloadStart !== attribute.length) return false;
  if (attribute.compare(request.payload, request.payloadStart, nameEnd) !== 0) return false;
  return request.uid === 0 || request.uid === process.getuid!();
}

/** The status as JSON, with as many of the backing files as have room. */
export function statusText(context: Context): Buffer {
  const { settings, inodes, openFiles, statistics } = context;
  const files = backingFiles(context);
  const { count, lastErrno } = statistics.fallbacks;
  const status = (listed: number): Buffer =>
    Buffer.from(
      JSON.stringify({
        source: settings.source,
        mode: settings.mode,
        transport: settings.transport,
        workers: statistics.workers,
        abi: `7.${settings.minor}`,
        negotiated: [...settings.negotiated],
        maxWriteBytes: settings.maxWriteBytes,
        inodes: inodes.count,
        inodeDescriptors: inodes.descriptors,
        openFiles: openFiles.count,
        requests: statistics.requests(),
        fallbacks: { count, lastReason: count === 0 ? null : errnoName(lastErrno) },
        backingFiles: files.slice(0, listed),
        moreBackingFiles: files.length - listed,
      } satisfies MountStatus),
    );
  let listed = files.length;
  let text = status(listed);
  while (text.length > STATUS_BYTES) {
    listed >>= 1;
    text = status(listed);
  }
  return text;
}

function backingFiles(context: Context): BackingFile[] {
  return context.inodes.passthroughNodes().map(({ nodeId, opens, backingId }) => {
    const path = pathOf(context, nodeId);
    return { path, backingId, opens };
  });
}

function pathOf(context: Context, nodeId: number): string {
  try {
    const path = pathBelowRoot(context, fdOf(context, nodeId));
    if (path !== null) return join(context.settings.source, path.toString());
  } catch {
    // Gone.
  } finally {
    returnBorrowed(context);
  }
  return `(node ${nodeId})`;
}
