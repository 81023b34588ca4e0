import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createCanvas, loadImage } from "@napi-rs/canvas";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeRun } from "../../results/index.js";
import { usualRun } from "../reports/usual-run.js";
import { consumerProgram, consumerSettings } from "./consumer.js";
import { type InstalledPackage, installPackage } from "./installed-package.js";
import { danglingImports, linkedPaths, ownFiles } from "./package-files.js";

const root = join(import.meta.dirname, "../..");
const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  dependencies: Readonly<Record<string, string>>;
};

let installed: InstalledPackage;
beforeAll(() => {
  installed = installPackage();
});
afterAll(() => installed?.[Symbol.dispose]());

/** Runs the command that npm linked into the user's project, as npx does. */
function fusemeter(...words: string[]) {
  return spawnSync(join(installed.project, "node_modules/.bin/fusemeter"), words, { cwd: installed.project, encoding: "utf8" });
}

/** The colours of a picture, as 32-bit pixels. */
async function coloursOf(path: string): Promise<Set<number>> {
  const image = await loadImage(path);
  const context = createCanvas(image.width, image.height).getContext("2d");
  context.drawImage(image, 0, 0);
  return new Set(new Uint32Array(context.getImageData(0, 0, image.width, image.height).data.buffer));
}

describe("the command", () => {
  test("--help names every command", () => {
    const { status, stdout } = fusemeter("--help");
    expect(status).toBe(0);
    for (const command of ["run", "report", "gate", "mount", "doctor"]) expect(stdout).toMatch(new RegExp(`^  ${command} `, "m"));
  });

  test("doctor checks the host", () => {
    const { status, stdout } = fusemeter("doctor", "--json");
    expect([0, 3]).toContain(status);
    expect((JSON.parse(stdout) as unknown[]).length).toBeGreaterThan(5);
  });

  test("report writes the page and charts that are drawn", async () => {
    const result = join(installed.project, "result");
    mkdirSync(result);
    await writeRun(result, usualRun());
    const { status, stderr } = fusemeter("report", result);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(readFileSync(join(result, "report.html"), "utf8")).toContain("<canvas");
    const markdown = readFileSync(join(result, "report.md"), "utf8");
    const charts = linkedPaths(markdown).filter((path) => path.endsWith(".png"));
    expect(charts.length).toBeGreaterThan(5);
    for (const chart of charts) {
      expect((await coloursOf(join(result, chart))).size).toBeGreaterThan(10);
    }
  });
});

describe("the library", () => {
  const program = `
    import { FusemeterError, mount, readStatus } from "fusemeter/filesystem";
    import * as fio from "fusemeter/fio";
    const ofMount = await mount("/no/such/source", "/no/such/mountpoint").catch((error) => error);
    const ofStatus = await (async () => readStatus("/proc"))().catch((error) => error);
    let ofFio;
    try { fio.renderJob({ filenames: ["a\\nb"] }); } catch (error) { ofFio = error; }
    const errors = [ofMount, ofStatus, ofFio];
    console.log(JSON.stringify({
      sameClass: fio.FusemeterError === FusemeterError,
      ours: errors.map((error) => error instanceof FusemeterError),
      codes: errors.map(({ code }) => code),
    }));`;

  test("is imported by its names, and its errors are of one class", () => {
    const printed = execFileSync(process.execPath, ["--input-type=module", "--eval", program], {
      cwd: installed.project,
      encoding: "utf8",
    });
    expect(JSON.parse(printed)).toEqual({
      sameClass: true,
      ours: [true, true, true],
      codes: [expect.stringMatching(/^[A-Z_]+$/), expect.stringMatching(/^[A-Z_]+$/), "FIO_FILENAME"],
    });
  });

  test("has types that a strict TypeScript program compiles against", () => {
    const folder = join(installed.project, "consumer");
    // TypeScript and Node's types are the user's own: those of this repository.
    mkdirSync(join(folder, "node_modules/@types"), { recursive: true });
    writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(consumerSettings));
    writeFileSync(join(folder, "consumer.ts"), consumerProgram);
    symlinkSync(join(root, "node_modules/@types/node"), join(folder, "node_modules/@types/node"));
    const { status, stdout } = spawnSync(join(root, "node_modules/.bin/tsc"), ["-p", folder], { encoding: "utf8" });
    expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
  });
});

describe("the files", () => {
  test("are the program, its documents and the published figures, without anything of development", () => {
    const files = ownFiles(installed.directory);
    const top = new Set(files.map((file) => file.split("/")[0]));
    expect([...top].sort()).toEqual(["LICENSE", "README.md", "bin", "dist", "docs", "package.json", "results"]);
    const rooms = new Set(files.filter((file) => /^dist\/.*\//.test(file)).map((file) => file.split("/")[1]));
    for (const room of ["bench", "examples", "studies", "scripts", "test", "shims"]) expect(rooms).not.toContain(room);
    expect(files.filter((file) => /\.map$|tsbuildinfo|(?<!\.d)\.ts$/.test(file))).toEqual([]);
    for (const file of files.filter((name) => name.endsWith(".js")))
      expect(readFileSync(join(installed.directory, file), "utf8")).not.toMatch(/^\/\/# sourceMappingURL=/m);
  });

  test("import only files of the package and its dependencies", () => {
    const compiled = ownFiles(installed.directory).filter((file) => file.endsWith(".js"));
    const dangling = compiled.flatMap((file) =>
      danglingImports(installed.directory, file, Object.keys(dependencies)).map((specifier) => `${file}: ${specifier}`),
    );
    expect(dangling).toEqual([]);
  });

  test("hold every path that their documents link to", () => {
    const documents = ownFiles(installed.directory).filter((file) => file.endsWith(".md"));
    expect(documents).toContain("README.md");
    const broken = documents.flatMap((document) =>
      linkedPaths(readFileSync(join(installed.directory, document), "utf8"))
        .filter((path) => !existsSync(join(installed.directory, dirname(document), path)))
        .map((path) => `${document}: ${path}`),
    );
    expect(broken).toEqual([]);
  });

  test("bring no install script but koffi's, which builds where no binary is packed for the platform", () => {
    const lock = JSON.parse(readFileSync(join(installed.project, "package-lock.json"), "utf8")) as {
      packages: Readonly<Record<string, { readonly hasInstallScript?: boolean }>>;
    };
    const packages = Object.entries(lock.packages);
    expect(packages.length).toBeGreaterThan(Object.keys(dependencies).length);
    expect(packages.filter(([, { hasInstallScript }]) => hasInstallScript === true).map(([path]) => path)).toEqual([
      "node_modules/koffi",
    ]);
  });
});
