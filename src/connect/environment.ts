import { homedir } from "node:os";

// The one place where the connections read the environment of the caller.

/** The caller's variables whose names match. */
export function callerEnvironment(wanted: (name: string) => boolean): Record<string, string> {
  const found = Object.entries(process.env).filter(([name, value]) => value !== undefined && wanted(name));
  return Object.fromEntries(found) as Record<string, string>;
}

/** The caller's home, as `HOME` says. */
export function callerHome(): string {
  return homedir();
}
