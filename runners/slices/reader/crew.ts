import { Worker } from "node:worker_threads";
import { type Board, BoardCommand, command, expectAll, makeBoard, untilFinished } from "./board.js";
import { LATENCY_CLASSES, Latencies } from "./latencies.js";
import type { SliceJob } from "./protocol.js";
import { failureOf, type Team } from "./team.js";

/** The setting of one thread of a crew. */
export interface HandSetting {
  readonly job: SliceJob;
  readonly board: Board;
  /** The number of the thread, from 0. */
  readonly reader: number;
  /** The first error of an open by contender, of any thread. */
  readonly opened: Int32Array;
  /** The most operations of one pass, by thread. */
  readonly most: Int32Array;
}

/** Several readers, a thread each. All of them work on one slice at once. */
export function openCrew(job: SliceJob): Team {
  const { readers, contenders } = job;
  const board = makeBoard(readers, contenders.length);
  const opened = new Int32Array(new SharedArrayBuffer(4 * contenders.length));
  const most = new Int32Array(new SharedArrayBuffer(4 * readers));
  expectAll(board);
  for (let reader = 0; reader < readers; reader++) {
    const workerData: HandSetting = { job, board, reader, opened, most };
    new Worker(new URL("./hand.js", import.meta.url), { workerData }).unref();
  }
  untilFinished(board);
  const each = (operations: number) => Math.ceil(operations / readers);
  const tell = (kind: BoardCommand, contender = 0, operations = 0) => {
    command(board, kind, contender, operations);
    return board.results.find((result) => result !== 0) ?? 0;
  };
  return {
    failures: [...opened].map((result) => (result === 0 ? null : `open: ${failureOf(result)}`)),
    most: Math.min(...most) * readers,
    begin: (contender, operations) => tell(BoardCommand.begin, contender, each(operations)) > 0,
    lead: (contender, operations) => tell(BoardCommand.lead, contender, each(operations)),
    burst(contender, operations) {
      const result = tell(BoardCommand.burst, contender, each(operations));
      if (result < 0) return result;
      const times = [...board.times];
      return Math.max(...times.filter((_, index) => index % 2 === 1)) - Math.min(...times.filter((_, index) => index % 2 === 0));
    },
    latencies: (contender) =>
      new Latencies(board.latencies.slice(contender * LATENCY_CLASSES, (contender + 1) * LATENCY_CLASSES)),
    quartersNs(contender) {
      const sum = (part: number) =>
        board.quarters.reduce(
          (total, ns, index) =>
            index % 2 === part && Math.floor(index / 2) % contenders.length === contender ? total + ns : total,
          0,
        );
      return [sum(0), sum(1)];
    },
    clear() {
      tell(BoardCommand.clear);
      board.latencies.fill(0);
      board.quarters.fill(0);
    },
    forget: (contender) => void tell(BoardCommand.forget, contender),
    close: () => void tell(BoardCommand.close),
  };
}
