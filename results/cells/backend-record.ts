import { z } from "zod";

/** The description of one backend, with which a reader can repeat it. */
export const backendRecord = z.object({
  name: z.string(),
  kind: z.enum(["native", "fuse", "passthrough", "command"]),
  /** The command that mounted it; null for native. */
  command: z.string().nullable(),
  /** The reason why it was left out on this host, in one line; null where it ran. */
  unavailable: z.string().nullable(),
  /** The daemon itself decides about readahead; absent where the kernel does. */
  ownsReadahead: z.boolean().optional(),
  /** Descriptors that the daemon kept open after so many opens and closes of a file, one entry per try; absent without a try. */
  descriptorsLeft: z.array(z.object({ opens: z.int().positive(), left: z.int() })).optional(),
});

export type BackendRecord = z.infer<typeof backendRecord>;

/**
 * The part of a backend in a run: the native backend that the others are measured against, the same one under a second name, or
 * one that is compared with it.
 */
export type BackendRole = "reference" | "reference again" | "contender";

/** The properties of a backend that decide how its figures are read. */
export interface BackendTraits {
  readonly kind: BackendRecord["kind"];
  readonly role: BackendRole;
  readonly ownsReadahead: boolean;
}

/** The backend with readahead of its own, in results from before records said so. */
const OWNED_READAHEAD = "daemon-readahead";

/** The traits of a backend by its name. The first native backend is the reference; a name without a record is a user's command. */
export function traitsOf(records: readonly BackendRecord[], name: string): BackendTraits {
  const record = records.find((candidate) => candidate.name === name);
  const kind = record?.kind ?? "command";
  const reference = records.find((candidate) => candidate.kind === "native")?.name;
  const role = name === reference ? "reference" : kind === "native" ? "reference again" : "contender";
  return { kind, role, ownsReadahead: record?.ownsReadahead ?? name === OWNED_READAHEAD };
}

/** A daemon answers the reads. In passthrough the kernel does, and native has no daemon. */
export function isServed({ kind }: Pick<BackendTraits, "kind">): boolean {
  return kind === "fuse" || kind === "command";
}

/** The mount's readahead window rules the reads: a daemon answers them, and leaves readahead to the kernel. */
export function hasMountWindow(traits: Pick<BackendTraits, "kind" | "ownsReadahead">): boolean {
  return isServed(traits) && !traits.ownsReadahead;
}
