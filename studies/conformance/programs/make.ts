import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { must, run } from "./run.js";

const SOURCES = 60;

/** Compiles a program of many small files, whose output is the sum of their numbers, and asks make whether it is up to date. */
export async function make(place: string): Promise<void> {
  const names = Array.from({ length: SOURCES }, (_, index) => `part${index}`);
  writeFileSync(join(place, "parts.h"), names.map((name) => `int ${name}(void);\n`).join(""));
  for (const [index, name] of names.entries()) {
    writeFileSync(join(place, `${name}.c`), `#include <stdio.h>\n#include "parts.h"\nint ${name}(void) { return ${index}; }\n`);
  }
  const sum = names.map((name) => `${name}()`).join(" + ");
  const main = `#include <stdio.h>\n#include "parts.h"\nint main(void) { printf("%d\\n", ${sum}); return 0; }\n`;
  writeFileSync(join(place, "main.c"), main);
  const objects = [...names, "main"].map((name) => `${name}.o`).join(" ");
  writeFileSync(join(place, "Makefile"), `all: ${objects}\n\tcc -o program ${objects}\n%.o: %.c parts.h\n\tcc -O1 -c $<\n`);
  await run(place, "make", "-j4", "-s");
  const printed = await run(place, join(place, "program"));
  must(printed === String((SOURCES * (SOURCES - 1)) / 2), "the program prints another sum than its sources have");
  const dryRun = await run(place, "make", "-n", "part0.o");
  must(/Nothing to be done|up to date/.test(dryRun), "make would compile a file that is younger than its source");
}
