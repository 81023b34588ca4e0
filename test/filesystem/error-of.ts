/** The code of the error that something throws, or "none". */
export function errorOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
  return "none";
}
