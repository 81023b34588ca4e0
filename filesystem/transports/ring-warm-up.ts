import type { IoUring } from "../../linux/io-uring/io-uring.js";
import { ftruncate, memfdCreate } from "../../linux/libc/files.js";
import { emptyString } from "../../linux/libc/memory.js";
import { ReadIn } from "../protocol/data.js";
import { InHeader } from "../protocol/header.js";
import { Opcode } from "../protocol/opcodes.js";
import { UringHeader } from "../protocol/uring.js";
import type { Context } from "../serving/context.js";
import type { RingEntries } from "./io-uring-entries.js";
import { IN_A_ROW, STREAM_BYTES, type StreamAffinity } from "./stream-affinity.js";
import { pause } from "./warm-up.js";

const ROUNDS = 12_000;
/** Rounds between two pauses: V8 throws compiled code away when a value that it took for constant changes, and compiles it again. */
const PAUSE_ROUNDS = 2000;
const PAUSE_MS = 10;
const FILE_BYTES = 4096;

/** The parts of a ring's server that are run without a kernel's request. */
interface Rehearsed {
  /** While true, answers are submissions that do nothing. */
  answersNowhere: boolean;
  answer(entry: number, result: number): void;
  enter(wanted: number): void;
  serveReady(): void;
}

/**
 * Runs the path of a READ until V8 has compiled it, on a file of its own and with answers that go nowhere: otherwise the first thousands of
 * reads of a mount would run interpreted. Leaves nothing behind: no count, no open file, no placement.
 */
export function warmUpRing(
  server: Rehearsed,
  ring: IoUring,
  entries: RingEntries,
  context: Context,
  affinity: StreamAffinity,
): void {
  const file = memfdCreate(emptyString.address, 0);
  if (file < 0) return;
  ftruncate(file, FILE_BYTES);
  context.openFiles.add(file);
  server.answersNowhere = true;
  server.answer(0, 0);
  for (let round = 0; round < ROUNDS; round++) {
    if (round % PAUSE_ROUNDS === PAUSE_ROUNDS - 1) pause(PAUSE_MS);
    writeRequest(entries, file, round);
    server.enter(1);
    server.serveReady();
  }
  server.enter(1);
  ring.seen(ring.ready);
  server.answersNowhere = false;
  affinity.pin();
  context.openFiles.close(file);
  // Nobody sent those requests.
  context.requests.fill(0);
}

/**
 * Writes the request that entry 0 gets in a round: mostly small READs. Now and then a request of another kind and a stream past the file's
 * end, since V8 compiles code again when it meets a branch that it has not seen. A READ past the end takes two rounds.
 */
function writeRequest(entries: RingEntries, file: number, round: number): void {
  const { words, payloadWords } = entries;
  const part = round % (8 * IN_A_ROW);
  const isLarge = part < 4 * IN_A_ROW;
  const largeBytes = Math.min(STREAM_BYTES, payloadWords * 4);
  words[InHeader.opcode] = part === 6 * IN_A_ROW ? 0 : Opcode.READ;
  words[InHeader.len] = InHeader.bytes;
  words[UringHeader.opIn + ReadIn.fh] = file;
  words[UringHeader.opIn + ReadIn.offset] = isLarge ? round * largeBytes : 0;
  words[UringHeader.opIn + ReadIn.size] = isLarge ? largeBytes : FILE_BYTES;
}
