import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { writeFileAtomic } from "../connect/files.ts";
import type { Configuration } from "./configuration.ts";

/** `health` or `drift` of an environment, or `unmanaged` of the cluster. */
export type ResultKind = "health" | "drift" | "unmanaged";

/**
 * The last results, one JSON file each, from which metrics and reports are rendered: a run for one environment
 * keeps what an earlier run found for the others.
 */
export interface Results {
  save(kind: ResultKind, name: string, result: object): void;
  /** Last results of a kind by name; those of names that are not in `keep` are removed for good. */
  load<T>(kind: ResultKind, keep: readonly string[]): T[];
}

/** Two checkouts may share a state directory: each configuration has a folder of its own in it. */
export function openResults(
  stateDirectory: string,
  { file, folder: home }: Pick<Configuration, "file" | "folder">,
): Results {
  const own = createHash("sha256")
    .update(file ?? home)
    .digest("hex")
    .slice(0, 8);
  // To a full disk, say; this run's results all the same.
  const unwritten = new Map<string, object>();
  const folder = (kind: ResultKind) => join(stateDirectory, "results", own, kind);
  return {
    save(kind, name, result) {
      const file = join(folder(kind), `${name}.json`);
      unwritten.set(file, result);
      writeFileAtomic(file, `${JSON.stringify({ format, result }, null, 1)}\n`);
      unwritten.delete(file);
    },
    load<T>(kind: ResultKind, keep: readonly string[]): T[] {
      const stored = namesIn(folder(kind));
      const path = (name: string) => join(folder(kind), `${name}.json`);
      for (const name of stored) if (!keep.includes(name)) rmSync(path(name), { force: true });
      return [...new Set(keep)].sort().flatMap((name) => {
        const own = unwritten.get(path(name)) as T | undefined;
        if (own !== undefined) return [own];
        return stored.includes(name) ? readResult<T>(path(name)) : [];
      });
    },
  };
}

function namesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((file) => file.endsWith(".json") && !file.startsWith("."));
  return files.map((file) => basename(file, ".json"));
}

/** Raised when the shape of a result changes: an older file is then as good as none. */
const format = 1;

function readResult<T>(path: string): T[] {
  try {
    const stored: { format?: unknown; result?: T } = JSON.parse(readFileSync(path, "utf8"));
    return stored.format === format && stored.result !== undefined ? [stored.result] : [];
  } catch {
    return [];
  }
}
