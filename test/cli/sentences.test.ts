import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { program } from "../machine.js";

const MOST_WORDS = 30;

const segmenter = new Intl.Segmenter("en", { granularity: "sentence" });

/** The sentences of a text that have too many words. */
function tooLong(text: string): string[] {
  const sentences = [...segmenter.segment(text.replace(/\s+/g, " "))].map(({ segment }) => segment.trim());
  return sentences.filter((sentence) => sentence.split(" ").length > MOST_WORDS);
}

/** The texts of a help: its paragraphs, and the description of each option, argument and command. Examples are no prose. */
function textsOf(help: string): string[] {
  const [prose] = help.split(/^Examples?:$/m);
  return prose!.split(/\n(?=\n| {2}\S)|\n\n/).map((entry) => entry.replace(/^\s*\S.*? {2,}(?=\S)/, ""));
}

/** The paragraphs and list items of a Markdown page. Code, tables and pictures are no prose; code in a line is one word. */
function paragraphsOf(markdown: string): string[] {
  const prose = markdown
    .replace(/^```.*?^```/gms, "")
    .replace(/^(\||!\[|#).*$/gm, "")
    .replace(/`[^`]+`/g, "Code");
  return prose.split(/\n\s*\n|\n(?=\s*(?:[-*]|\d+\.) )/);
}

const help = async (...words: string[]) => (await execa(process.execPath, [program, ...words, "--help"])).stdout;

test("a sentence over 30 words is found, in a paragraph and in an option", () => {
  const long = `Tells ${"a word ".repeat(MOST_WORDS / 2)}again.`;
  expect(tooLong(`Short. ${long} Short.`)).toEqual([long]);
  const wrapped = `Usage: x\n\nShort.\n\nOptions:\n  --a <b>  ${"word ".repeat(20)}\n           ${"word ".repeat(20)}\n  --c      short\n`;
  expect(textsOf(wrapped).flatMap(tooLong)).toHaveLength(1);
  expect(paragraphsOf(`# Title\n\n${long}\n\n- short\n- ${long}\n\n\`\`\`\n${long}\n\`\`\``).flatMap(tooLong)).toHaveLength(2);
});

test("no sentence of any help has more than 30 words", async () => {
  const overview = await help();
  const commands = [...overview.split("Commands:")[1]!.matchAll(/^ {2}(\w+)/gm)].map(([, name]) => name!);
  expect(commands).toEqual(expect.arrayContaining(["run", "gate", "mount"]));
  const pages = [overview];
  for (const name of commands.filter((command) => command !== "help")) pages.push(await help(name));
  expect(pages.flatMap(textsOf).flatMap(tooLong)).toEqual([]);
});

test("no sentence of the README has more than 30 words", () => {
  const readme = readFileSync(join(import.meta.dirname, "../../README.md"), "utf8");
  expect(paragraphsOf(readme).flatMap(tooLong)).toEqual([]);
});
