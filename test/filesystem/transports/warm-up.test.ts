import { openSync, readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { serveDevice } from "../../../filesystem/transports/device.js";
import { contextOn } from "../context.js";
import { directoryOfTest } from "../daemon.js";

test("a worker that has warmed up has no node, no descriptor and no request more", async () => {
  const context = await contextOn(directoryOfTest());
  // An end without a mount: the first read fails.
  const end = openSync("/dev/null", "w");
  const descriptors = () => readdirSync("/proc/self/fd").length;
  const before = descriptors();
  let isReady = false;
  const ready = () => {
    isReady = true;
    expect(context.inodes.count).toBe(1);
    expect(context.inodes.descriptors).toBe(1);
    expect(context.openFiles.count).toBe(0);
    expect(context.requests.every((count) => count === 0)).toBe(true);
    // The end of /dev/null that answers went to is closed too.
    expect(descriptors()).toBe(before);
    // It did walk: ids were given out.
    expect([...context.inodes.nodeIds()].length).toBeGreaterThan(10);
  };
  expect(() => serveDevice(end, context, ready)).toThrow("read /dev/fuse: EBADF");
  expect(isReady).toBe(true);
});
