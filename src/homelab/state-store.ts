import type { S3Connection } from "../connect/s3/types.ts";
import type { TerraformRun } from "../connect/terraform/types.ts";
import { Problem } from "../model/problem.ts";
import type { Secret } from "../model/secret.ts";
import { caFile } from "./ca-file.ts";
import { type Configuration, settingPlace } from "./configuration.ts";
import { resolveSecret } from "./secret-reference.ts";

type ProcessEnvironment = Record<string, string | undefined>;

/** The S3 store in which states are kept; `state` in pve-home.yaml. */
export interface StateStore {
  connection: S3Connection;
  bucket: string;
  /** Empty, or ends in a slash. */
  prefix: string;
  /** The object of an environment's state. */
  keyOf(environment: string): string;
  /** The variables with which the tool reaches it. */
  environment: TerraformRun["environment"];
}

/** The limit of one call, in milliseconds. */
const timeoutMs = 10_000;

/**
 * Problems: `state-store-missing` of kind `configuration` where no store is set, `state-keys-missing` of kind
 * `undetermined` where its keys are not, and those of secret references.
 */
export async function stateStore(
  configuration: Configuration,
  environment: ProcessEnvironment,
): Promise<StateStore> {
  const { endpoint, bucket, region, prefix } = configuration.settings.state;
  if (endpoint === undefined || bucket === undefined) {
    const missing = endpoint === undefined ? "endpoint" : "bucket";
    throw new Problem({
      kind: "configuration",
      code: "state-store-missing",
      message: `no S3 store for states is set: state.${missing} is missing`,
      place: settingPlace(configuration, `state.${missing}`),
      hint: "for example: state: { endpoint: https://192.168.1.60:9000, bucket: terraform-state }",
    });
  }
  const keys = await storeKeys(configuration, environment);
  if (keys === undefined) {
    throw new Problem({
      kind: "undetermined",
      code: "state-keys-missing",
      message: "there are no keys for the S3 store of the states",
      place: settingPlace(configuration, "state.access_key"),
      hint: "set state.access_key and state.secret_key, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    });
  }
  const authorities = caFile(configuration, "state.ca_file");
  return {
    environment: variables(keys, authorities),
    connection: {
      endpoint,
      region,
      ...keys,
      timeoutMs,
      ...(authorities === undefined ? {} : { caFile: authorities }),
    },
    bucket,
    prefix,
    keyOf: (name) => `${prefix}${name}/terraform.tfstate`,
  };
}

/** The variables with which the tool reaches the store; none where no keys are set: it may know others itself. */
export async function storeEnvironment(
  configuration: Configuration,
  environment: ProcessEnvironment,
): Promise<TerraformRun["environment"]> {
  return variables(await storeKeys(configuration, environment), caFile(configuration, "state.ca_file"));
}

interface StoreKeys {
  accessKey: Secret;
  secretKey: Secret;
}

function variables(
  keys: StoreKeys | undefined,
  authorities: string | undefined,
): TerraformRun["environment"] {
  return {
    ...(keys === undefined
      ? {}
      : { AWS_ACCESS_KEY_ID: keys.accessKey, AWS_SECRET_ACCESS_KEY: keys.secretKey }),
    ...(authorities === undefined ? {} : { AWS_CA_BUNDLE: authorities }),
  };
}

async function storeKeys(
  configuration: Configuration,
  environment: ProcessEnvironment,
): Promise<StoreKeys | undefined> {
  const { access_key: accessKey, secret_key: secretKey } = configuration.settings.state;
  const named = accessKey !== undefined || secretKey !== undefined;
  if (!named && !environment.AWS_ACCESS_KEY_ID && !environment.AWS_SECRET_ACCESS_KEY) return undefined;
  const read = (setting: string, reference: string) =>
    resolveSecret(reference, {
      place: settingPlace(configuration, `state.${setting}`),
      folder: configuration.folder,
      environment,
    });
  return {
    accessKey: await read("access_key", accessKey ?? "env:AWS_ACCESS_KEY_ID"),
    secretKey: await read("secret_key", secretKey ?? "env:AWS_SECRET_ACCESS_KEY"),
  };
}
