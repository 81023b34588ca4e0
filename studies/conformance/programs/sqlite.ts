import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { must, run } from "./run.js";

const [WRITERS, TRANSACTIONS] = [4, 100];

/** Writers in processes of their own insert into one database, and lock each other out. */
export async function sqlite(journal: "wal" | "delete", place: string): Promise<void> {
  const database = join(place, "database");
  await run(place, "sqlite3", database, `PRAGMA journal_mode=${journal}; CREATE TABLE entry (writer, number, text);`);
  const writers = Array.from({ length: WRITERS }, (_, writer) => writer);
  for (const writer of writers) {
    const inserts = Array.from(
      { length: TRANSACTIONS },
      (_, index) => `INSERT INTO entry VALUES (${writer}, ${index}, hex(randomblob(500)));\n`,
    );
    writeFileSync(join(place, `${writer}.sql`), `.timeout 60000\n${inserts.join("")}`);
  }
  const all = writers.map((writer) => `sqlite3 -bail "$0" < ${writer}.sql & p${writer}=$!`).join("\n");
  const wait = writers.map((writer) => `wait $p${writer} || exit 1`).join("\n");
  await run(place, "sh", "-c", `${all}\n${wait}`, database);
  must((await run(place, "sqlite3", database, "PRAGMA integrity_check;")) === "ok", "the database is damaged");
  const count = await run(place, "sqlite3", database, "SELECT count(DISTINCT writer || '/' || number) FROM entry;");
  must(count === String(WRITERS * TRANSACTIONS), `${count} of ${WRITERS * TRANSACTIONS} rows are there`);
}
