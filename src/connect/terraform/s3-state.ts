import { Secret } from "../../model/secret.ts";
import { readTextFile } from "../read-file.ts";
import type { S3Connection } from "../s3/types.ts";
import { backendOf } from "./backend.ts";
import { settingsIn, withoutComments } from "./hcl-settings.ts";
import { workspaceName } from "./local-state.ts";
import type { TerraformRun } from "./types.ts";

/** Where the backend `s3` of an environment keeps its state. */
export interface S3State {
  connection: S3Connection;
  bucket: string;
  key: string;
  /** The object that is the lock; undefined where the backend uses none (`use_lockfile` is not set). */
  lockKey: string | undefined;
}

/** The limit of one call, in milliseconds. */
const timeoutMs = 10_000;

/**
 * As the configuration, the partial settings and the environment of a run say it, in the order in which the tool lets
 * them win. undefined where the state is kept elsewhere, and where bucket, key or credentials are not said there (the
 * tool may find them in a profile of the user's).
 */
export function s3StateOf(run: TerraformRun): S3State | undefined {
  const backend = backendOf(run.directory);
  if (backend.kind !== "s3") return undefined;
  const settings: Record<string, string | undefined> = { ...backend.settings, ...partialSettings(run) };
  const variable = (name: string) => {
    const value = run.environment[name];
    return value instanceof Secret ? value.reveal() : value;
  };
  const accessKey = settings.access_key ?? variable("AWS_ACCESS_KEY_ID");
  const secretKey = settings.secret_key ?? variable("AWS_SECRET_ACCESS_KEY");
  const { bucket, key: plainKey } = settings;
  if (!bucket || !plainKey || !accessKey || !secretKey) return undefined;
  const region = settings.region ?? variable("AWS_REGION") ?? variable("AWS_DEFAULT_REGION") ?? "us-east-1";
  const endpoint =
    settings["endpoints.s3"] ??
    settings.endpoint ??
    variable("AWS_ENDPOINT_URL_S3") ??
    variable("AWS_ENDPOINT_URL") ??
    `https://s3.${region}.amazonaws.com`;
  const caFile = settings.custom_ca_bundle ?? variable("AWS_CA_BUNDLE");
  const key = keyInWorkspace(run, plainKey, settings.workspace_key_prefix);
  return {
    connection: {
      endpoint,
      region,
      accessKey: new Secret(accessKey),
      secretKey: new Secret(secretKey),
      timeoutMs,
      ...(caFile === undefined ? {} : { caFile }),
    },
    bucket,
    key,
    lockKey: settings.use_lockfile === "true" ? lockKeyOf(key) : undefined,
  };
}

/** The object that both tools create to lock a state. */
export function lockKeyOf(key: string): string {
  return `${key}.tflock`;
}

function partialSettings(run: TerraformRun): Record<string, string> {
  if (run.backend === undefined) return {};
  if ("settings" in run.backend) return run.backend.settings;
  try {
    return settingsIn(withoutComments(readTextFile(run.backend.file)));
  } catch {
    // The tool says that it is not there.
    return {};
  }
}

function keyInWorkspace(run: TerraformRun, key: string, prefix = "env:"): string {
  const workspace = workspaceName(run);
  return workspace === "default" ? key : `${prefix}/${workspace}/${key}`;
}
