import { type Command, Option } from "commander";
import type { MountOptions } from "../filesystem/index.js";
import { parseSizeBytes } from "../workloads/index.js";
import { badOption, choice, wholeNumber } from "./option-values.js";

/** The command-line option that sets an option of the library. */
interface Flag<Value> {
  /** As commander takes it. One without a value in brackets is a switch. */
  readonly flag: string;
  readonly help: string;
  /** The values that it takes, the first by default. */
  readonly choices?: readonly [Value, ...Value[]];
  /** @param name without its hyphens, @param before the value of the same option before, which may be given several times */
  parse?(text: string, name: string, before: Value | undefined): Value;
}

const count = (text: string, name: string) => wholeNumber(name, text);

function seconds(text: string, name: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= 0 && value < 2 ** 31) return value;
  throw badOption(name, text, "a number of seconds, 0 or more");
}

/** Gathers mount options as mount(8) takes them: several in one value, and several values. */
function listOf(text: string, _name: string, before: readonly string[] = []): string[] {
  return [...before, ...text.split(",").filter((option) => option !== "")];
}

/** One row for each option of the library. */
const flags: { readonly [Name in keyof Omit<MountOptions, "arrivals">]-?: Flag<NonNullable<MountOptions[Name]>> } = {
  mode: {
    flag: "--mode <mode>",
    help: "daemon: reads and writes go through the daemon; passthrough: the kernel does them",
    choices: ["auto", "daemon", "passthrough"],
  },
  transport: {
    flag: "--transport <transport>",
    help: "transport of requests: /dev/fuse or io_uring",
    choices: ["auto", "device", "io-uring"],
  },
  content: {
    flag: "--content <content>",
    help: "source: the mirror; zeros: one endless file of zeros",
    choices: ["source", "zeros"],
  },
  workers: {
    flag: "--workers <count>",
    help: "number of serving threads (default: one a core; over /dev/fuse 2 to 8)",
    parse: count,
  },
  queueDepth: {
    flag: "--queue-depth <count>",
    help: "io_uring: requests in flight for each core (default: 64)",
    parse: count,
  },
  cache: {
    flag: "--cache <mode>",
    help: "kernel caches: names and attributes for some seconds, nothing, or everything",
    choices: ["bounded", "none", "full"],
  },
  policy: { flag: "--policy <file>", help: "JavaScript or TypeScript module that decides at each open" },
  cacheSeconds: {
    flag: "--cache-seconds <seconds>",
    help: "lifetime of names and attributes with --cache bounded (default: 1)",
    parse: seconds,
  },
  watch: { flag: "--watch", help: "invalidate kernel caches when another process changes the source (needs root)" },
  writeback: {
    flag: "--writeback",
    help: "daemon mode: keep writes in the page cache for a while; no other process may write to the source",
  },
  maxReadaheadKiB: {
    flag: "--max-readahead <KiB>",
    help: "largest readahead of the kernel through the daemon (above 128: needs root)",
    parse: count,
  },
  daemonReadaheadKiB: {
    flag: "--daemon-readahead <size>",
    help: "let the daemon read ahead instead of the kernel, for instance 128KB (needs -o ro)",
    parse: (text, name) => parseSizeBytes(text, `--${name}`) / 1024,
  },
  maxIoKiB: {
    flag: "--max-io <KiB>",
    help: "largest READ and WRITE request (default: 1024; above: needs fs.fuse.max_pages_limit)",
    parse: count,
  },
  mountOptions: {
    flag: "-o, --option <list>",
    help: "mount options: allow_other,default_permissions,ro,…",
    parse: listOf,
  },
  debug: { flag: "--debug", help: "print a line for each request and each answer" },
};

interface Row {
  readonly name: string;
  readonly option: Option;
}

const rows: readonly Row[] = Object.entries(flags).map(([name, flag]: [string, Flag<unknown>]) => ({
  name,
  option: commanderOption(flag),
}));

function commanderOption({ flag, help, choices, parse }: Flag<unknown>): Option {
  if (choices !== undefined) return choice(flag, help, choices.map(String)).default(choices[0]);
  const option = new Option(flag, help);
  return parse === undefined ? option : option.argParser((text, before) => parse(text, option.name(), before));
}

/** Gives a command every option of a mount. */
export function addMountOptions(command: Command): Command {
  for (const { option } of rows) command.addOption(option);
  return command;
}

/** The library's options by the values that commander has parsed. */
export function mountOptionsOf(values: Readonly<Record<string, unknown>>): MountOptions {
  const given = rows.map(({ name, option }) => [name, values[option.attributeName()]] as const);
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}
