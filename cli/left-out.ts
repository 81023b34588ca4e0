/** Says on standard error which forms of a report this host can't make; all others were written. */
export function sayLeftOut({ leftOut }: { readonly leftOut: readonly string[] }): void {
  for (const line of leftOut) console.error(`left out: ${line}`);
}
