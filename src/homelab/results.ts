import { createHash } from "node:crypto";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { z } from "zod";
import { writeFileAtomic } from "../connect/files.ts";
import { readTextFile } from "../connect/read-file.ts";
import { withRunLock } from "../connect/run-lock.ts";
import {
  type DriftReport,
  driftReportSchema,
  type UnmanagedReport,
  unmanagedReportSchema,
} from "../model/drift.ts";
import { type HealthReport, healthReportSchema } from "../model/health.ts";
import { jsonText } from "../model/json.ts";
import { messageOf } from "../model/problem.ts";
import type { Log } from "../model/progress.ts";
import type { Configuration } from "./configuration.ts";

/** `health` or `drift` of an environment, or `unmanaged` of the cluster. */
interface ResultOf {
  health: HealthReport;
  drift: DriftReport;
  unmanaged: UnmanagedReport;
}

type ResultKind = keyof ResultOf;

const schemas: { [K in ResultKind]: z.ZodType<ResultOf[K]> } = {
  health: healthReportSchema,
  drift: driftReportSchema,
  unmanaged: unmanagedReportSchema,
};

/**
 * The last results, one JSON file each, from which metrics and reports are rendered: a run for one environment
 * keeps what an earlier run found for the others.
 */
export interface Results {
  save<K extends ResultKind>(kind: K, name: string, result: ResultOf[K]): void;
  /**
   * Last results of a kind by name; those of names that are not in `keep` are removed for good. A file that is no
   * result of its name is as good as none, and is named in the log once.
   */
  load<K extends ResultKind>(kind: K, keep: readonly string[]): ResultOf[K][];
  /** For what loads, saves and renders: does it as the only run that does. Problem `run-locked`. */
  alone<T>(what: string, work: () => T): Promise<T>;
}

/** Two checkouts may share a state directory: each configuration has a folder of its own in it. */
export function openResults(
  stateDirectory: string,
  { file, folder: home }: Pick<Configuration, "file" | "folder">,
  log: Log,
): Results {
  const own = createHash("sha256")
    .update(file ?? home)
    .digest("hex")
    .slice(0, 8);
  const top = join(stateDirectory, "results", own);
  const folder = (kind: ResultKind) => join(top, kind);
  // To a full disk, say; this run's results all the same.
  const unwritten = new Map<string, object>();
  const named = new Set<string>();
  const refuse = (path: string, why: string) => {
    if (!named.has(path)) log(`${path} is left out: ${why}`);
    named.add(path);
    return [];
  };
  return {
    save(kind, name, result) {
      const file = join(folder(kind), `${name}.json`);
      unwritten.set(file, result);
      writeFileAtomic(file, `${jsonText({ format, result }, 1)}\n`);
      unwritten.delete(file);
    },
    load<K extends ResultKind>(kind: K, keep: readonly string[]) {
      const stored = namesIn(folder(kind));
      const path = (name: string) => join(folder(kind), `${name}.json`);
      for (const name of stored) if (!keep.includes(name)) rmSync(path(name), { force: true });
      return [...new Set(keep)].sort().flatMap((name): ResultOf[K][] => {
        const own = unwritten.get(path(name)) as ResultOf[K] | undefined;
        if (own !== undefined) return [own];
        if (!stored.includes(name)) return [];
        const result = readResult(path(name), schemas[kind]);
        if (typeof result === "string") return refuse(path(name), result);
        const other = "environment" in result && result.environment !== name;
        return other ? refuse(path(name), `it is a result of ${result.environment}`) : [result];
      });
    },
    alone: (what, work) => withRunLock({ file: `${top}.lock`, what }, work),
  };
}

function namesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((file) => file.endsWith(".json") && !file.startsWith("."));
  return files.map((file) => basename(file, ".json"));
}

/** In MiB: the drift of some ten thousand resources. */
const limit = 64;

/** Raised when the shape of a result changes: an older file is then as good as none. */
const format = 1;

/** The result, or why there is none in the file. */
function readResult<T extends object>(path: string, schema: z.ZodType<T>): T | string {
  try {
    const stored = z
      .object({ format: z.unknown(), result: z.unknown() })
      .parse(JSON.parse(readTextFile(path, limit)));
    if (stored.format !== format) return "it was written by another version";
    return schema.parse(stored.result);
  } catch (error) {
    if (!(error instanceof z.ZodError)) return messageOf(error);
    const where = error.issues[0]?.path.join(".");
    return `it is no result${where ? ` (${where})` : ""}`;
  }
}
