import { expect, test } from "vitest";
import { type Kill, KillingGround, killedCommands } from "../../studies/kills/kill.js";
import { hasTraces } from "../../studies/kills/traces.js";
import { canMount } from "../filesystem/can-mount.js";

test.skipIf(!canMount)("commands killed at random moments: the next command leaves nothing of them", async () => {
  using ground = new KillingGround();
  const kills: Kill[] = [];
  for (const name of killedCommands) {
    for (let round = 0; round < 2; round++) kills.push(await ground.kill(name, 500 + Math.random() * 4500));
  }
  expect(kills.filter(({ before }) => hasTraces(before)).length, "kills must hit something").toBeGreaterThan(0);
  for (const { after, command, afterMs, said } of kills) {
    const nothing = { processes: [], mounts: [], folders: [], knobs: [] };
    expect(after, `${command} after ${afterMs} ms: ${said.join("\n")}`).toEqual(nothing);
  }
});
