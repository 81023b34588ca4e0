import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");

/** npm's own words stay out of the test's output; what it says on failure is in the error. */
function npm(...words: string[]): void {
  execFileSync("npm", words, { cwd: root, stdio: "pipe" });
}

/** The package as a user has it: packed from the compiled program, and installed into a folder with nothing else. */
export interface InstalledPackage extends Disposable {
  /** The folder of the user's project. */
  readonly project: string;
  /** The package's own folder, below `project`. */
  readonly directory: string;
}

/** Packs and installs with install scripts off. What npm has in its cache is not fetched again. */
export function installPackage(): InstalledPackage {
  const folder = mkdtempSync(join(tmpdir(), "fusemeter-package-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    const project = join(folder, "project");
    mkdirSync(project);
    npm("pack", "--ignore-scripts", "--pack-destination", folder);
    const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz"))!;
    npm("install", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund", "--prefix", project, join(folder, tarball));
    return { project, directory: join(project, "node_modules/fusemeter"), [Symbol.dispose]: remove };
  } catch (error) {
    remove();
    throw error;
  }
}
