// The reader's process: it obeys one line of JSON after the other on descriptor 3, and answers each with one.

import { Group } from "./group.js";
import { answerLines } from "./line.js";
import type { Command } from "./protocol.js";

let group: Group | null = null;

function openGroup(): Group {
  if (group === null) throw new Error("no job is open");
  return group;
}

function obey(command: Command): unknown {
  switch (command.do) {
    case "open":
      group?.close();
      group = new Group(command.job);
      return null;
    case "size":
      return openGroup().size(command.sliceMs);
    case "turns":
      return openGroup().turns(command.turns, command.operations);
    case "prove":
      return openGroup().prove(command.contender, command.operations);
    case "close":
      group?.close();
      group = null;
      return null;
  }
}

answerLines(obey);
process.exit(0);
