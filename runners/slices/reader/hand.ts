// One thread of a crew. It opens its lanes, then obeys the board's commands.
import { workerData } from "node:worker_threads";
import { Memory } from "../../../linux/libc/memory.js";
import { BoardCommand, finish, nextCommand } from "./board.js";
import type { HandSetting } from "./crew.js";
import { Lane } from "./lane.js";
import { LATENCY_CLASSES } from "./latencies.js";

const { job, board, reader, opened, most } = workerData as HandSetting;
const memory = new Memory(job.ioSizeBytes);

const lanes = job.contenders.map((contender, index) => {
  const lane = Lane.open(job, contender, reader, memory);
  if (typeof lane !== "number") return lane;
  Atomics.store(opened, index, lane);
  return null;
});
const passes = lanes.flatMap((lane) => lane?.most ?? []);
Atomics.store(most, reader, passes.length === 0 ? 0 : Math.min(...passes));

const nowNs = () => Number(process.hrtime.bigint());

function burst(lane: Lane, contender: number, operations: number): number {
  board.times[2 * reader] = nowNs();
  const ns = lane.burst(operations);
  board.times[2 * reader + 1] = nowNs();
  if (ns < 0) return ns;
  const { counts } = lane.latencies;
  for (let index = 0; index < LATENCY_CLASSES; index++) {
    if (counts[index] !== 0) Atomics.add(board.latencies, contender * LATENCY_CLASSES + index, counts[index]!);
  }
  lane.latencies.clear();
  board.quarters.set(lane.quartersNs, 2 * (reader * job.contenders.length + contender));
  return 0;
}

function obey(kind: BoardCommand, contender: number, operations: number): number {
  const lane = lanes[contender];
  if (kind === BoardCommand.clear) for (const one of lanes) one?.clear();
  if (kind === BoardCommand.close) for (const one of lanes) one?.close();
  if (lane === null || lane === undefined) return 0;
  if (kind === BoardCommand.begin) return lane.begin(operations) ? 1 : 0;
  if (kind === BoardCommand.lead) return lane.lead(operations);
  if (kind === BoardCommand.burst) return burst(lane, contender, operations);
  if (kind === BoardCommand.forget) lane.forget();
  return 0;
}

finish(board);
for (let seen = 0, isOpen = true; isOpen; ) {
  const { sequence, kind, contender, operations } = nextCommand(board, seen);
  seen = sequence;
  board.results[reader] = obey(kind, contender, operations);
  isOpen = kind !== BoardCommand.close;
  finish(board);
}
