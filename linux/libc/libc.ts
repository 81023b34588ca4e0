import koffi from "koffi";

try {
  // koffi (3.3.4) never frees the memory that it allocates for a thread, 3 MiB of address space by default: each
  // worker of each mount would cost that. These calls need little of it.
  koffi.config({ sync_stack_size: 128 << 10, sync_heap_size: 64 << 10 });
} catch {
  // A program that has used koffi in this thread before keeps its own sizes.
}

// The process's own symbols: glibc or musl, whichever Node runs on.
const libc = koffi.load(null);

/**
 * The arguments of a bound function: integers (a bigint only where a number is not exact), and memory, either as a typed array
 * (`void *`), which stays reachable during the call, or by its address (`uintptr_t`, see `Memory`), which the caller keeps valid.
 */
type Argument = number | bigint | Uint8Array | Int32Array | Uint32Array | BigUint64Array | null;

/** A bound C function. Its result is what C returned, or `-errno` where C returned -1. Only for functions that report errors so. */
export type SystemCall = (...args: readonly Argument[]) => number;

/** An address in this process. Below 2^47 on every Linux that Node runs on, so a number holds it. */
export type Address = number;

/**
 * Binds one C function by its prototype and folds errno into the result: `-errno` instead of -1, as inside the kernel.
 * Hot paths pass the address of long-lived memory and declare the parameter as `uintptr_t`, the cheapest that koffi has. Cold paths
 * declare `void *` and pass the bytes.
 *
 * @param prototype in C, with the LP64 names that koffi knows (`long`, not `ssize_t`)
 * @throws if the C library has no such function
 */
export function bind(prototype: string): SystemCall {
  const raw = libc.func(prototype) as SystemCall;
  const arity = prototype.split(",").length;
  // A fixed arity compiles to a plain call; rest parameters would allocate an array a call.
  if (arity <= 3) {
    return (a, b, c) => {
      const result = raw(a!, b!, c!);
      return result === -1 ? -koffi.errno() : result;
    };
  }
  if (arity <= 4) {
    return (a, b, c, d) => {
      const result = raw(a!, b!, c!, d!);
      return result === -1 ? -koffi.errno() : result;
    };
  }
  return (a, b, c, d, e, f, g) => {
    const result = raw(a!, b!, c!, d!, e!, f!, g!);
    return result === -1 ? -koffi.errno() : result;
  };
}

/**
 * Binds a C function of one number that may take long: it runs in a thread of koffi's own. The promise has C's result; errno is lost on the
 * way.
 */
export function bindSlow(prototype: string): (argument: number) => Promise<number> {
  const raw = libc.func(prototype);
  return (argument) =>
    new Promise((resolve, reject) =>
      raw.async(argument, (error: Error | null, result: number) => (error === null ? resolve(result) : reject(error))),
    );
}
