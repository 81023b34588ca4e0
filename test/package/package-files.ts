import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join } from "node:path";

/** All files of a package but its bundled dependencies', relative to its directory. */
export function ownFiles(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((file) => !file.startsWith("node_modules") && statSync(join(directory, file)).isFile())
    .sort();
}

/** A static import, an export from, an import() of a literal, or the URL of a worker. */
const SPECIFIERS = /(?:\bfrom\s*|\bimport\s*\(?\s*|\bnew URL\(\s*)"([^"\s]+)"/g;

/** Imports of a compiled file that an installed package can't resolve: a file that isn't there, a package that isn't a dependency. */
export function danglingImports(directory: string, file: string, dependencies: readonly string[]): string[] {
  const text = readFileSync(join(directory, file), "utf8").replaceAll(/^\s*(?:\/\/|\*|\/\*).*$/gm, "");
  const specifiers = [...text.matchAll(SPECIFIERS)].map(([, specifier]) => specifier!);
  return specifiers.filter((specifier) => {
    if (/^\.{1,2}\//.test(specifier)) return !existsSync(join(directory, dirname(file), specifier));
    const name = specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
    return !isBuiltin(specifier) && !dependencies.includes(name);
  });
}

/** Targets of a Markdown file's links and pictures that are paths. */
export function linkedPaths(markdown: string): string[] {
  const targets = [...markdown.matchAll(/\]\(([^)\s#]+)[^)]*\)/g)].map(([, target]) => target!);
  return targets.filter((target) => !/^[a-z]+:/.test(target));
}
