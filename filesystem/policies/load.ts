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
 * Finds a policy module and loads it once to check its exports.
 *
 * @throws FusemeterError `BAD_POLICY`: the file is missing, can't be loaded, or is not a policy
 */
export async function preparePolicy(file: string): Promise<PolicySource> {
  const path = resolve(file);
  const url = /^\.[mc]?ts$/.test(extname(path)) ? await urlOfTypeScript(path) : pathToFileURL(path).href;
  let policy: Partial<Policy>;
  try {
    policy = await importPolicy(url);
  } catch (cause) {
    throw bad(`the policy ${file} can't be loaded`, { reason: messageOf(cause), cause });
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
    throw bad(`the policy ${file} can't be found`, { cause });
  }
}

function bad(problem: string, more: { reason?: string; cause?: unknown } = {}): FusemeterError {
  return new FusemeterError({
    code: "BAD_POLICY",
    fault: "use",
    problem,
    remedy: "name a JavaScript or TypeScript module that exports decideOpen(opening)",
    ...more,
  });
}

/**
 * A URL that Node can import. From 22.18 on Node strips the types itself. Older ones get the module without its types, stripped by the
 * same engine, as a data: URL: such a module can import Node's own modules and types, but no other file.
 */
async function urlOfTypeScript(path: string): Promise<string> {
  if ("typescript" in process.features && process.features.typescript) return pathToFileURL(path).href;
  // Loaded here because its 3.6 MB of WebAssembly are needed by no other mount.
  const { transformSync } = await import("@swc/wasm-typescript");
  const source = readFileSync(path, "utf8");
  try {
    const { code } = transformSync(source, { mode: "strip-only", filename: path });
    return `data:text/javascript;base64,${Buffer.from(code).toString("base64")}`;
  } catch (cause) {
    throw bad(`the types of the policy ${path} can't be stripped`, { reason: syntaxError(cause), cause });
  }
}

/** The engine throws plain objects, not errors. */
function syntaxError(thrown: unknown): string {
  if (typeof thrown !== "object" || thrown === null || !("message" in thrown)) return messageOf(thrown);
  const line = "startLine" in thrown ? `line ${thrown.startLine}: ` : "";
  return `${line}${thrown.message}`;
}
