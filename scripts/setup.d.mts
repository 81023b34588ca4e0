/** Installs Debian packages for commands that are missing. Ends the process where it may not. */
export function needCommands(packageOf: Readonly<Record<string, string>>): void;
