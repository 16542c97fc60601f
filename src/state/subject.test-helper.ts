import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openBucket } from "../connect/s3/bucket.ts";
import {
  type StoreSettings,
  startStore,
  type TestStore,
  testBucket,
} from "../connect/s3/server.test-helper.ts";
import { makeEnvironment } from "../connect/terraform/environment.test-helper.ts";
import { backendFiles } from "./backend-files.ts";
import type { Subject } from "./situation.ts";

export interface TestSubject {
  subject: Subject;
  store: TestStore;
  /** Writes a file of the environment's folder. */
  write(name: string, text: string): void;
  /** undefined where it is not there. */
  read(name: string): string | undefined;
  /** Writes the two files that say that the state is in the store. */
  adopt(): void;
  /** What the store has as the environment's state; with an argument, sets it first. */
  remote(content?: string): string | undefined;
  close(): Promise<void>;
}

/** The environment `prod`, in a folder with the files, and a stand-in for the store. No tool is started. */
export async function makeSubject(
  files: Record<string, string> = {},
  settings: StoreSettings = {},
): Promise<TestSubject> {
  const store = await startStore(settings);
  const bucket = openBucket(store.connection, testBucket);
  const run = makeEnvironment({ "main.tf": "", ...files });
  const { accessKey, secretKey } = store.connection;
  const key = "home/prod/terraform.tfstate";
  const subject: Subject = {
    environment: "prod",
    run,
    bucket,
    store: {
      connection: store.connection,
      bucket: testBucket,
      prefix: "home/",
      keyOf: (name) => `home/${name}/terraform.tfstate`,
      environment: { AWS_ACCESS_KEY_ID: accessKey, AWS_SECRET_ACCESS_KEY: secretKey },
    },
  };
  const file = (name: string) => join(run.directory, name);
  return {
    subject,
    store,
    close: async () => {
      bucket.close();
      await store.close();
    },
    write: (name, text) => writeFileSync(file(name), text),
    read: (name) => (existsSync(file(name)) ? readFileSync(file(name), "utf8") : undefined),
    adopt: () => backendFiles(run.directory, "prod", subject.store).write(),
    remote: (content) => {
      const name = `${testBucket}/${key}`;
      if (content !== undefined) store.objects.set(name, Buffer.from(content));
      return store.objects.get(name)?.toString();
    },
  };
}

/** A state as both tools write it. */
export function stateText(serial: number, more: object = {}): string {
  return `${JSON.stringify({ version: 4, terraform_version: "1.11.4", serial, lineage: "one", outputs: {}, resources: [], ...more }, null, 2)}\n`;
}
