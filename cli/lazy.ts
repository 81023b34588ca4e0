import type { Command } from "commander";
import { describe as describeManifest } from "./lazy-manifest.js";
import { describe as describeMount } from "./lazy-mount.js";
import { describe as describePromote } from "./lazy-promote.js";

/** The commands of trees that are used while they arrive. */
const commands: Readonly<Record<string, (command: Command) => void>> = {
  manifest: describeManifest,
  mount: describeMount,
  promote: describePromote,
};

export function describe(command: Command): void {
  command
    .summary("use a tree while it arrives")
    .description("Mounts a tree whose files are still arriving. Reads wait for what is missing; complete files cost nothing.")
    .enablePositionalOptions();
  for (const [name, describeOne] of Object.entries(commands)) describeOne(command.command(name).exitOverride());
}
