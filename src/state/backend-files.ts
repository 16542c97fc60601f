import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeFileAtomic } from "../connect/files.ts";
import { hclSettings } from "../connect/terraform/hcl-settings.ts";
import type { StateStore } from "../homelab/state-store.ts";
import { backendSettingsFile } from "../homelab/terraform-run.ts";
import { Problem } from "../model/problem.ts";

export interface BackendFiles {
  /** The two files' names, relative to the environment's folder. */
  names: string[];
  /** Writes them. The block comes last: it alone decides where the state is looked for. */
  write(): void;
  /** Removes them, the block first. */
  remove(): void;
  /** Problem `state-backend-file` where a file of that name is not ours, or was changed since. */
  refuseForeign(): void;
}

export const blockFile = "backend.tf";

// The two path settings are what MinIO needs, the others spare stores that are not AWS questions only AWS can answer.
const block = `# Written by \`pve-home state migrate\`: the state is kept in an S3 store and locked while it is changed.
# Which store and which object: ${backendSettingsFile}. The keys come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.
terraform {
  backend "s3" {
    use_lockfile                = true
    use_path_style              = true
    skip_credentials_validation = true
    skip_metadata_api_check     = true
    skip_region_validation      = true
    skip_requesting_account_id  = true
    skip_s3_checksum            = true
  }
}
`;

/** The two files that make an environment's folder keep its state in the store. Neither has a secret in it. */
export function backendFiles(directory: string, environment: string, store: StateStore): BackendFiles {
  const { endpoint, region, caFile } = store.connection;
  const settings = hclSettings({
    bucket: store.bucket,
    key: store.keyOf(environment),
    region,
    ...(caFile === undefined ? {} : { custom_ca_bundle: caFile }),
    "endpoints.s3": new URL(endpoint).origin,
  });
  const contents: [name: string, text: string][] = [
    [backendSettingsFile, settings],
    [blockFile, block],
  ];
  return {
    names: contents.map(([name]) => name),
    write: () => {
      for (const [name, text] of contents) writeFileAtomic(join(directory, name), Buffer.from(text));
    },
    remove: () => {
      for (const [name] of contents.toReversed()) rmSync(join(directory, name), { force: true });
    },
    refuseForeign: () => {
      for (const [name, text] of contents) {
        const file = join(directory, name);
        if (existsSync(file) && readFileSync(file, "utf8") !== text) throw foreign(file);
      }
    },
  };
}

function foreign(file: string): Problem {
  return new Problem({
    kind: "configuration",
    code: "state-backend-file",
    message: `${file} is not as this command writes it, and is left alone`,
    place: file,
    hint: "move what you need of it into another file, and remove it",
  });
}
