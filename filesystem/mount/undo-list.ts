import { close } from "../../linux/libc/files.js";

/**
 * The steps that undo a mount, run in reverse order: by a start that fails, and by the end of the mount. It is shaped like
 * AsyncDisposableStack, which Node 20 does not have.
 */
export class UndoList {
  readonly #steps: (() => void | Promise<void>)[] = [];

  add(undo: () => void | Promise<void>): void {
    this.#steps.push(undo);
  }

  /** Closes a descriptor at the end: that descriptor. */
  keep(fd: number): number {
    this.add(() => void close(fd));
    return fd;
  }

  /** Runs every step once, the last added first. Rejects with the first error, after all steps. */
  async run(): Promise<void> {
    const errors: unknown[] = [];
    for (let undo = this.#steps.pop(); undo !== undefined; undo = this.#steps.pop()) {
      try {
        await undo();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }
}
