import type { Entry, FileEntry, Pack, PackPlace, SourceKind } from "./types.js";

/** A chunk before it has a number. */
export interface DraftChunk {
  readonly size: number;
  readonly sha256: string;
  /** Null: in the file of the same path. */
  readonly place: PackPlace | null;
}

export interface DraftFile extends Omit<FileEntry, "chunks"> {
  /** In the order of the file, without gaps. */
  readonly chunks: readonly DraftChunk[];
}

export type DraftEntry = Exclude<Entry, FileEntry> | DraftFile;

/** A manifest as its source tells it: nothing in it is checked. */
export interface Draft {
  readonly kind: SourceKind;
  readonly packs: readonly Pack[];
  readonly entries: readonly DraftEntry[];
  readonly prefetch: readonly string[];
}
