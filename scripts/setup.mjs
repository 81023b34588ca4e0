// Everything that a fresh machine needs, once: npm packages from the lock file, fio, the compiled program.
// Plain JavaScript without packages: it runs before there are any.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { aptGet } from "./apt.mjs";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** True where a command is on the PATH. */
export function has(command) {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => existsSync(join(folder, command)));
}

/** Runs a step with its output on standard error (standard output is for data); ends the process where the step fails. */
export function step(what, command, args) {
  say(what);
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ["ignore", 2, 2] });
  check(command, args, status, error);
}

function say(line) {
  console.error(`fusemeter set-up: ${line}`);
}

function check(command, args, status, error) {
  if (status === 0) return;
  console.error(`fusemeter set-up: "${command} ${args.join(" ")}" failed (${error?.message ?? `exit ${status}`})`);
  process.exit(3);
}

/** Runs a step only where its inputs changed since it last succeeded. */
function once(name, inputs, run) {
  const hash = createHash("sha256").update(process.version);
  for (const input of inputs) hash.update(input);
  const digest = hash.digest("hex");
  const stamp = join(root, "node_modules", `.fusemeter-${name}`);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === digest) return;
  run();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, digest);
}

/** Installs Debian packages for the commands that are missing, or prints the command that would. */
export function needCommands(packageOf) {
  const missing = Object.keys(packageOf).filter((command) => !has(command));
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((command) => packageOf[command]))];
  const install = `apt-get install -y ${packages.join(" ")}`;
  if (!has("apt-get") || process.getuid() !== 0) {
    console.error(`fusemeter needs ${missing.join(", ")}: install it first, on Debian with: sudo ${install}`);
    process.exit(3);
  }
  if (spawnSync("apt-cache", ["show", ...packages], { stdio: "ignore" }).status !== 0) {
    aptStep("reading the list of Debian packages", ["update", "-qq"]);
  }
  aptStep(`installing ${packages.join(", ")}`, ["install", "-y", "-qq", "--no-install-recommends", ...packages]);
}

function aptStep(what, args) {
  say(what);
  const { status, stderr, error } = aptGet(args, say);
  process.stderr.write(stderr);
  check("apt-get", args, status, error);
}

const rooms = ["cli", "lazy", "workloads", "runners", "reports", "results", "filesystem", "linux", "studies", "examples"];

function sourceFiles() {
  const inRooms = rooms
    .filter((room) => existsSync(join(root, room)))
    .flatMap((room) => readdirSync(join(root, room), { recursive: true }).map((file) => join(room, file)))
    .filter((file) => file.endsWith(".ts"));
  return ["package-lock.json", "errors.ts", "package-root.ts", "tsconfig.json", "tsconfig.build.json", ...inRooms.sort()];
}

/** Sets the program up. A step that is done already is not done again. */
export function setUp() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    console.error(`fusemeter needs Node 20.19 or later; this is ${process.version}`);
    process.exit(3);
  }
  once("packages", [readFileSync(join(root, "package-lock.json"))], () =>
    step("installing npm packages", "npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]),
  );
  needCommands({ fio: "fio" });
  const state = sourceFiles().map((file) => `${file} ${statSync(join(root, file)).mtimeMs}\n`);
  once("build", state, () => {
    // A module whose source is gone must not stay importable.
    rmSync(join(root, "dist"), { recursive: true, force: true });
    step("compiling", join(root, "node_modules/.bin/tsc"), ["-p", "tsconfig.build.json"]);
  });
}
