// The reader's process. It obeys commands, one line of JSON each, on descriptor 3, and answers each with one line.
import { Group } from "./group.js";
import { answerLines } from "./line.js";
import type { Command } from "./protocol.js";

let group: Group | null = null;

function openGroup(): Group {
  if (group === null) throw new Error("no job is open");
  return group;
}

/** Closes the files of a job, once: another file may get their numbers. */
function closeGroup(): void {
  const open = group;
  group = null;
  open?.close();
}

function obey(command: Command): unknown {
  switch (command.do) {
    case "open":
      closeGroup();
      group = new Group(command.job);
      return null;
    case "size":
      return openGroup().size(command.sliceMs);
    case "turns":
      return openGroup().turns(command.turns, command.operations);
    case "prove":
      return openGroup().prove(command.contender, command.operations);
    case "close":
      closeGroup();
      return null;
  }
}

answerLines(obey);
process.exit(0);
