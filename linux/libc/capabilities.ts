import { readFileSync } from "node:fs";

/** Bits of capabilities(7), by linux/capability.h. */
const bits = { CAP_SYS_ADMIN: 21 } as const;

/** True if this process has a capability in effect. */
export function hasCapability(name: keyof typeof bits): boolean {
  const effective = /^CapEff:\s*([0-9a-f]+)/m.exec(readFileSync("/proc/self/status", "utf8"));
  return effective !== null && ((BigInt(`0x${effective[1]}`) >> BigInt(bits[name])) & 1n) === 1n;
}
