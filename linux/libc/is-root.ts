/** True where this process runs as user 0. */
export function isRoot(): boolean {
  return process.getuid?.() === 0;
}
