import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { S3Bucket } from "../connect/s3/types.ts";
import { backendOf } from "../connect/terraform/backend.ts";
import { workspaceName } from "../connect/terraform/local-state.ts";
import { s3StateOf } from "../connect/terraform/s3-state.ts";
import type { TerraformRun } from "../connect/terraform/types.ts";
import type { StateStore } from "../homelab/state-store.ts";
import { backendSettingsFile } from "../homelab/terraform-run.ts";
import { Problem } from "../model/problem.ts";
import { refuseOwnStore } from "./own-store.ts";
import { parseState, type StateFacts } from "./state-file.ts";

/** One environment, and the store its state is to be moved to or from. */
export interface Subject {
  environment: string;
  /** How its tool is run; with the partial settings of pve-home.yaml, if it has some. */
  run: TerraformRun;
  store: StateStore;
  bucket: S3Bucket;
}

export interface StoredState {
  content: Buffer;
  facts: StateFacts;
}

/** What there is before anything is done. */
export interface Situation {
  /** Where the code says that the state is. */
  code: "file" | "store";
  /** Where the file is, there or not. */
  file: string;
  local: StoredState | undefined;
  remote: (StoredState & { etag: string }) | undefined;
}

/**
 * Looks at code and file, then at the store. Problems of kind `configuration` where this is nothing we can move safely;
 * what the folder alone shows comes before what the store says.
 */
export async function examine(subject: Subject, to: Situation["code"]): Promise<Situation> {
  const { environment, run, store, bucket } = subject;
  const code = codeOf(subject);
  if (workspaceName(run) !== "default") {
    throw refusal("state-workspace", run, `${environment} has the workspace ${workspaceName(run)} selected`, {
      hint: `only the default workspace is moved: ${run.tool} -chdir=${run.directory} workspace select default`,
    });
  }
  const file = join(run.directory, "terraform.tfstate");
  const local = readLocal(subject, file);
  if (to === "store" && local !== undefined) {
    refuseOwnStore(environment, local.facts, store.connection.endpoint);
  }
  const key = store.keyOf(environment);
  const object = await bucket.get(key);
  if (object === undefined) return { code, file, local, remote: undefined };
  const facts = parseState(object.content);
  if (facts !== undefined) return { code, file, local, remote: { ...object, facts } };
  throw refusal("state-foreign", run, `what the store has at ${placeOf(subject)} is no state`, {
    hint: "set another state.prefix, or look at that object and remove it",
  });
}

/** `http://192.168.1.60:9000/terraform-state/prod/terraform.tfstate` */
export function placeOf({ environment, store, bucket }: Subject): string {
  return `${bucket.endpoint}/${bucket.name}/${store.keyOf(environment)}`;
}

/** How the tool is run once the state is in the store. */
export function runInStore({ run, store }: Subject): TerraformRun {
  const backend = run.backend ?? { file: join(run.directory, backendSettingsFile) };
  return { ...run, backend, environment: { ...run.environment, ...store.environment } };
}

function codeOf(subject: Subject): Situation["code"] {
  const { environment, run, store, bucket } = subject;
  const backend = backendOf(run.directory);
  if (backend.kind === "s3") {
    const state = s3StateOf(runInStore(subject));
    const same =
      state !== undefined &&
      URL.parse(state.connection.endpoint)?.origin === bucket.endpoint &&
      state.bucket === bucket.name &&
      state.key === store.keyOf(environment);
    if (same) return "store";
  }
  if (backend.kind !== "local") {
    throw refusal(
      "state-elsewhere",
      run,
      `${environment} keeps its state elsewhere: backend "${backend.kind}"`,
      {
        place: backend.file,
        hint: `what is moved is a state in a file; the store's place for it would be ${placeOf(subject)}`,
      },
    );
  }
  if (backend.file !== undefined) {
    throw refusal("state-backend-block", run, `${backend.file} has a backend "local" block of its own`, {
      place: backend.file,
      hint: `remove the block, with the state at its usual place (${run.directory}/terraform.tfstate)`,
    });
  }
  if (run.backend !== undefined) {
    throw refusal("state-backend-setting", run, `environments.${environment}.backend is set`, {
      hint: `remove that setting from pve-home.yaml: ${backendSettingsFile} in the environment's folder takes its place`,
    });
  }
  return "file";
}

function readLocal({ environment, run }: Subject, file: string): StoredState | undefined {
  const content = readIfThere(file);
  // An empty file is what the tools themselves leave behind when they move a state.
  if (content === undefined || content.length === 0) return undefined;
  const facts = parseState(content);
  if (facts !== undefined) return { content, facts };
  throw refusal(
    "state-unreadable",
    run,
    `the state of ${environment} is no state: ${file} cannot be parsed`,
    {
      place: file,
      hint: `look at it, and at ${file}.backup`,
    },
  );
}

export function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

export function refusal(
  code: string,
  run: TerraformRun,
  message: string,
  { place = run.directory, hint }: { place?: string | undefined; hint: string },
): Problem {
  return new Problem({ kind: "configuration", code, message, place, hint });
}
