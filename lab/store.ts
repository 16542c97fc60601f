import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomically } from "./files.ts";
import type { World } from "./world.ts";

export interface Store {
  readonly world: World;
  /** Notes a change; it is on disk a moment later. */
  save(): void;
  /** Writes what is not written yet. */
  flush(): Promise<void>;
  /** Why the latest changes are not on disk; undefined where they are, or will be in a moment. */
  unsaved(): string | undefined;
}

/** Changes within this time are written together, in milliseconds. */
const debounce = 200;

/** Reads the world a lab left in its folder; undefined where there is none yet. Throws on a damaged file. */
export async function readWorld(directory: string): Promise<World | undefined> {
  const file = join(directory, "world.json");
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const parsed: unknown = JSON.parse(text);
  if (typeof parsed !== "object" || parsed === null || !("version" in parsed) || parsed.version !== 1) {
    throw new Error(`${file}: not a lab world of version 1`);
  }
  return parsed as World;
}

/**
 * Keeps the world in memory and writes it, debounced and atomically, to `<directory>/world.json`. What cannot be
 * written is said once on the log, and tried again with the next change.
 */
export function createStore(directory: string, world: World, log: (line: string) => void = () => {}): Store {
  const file = join(directory, "world.json");
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();
  let failure: string | undefined;
  const write = () => {
    timer = undefined;
    writing = writing.catch(() => {}).then(writeNow);
    return writing;
  };
  const writeNow = async () => {
    try {
      await writeFileAtomically(file, JSON.stringify(world), 0o600);
    } catch (error) {
      const first = failure === undefined;
      failure = messageOf(error);
      // The log may be on the same disk: what it throws must not hide the failure itself.
      if (first) log(`the lab's state cannot be saved: ${failure}`);
      throw error;
    }
    if (failure !== undefined) log("the lab's state is saved again");
    failure = undefined;
  };
  return {
    world,
    save() {
      timer ??= setTimeout(() => void write().catch(() => {}), debounce);
    },
    async flush() {
      clearTimeout(timer);
      await write();
    },
    unsaved: () => failure,
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
