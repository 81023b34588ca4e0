import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "..");

const documents = [
  "README.md",
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => join("docs", file)),
];

const textOf = (file: string) => readFileSync(join(root, file), "utf8");

/** The anchor of a heading, as GitHub makes it. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");
}

const anchorsOf = (text: string) => [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading!));

describe.each(documents)("%s", (document) => {
  const text = textOf(document);

  test("links lead to files and headings that exist", () => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)];
    const broken = links.filter(([, path, anchor]) => {
      const file = path === "" ? document : join(dirname(document), path!);
      if (!existsSync(join(root, file))) return true;
      return anchor !== undefined && !anchorsOf(textOf(file)).includes(anchor);
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });

  test("named files of the rooms exist", () => {
    const rooms = "bin|cli|examples|filesystem|lazy|linux|reports|results|runners|scripts|studies|test|workloads";
    const paths = [...text.matchAll(new RegExp(`(?<![\\w/.-])(?:${rooms})/[\\w./-]*\\w`, "g"))].map(([path]) => path);
    // `results/runs` and `results/history.jsonl` are written by commands.
    const missing = paths.filter((path) => !/^results\/(runs|history)/.test(path) && !existsSync(join(root, path)));
    expect(missing).toEqual([]);
  });

  test("named npm scripts exist", () => {
    const { scripts } = JSON.parse(textOf("package.json")) as { scripts: Record<string, string> };
    const named = [...text.matchAll(/`npm run ([\w:-]+)/g)].map(([, script]) => script!);
    expect(named.filter((script) => !(script in scripts))).toEqual([]);
  });

  test("prose is wrapped", () => {
    const isProse = (line: string) => !/^(\||```| {4}|!\[)/.test(line);
    const fenced = text.replace(/```[\s\S]*?```/g, "");
    expect(fenced.split("\n").filter((line) => isProse(line) && line.length > 130)).toEqual([]);
  });
});

test("the README is short, and so are its sentences", () => {
  const text = textOf("README.md");
  expect(text.split("\n").length).toBeLessThan(150);
  const prose = text
    .split("\n")
    .map((line) => (/^(\||#| {4}|!\[)/.test(line) ? "" : line))
    .join("\n");
  const sentences = prose
    .split(/\n\s*\n|\n(?=- )/)
    .flatMap((paragraph) => paragraph.replace(/\s+/g, " ").split(/(?<=[.!?:;]) (?=\S)/));
  expect(sentences.filter((sentence) => sentence.trim().split(" ").length > 30)).toEqual([]);
});
