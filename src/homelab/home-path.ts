import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** A path of the settings: `~/` is the home, others start from `folder`. */
export function pathFrom(folder: string, path: string): string {
  return path.startsWith("~/") ? join(homedir(), path.slice(2)) : resolve(folder, path);
}
