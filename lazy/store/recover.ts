import type { FileEntry, Manifest } from "../manifest/index.js";
import { hasContent } from "./content.js";
import { JOURNAL } from "./directory.js";
import { createJournal, Journal } from "./journal.js";
import type { JournalHead } from "./journal-records.js";

/** A journal, and the chunks that are in their files beyond doubt. */
export interface Recovered {
  readonly journal: Journal;
  readonly arrived: readonly number[];
}

/**
 * Opens a journal after any end of the process before. Arrivals that were not synchronized count only if their content has the right
 * digest: after a SIGKILL it has, after a power failure it may not.
 *
 * @param directory of the store
 * @param tree a descriptor of the tree's directory
 */
export async function recover(directory: number, tree: number, manifest: Manifest, head: JournalHead): Promise<Recovered> {
  const journal = new Journal(directory, JOURNAL, head);
  const { arrived, synchronized } = journal.history;
  const certain = arrived.slice(0, synchronized);
  const doubtful = arrived.slice(synchronized);
  if (doubtful.length === 0) return { journal, arrived: certain };
  const fileOf = filesOf(manifest);
  const kept: number[] = [];
  for (const number of doubtful) {
    if (await hasContent(tree, fileOf[number]!, manifest.chunks[number]!)) kept.push(number);
  }
  if (kept.length === doubtful.length) return { journal, arrived };
  journal.close();
  createJournal(directory, JOURNAL, head, certain);
  const renewed = new Journal(directory, JOURNAL, head);
  for (const number of kept) renewed.addArrival(number);
  return { journal: renewed, arrived: [...certain, ...kept] };
}

/** The file of each chunk. */
function filesOf({ entries }: Manifest): FileEntry[] {
  const files: FileEntry[] = [];
  for (const entry of entries) if (entry.type === "file") for (const { number } of entry.chunks) files[number] = entry;
  return files;
}
