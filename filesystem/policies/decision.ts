import { Errno } from "../../linux/libc/errno.js";
import { close } from "../../linux/libc/files.js";
import { Open } from "../../linux/libc/flags.js";
import type { Request } from "../protocol/message.js";
import type { Context } from "../serving/context.js";
import { Refusal } from "../serving/node.js";
import type { Decision, Opening, Policy, SourceFile } from "../serving/policy.js";
import { reopen } from "../serving/reopen.js";
import type { Preference } from "../tables/access.js";
import { pathBelowRoot } from "./paths.js";
import { DescriptorFile } from "./source-file.js";

/** The decision about one open: its access, and its view of the file. */
export interface OpenDecision {
  readonly preference: Preference;
  readonly view: number;
}

/** The subject of an open: an existing file, by its O_PATH descriptor, or a name in a directory that is to be made. */
export type Subject = { readonly fd: number } | { readonly directory: number; readonly name: Buffer | null };

/**
 * Asks the policy about an open.
 *
 * @throws Refusal if it denies the open. An exception of the policy, or an unknown answer, ends in EIO: nothing is opened
 */
export function askPolicy(policy: Policy, subject: Subject, flags: number, request: Request, context: Context): OpenDecision {
  const { uid, gid, pid } = request;
  using file = "fd" in subject ? new LateFile(context, subject.fd) : null;
  const pathBytes = pathOf(context, subject);
  const opening: Opening = {
    path: pathBytes?.toString() ?? null,
    pathBytes,
    flags,
    caller: { uid, gid, pid },
    file,
  };
  return openDecisionOf(policy.decideOpen(opening), context);
}

function pathOf(context: Context, subject: Subject): Buffer | null {
  if ("fd" in subject) return pathBelowRoot(context, subject.fd);
  const directory = pathBelowRoot(context, subject.directory);
  if (directory === null || subject.name === null) return directory;
  return directory.length === 0 ? subject.name : Buffer.concat([directory, Buffer.from("/"), subject.name]);
}

function openDecisionOf(decision: Decision, { settings }: Context): OpenDecision {
  if (decision === "daemon") return { preference: settings.pages ? "daemon" : "direct", view: 0 };
  if (decision === "passthrough") {
    return { preference: settings.mode === "passthrough" ? "passthrough" : settings.pages ? "daemon" : "direct", view: 0 };
  }
  if (typeof decision === "object" && "deny" in decision) {
    const errno = Errno[decision.deny];
    if (errno !== undefined) throw new Refusal(errno);
  } else if (typeof decision === "object" && "transform" in decision) {
    const index = settings.policy?.transforms.indexOf(decision.transform) ?? -1;
    if (index >= 0) return { preference: "direct", view: index + 1 };
  }
  throw new TypeError(`the policy answered ${JSON.stringify(decision)}`);
}

/** A file that is opened when the policy looks into it: most decisions need the path alone. */
class LateFile implements SourceFile, Disposable {
  readonly #context: Context;
  readonly #node: number;
  #fd = -1;

  constructor(context: Context, node: number) {
    this.#context = context;
    this.#node = node;
  }

  get sizeBytes(): number {
    return this.#open().sizeBytes;
  }

  get version(): string {
    return this.#open().version;
  }

  read(into: Buffer, offset: number): number {
    return this.#open().read(into, offset);
  }

  #open(): DescriptorFile {
    if (this.#fd < 0) {
      this.#fd = reopen(this.#context, this.#node, Open.RDONLY | Open.NOCTTY);
      if (this.#fd < 0) throw new Refusal(-this.#fd);
    }
    return new DescriptorFile(this.#fd);
  }

  [Symbol.dispose](): void {
    if (this.#fd >= 0) close(this.#fd);
  }
}
