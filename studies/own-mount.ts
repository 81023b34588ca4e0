import { type Backend, builtInBackend, serve } from "../runners/backends/index.js";

/** Our filesystem as a backend, with further words for `fusemeter mount`: of an option that comes twice, the later one counts. */
export function ownBackend(words: string): Backend {
  const { command, ...backend } = builtInBackend("fuse");
  return { ...backend, command: command!.replace("{source}", `${words} {source}`) };
}

/** The folders of a mount. */
export interface Folders {
  readonly source: string;
  readonly mountpoint: string;
}

/** Serves a backend until it is disposed of, without counters on the path of its requests but for READ. */
export function serveFolders(backend: Backend, folders: Folders, signal: AbortSignal) {
  return serve(backend, folders, "timed", signal);
}
