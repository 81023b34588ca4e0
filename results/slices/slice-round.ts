import { z } from "zod";
import { placement } from "./placement.js";

/** A time in ns, or null for a slice that was not taken. */
const ns = z.number().nonnegative().nullable();

const frame = {
  /** The round, from 0. Cells with the same round and placement took turns, if they do the same operations. */
  round: z.int().nonnegative(),
  /** The place of the mount in the round's random order, from 0. */
  mountOrder: z.int().nonnegative(),
  startedAt: z.iso.datetime(),
};

/** The slices of one cell in one round. Index t of each array is turn t of the round, for every cell that took part. */
const taken = z.object({
  ...frame,
  ok: z.literal(true),
  /** Timed operations of one slice. */
  operations: z.int().positive(),
  /** Wall time of one operation: the time of a slice by its operations. The reader's own cost is out. */
  nsPerOperation: z.array(ns),
  /** CPU time of one operation, of reader and daemon together; null where the daemon's is not known. */
  cpuNsPerOperation: z.array(ns).nullable(),
  /** The reader's own cost of one operation, which is out of the times above. */
  ownNsPerOperation: z.number().nonnegative(),
  /** Latencies of single operations, over all slices of the round; the reader's own cost is in them. */
  latencyNs: z.object({ p50: z.number(), p99: z.number() }),
  /** READ requests of one operation, counted in turns that are not timed; null where they can't be counted. */
  readsPerOperation: z.number().nonnegative().nullable(),
});

/** A round that failed for this cell. The other cells of the round keep theirs. */
const failed = z.object({ ...frame, ok: z.literal(false), failure: z.string() });

const sliceRound = z.discriminatedUnion("ok", [taken, failed]);
export type SliceRound = z.infer<typeof sliceRound>;
export type TakenRound = z.infer<typeof taken>;

/** The slices of one cell in one placement, round by round. */
export const placedSlices = z.object({ placement, rounds: z.array(sliceRound) });
export type PlacedSlices = z.infer<typeof placedSlices>;
