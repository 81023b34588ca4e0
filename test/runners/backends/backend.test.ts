import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { FusemeterError } from "../../../errors.js";
import { argvOf, builtInBackend, commandBackend, recordOf } from "../../../runners/backends/backend.js";

describe("a backend of the user's own", () => {
  test("keeps its command", () => {
    expect(commandBackend("mine=/opt/my fs/daemon -f {source} {mountpoint}")).toEqual({
      name: "mine",
      kind: "command",
      command: "/opt/my fs/daemon -f {source} {mountpoint}",
    });
  });

  test.each([
    "mine",
    "=cmd {source} {mountpoint}",
    "mine=cmd {source}",
    "mine=cmd {mountpoint}",
    "native=cmd {source} {mountpoint}",
    "native-again=cmd {source} {mountpoint}",
    "bad name=cmd {source} {mountpoint}",
  ])('"%s" is refused', (definition) => {
    expect(() => commandBackend(definition)).toThrow(FusemeterError);
  });

  test("gets its paths whole, with any character in them", async () => {
    const backend = commandBackend("echo=printf '%s|' {source} {mountpoint} --also={source}");
    const [command, ...args] = argvOf(backend, "/a b/$(id)", "/m'\"p");
    const { stdout } = await execa(command!, args);
    expect(stdout).toBe("/a b/$(id)|/m'\"p|--also=/a b/$(id)|");
  });
});

test("an unknown backend is refused, and the known are named", () => {
  expect(() => builtInBackend("fuze")).toThrow("native, fuse, fuse-uring, passthrough");
});

test("the record of a built-in backend names the program without its path", () => {
  expect(recordOf(builtInBackend("fuse"), null).command).toBe(
    "fusemeter mount --mode daemon --transport device {source} {mountpoint}",
  );
});
