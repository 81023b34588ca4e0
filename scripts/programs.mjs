// Everyday programs on a mount: `npm run conformance -- --programs REPOSITORY`. Each does its work, checks it by itself, and what it has left
// is then the same through the mount and in the source.
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { needCommands } from "./setup.mjs";

const needed = { git: "git", make: "make", cc: "gcc", sqlite3: "sqlite3", fio: "fio", diff: "diffutils" };

/** Runs a command: what it printed. @throws Error with its last line of error where it fails */
function run(cwd, command, ...words) {
  const { status, stdout, stderr, error } = spawnSync(command, words, { cwd, encoding: "utf8", maxBuffer: 1 << 28 });
  if (status === 0) return stdout.trim();
  const line = stderr?.trim().split("\n").at(-1) ?? error.message;
  throw new Error(`${command} ${words.slice(0, 2).join(" ")}: ${line || `exit ${status}`}`);
}

function must(isTrue, what) {
  if (!isTrue) throw new Error(what);
}

function git(repository, place) {
  run(place, "git", "clone", "-q", "--no-hardlinks", repository, "clone");
  const clone = join(place, "clone");
  const head = run(clone, "git", "rev-parse", "HEAD");
  run(clone, "git", "checkout", "-q", "--detach", run(clone, "git", "rev-list", "--max-parents=0", "HEAD").split("\n")[0]);
  run(clone, "git", "checkout", "-q", head);
  run(clone, "git", "gc", "-q", "--aggressive", "--prune=now");
  run(clone, "git", "fsck", "--strict");
  must(run(clone, "git", "status", "--porcelain") === "", "git status sees changes in a fresh checkout");
  // By content: what git believes of a file by its times is no proof.
  const entries = run(clone, "git", "ls-tree", "-r", "-z", "HEAD").split("\0");
  for (const entry of entries.filter((entry) => entry.startsWith("100"))) {
    const tab = entry.indexOf("\t");
    const name = entry.slice(tab + 1);
    const hash = run(clone, "git", "hash-object", "--no-filters", name);
    must(entry.slice(0, tab).endsWith(hash), `${name} is not what was committed`);
  }
}

const SOURCES = 60;

/** A program of many small files: its last line is the sum of what each returns. */
function make(place) {
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
  run(place, "make", "-j4", "-s");
  must(run(place, join(place, "program")) === String((SOURCES * (SOURCES - 1)) / 2), "the program is not what was compiled");
  must(
    /Nothing to be done|up to date/.test(run(place, "make", "-n", "part0.o")),
    "make would compile again what is younger than its source",
  );
}

const [WRITERS, TRANSACTIONS] = [4, 100];

/** Writers in processes of their own, which lock each other out. */
function sqlite(journal, place) {
  const database = join(place, "database");
  run(place, "sqlite3", database, `PRAGMA journal_mode=${journal}; CREATE TABLE entry (writer, number, text);`);
  const insert = (writer) =>
    Array.from(
      { length: TRANSACTIONS },
      (_, index) => `INSERT INTO entry VALUES (${writer}, ${index}, hex(randomblob(500)));`,
    ).join("\n");
  for (let writer = 0; writer < WRITERS; writer++)
    writeFileSync(join(place, `${writer}.sql`), `.timeout 60000\n${insert(writer)}\n`);
  const all = Array.from({ length: WRITERS }, (_, writer) => `sqlite3 -bail "$0" < ${writer}.sql & p${writer}=$!`).join("\n");
  const wait = Array.from({ length: WRITERS }, (_, writer) => `wait $p${writer} || exit 1`).join("\n");
  run(place, "sh", "-c", `${all}\n${wait}`, database);
  must(run(place, "sqlite3", database, "PRAGMA integrity_check;") === "ok", "the database is damaged");
  const count = run(place, "sqlite3", database, "SELECT count(DISTINCT writer || '/' || number) FROM entry;");
  must(count === String(WRITERS * TRANSACTIONS), `${count} of ${WRITERS * TRANSACTIONS} rows are there`);
}

function fio(place) {
  const words = [
    "--rw=randwrite",
    "--bs=4k",
    "--size=16m",
    "--numjobs=8",
    "--verify=crc32c",
    "--verify_fatal=1",
    "--do_verify=1",
  ];
  run(place, "fio", "--name=verify", `--directory=${place}`, "--thread", "--fallocate=none", ...words);
}

/**
 * Runs them in a directory: how many there were, and those that failed, with why.
 *
 * @param repository a git repository, to be cloned
 * @param source where the same directory is without a mount
 */
export function programs(repository, directory, source) {
  needCommands(needed);
  const all = {
    git: (place) => git(repository, place),
    make,
    "SQLite, WAL": (place) => sqlite("wal", place),
    "SQLite, delete": (place) => sqlite("delete", place),
    "fio --verify": fio,
  };
  const failures = new Set();
  for (const [name, work] of Object.entries(all)) {
    const place = join(directory, "programs");
    mkdirSync(place);
    try {
      work(place);
      if (source !== directory) run(directory, "diff", "-r", "--no-dereference", place, join(source, "programs"));
    } catch (error) {
      failures.add(`${name} (${error.message})`);
    } finally {
      rmSync(place, { recursive: true, force: true });
    }
  }
  return { count: Object.keys(all).length, failures };
}
