import { readFileSync, realpathSync } from "node:fs";
import { extname } from "node:path";
import { pathToFileURL } from "node:url";
import { FusemeterError, messageOf } from "../../errors.js";
import type { Policy, PolicySource } from "../serving/policy.js";
import { MOST_VIEWS } from "../tables/views.js";

/** Loads a module by its URL. */
export async function importPolicy(url: string): Promise<Policy> {
  return (await import(url)) as Policy;
}

/**
 * Finds a policy module and tries to load it.
 *
 * @throws FusemeterError where there is none, it can't be loaded, or it is not a policy
 */
export async function preparePolicy(file: string): Promise<PolicySource> {
  const path = resolve(file);
  const url = /^\.[mc]?ts$/.test(extname(path)) ? await urlOfTypeScript(path) : pathToFileURL(path).href;
  let policy: Partial<Policy>;
  try {
    policy = await importPolicy(url);
  } catch (cause) {
    throw bad(`the policy ${file} can't be loaded (${messageOf(cause)})`, cause);
  }
  if (typeof policy.decideOpen !== "function") throw bad(`the policy ${file} exports no function decideOpen`);
  const transforms = Object.entries(policy.transforms ?? {});
  const broken = transforms.find(([, transform]) => typeof transform !== "function");
  if (broken !== undefined) throw bad(`the transform ${broken[0]} of the policy ${file} is not a function`);
  if (transforms.length >= MOST_VIEWS) throw bad(`the policy ${file} has more than ${MOST_VIEWS - 1} transforms`);
  return { url, transforms: transforms.map(([name]) => name) };
}

function resolve(file: string): string {
  try {
    return realpathSync(file);
  } catch (cause) {
    throw bad(`the policy ${file} can't be found`, cause);
  }
}

function bad(problem: string, cause?: unknown): FusemeterError {
  return new FusemeterError({
    code: "BAD_POLICY",
    exitCode: 2,
    problem,
    remedy: "name a JavaScript or TypeScript module that exports decideOpen(opening)",
    cause,
  });
}

/**
 * Node runs TypeScript by itself from 22.18 on. Before, the types are taken out by esbuild, which is there where the development
 * tools are; such a module can import Node's own modules and types, but no other file.
 */
async function urlOfTypeScript(path: string): Promise<string> {
  if ("typescript" in process.features && process.features.typescript) return pathToFileURL(path).href;
  try {
    const { transformWithEsbuild } = await import("vite");
    const { code } = await transformWithEsbuild(readFileSync(path, "utf8"), path, { sourcemap: false, target: "es2022" });
    return `data:text/javascript;base64,${Buffer.from(code).toString("base64")}`;
  } catch (cause) {
    const missing = cause instanceof Error && "code" in cause && cause.code === "ERR_MODULE_NOT_FOUND";
    if (!missing) throw bad(`the policy ${path} can't be read as TypeScript (${String(cause)})`, cause);
    throw new FusemeterError({
      code: "POLICY_IS_TYPESCRIPT",
      exitCode: 2,
      problem: `Node ${process.versions.node} does not run TypeScript by itself`,
      remedy: "use Node 22.18 or later, or compile the policy first and name the .js file",
      cause,
    });
  }
}
