import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AwsClient } from "aws4fetch";
import { resolveProgram } from "../../tools/programs/index.ts";

/** A real MinIO on a free port of 127.0.0.1, with credentials of its own. */
export interface RunningMinio {
  endpoint: string;
  accessKey: string;
  secretKey: string;
  /** Makes a bucket; versioned unless told otherwise. */
  makeBucket(name: string, versioned?: boolean): Promise<void>;
  close(): Promise<void>;
}

export async function startMinio(): Promise<RunningMinio> {
  const { path } = await resolveProgram("minio");
  const folder = mkdtempSync(join(tmpdir(), "pve-home-minio-"));
  mkdirSync(join(folder, "home"));
  const accessKey = `access${randomBytes(6).toString("hex")}`;
  const secretKey = `planted-store-${randomBytes(12).toString("hex")}`;
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(
    path,
    ["server", "--quiet", "--anonymous", "--address", address, join(folder, "data")],
    {
      env: {
        PATH: process.env.PATH,
        HOME: join(folder, "home"),
        MINIO_ROOT_USER: accessKey,
        MINIO_ROOT_PASSWORD: secretKey,
        MINIO_UPDATE: "off",
        MINIO_BROWSER: "off",
      },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (text: Buffer) => said.push(text.toString()));
  const endpoint = `http://${address}`;
  await ready(endpoint, child, said);
  const client = new AwsClient({
    accessKeyId: accessKey,
    secretAccessKey: secretKey,
    service: "s3",
    region: "us-east-1",
    retries: 0,
  });
  const put = async (path: string, body?: string) => {
    const reply = await client.fetch(`${endpoint}/${path}`, {
      method: "PUT",
      ...(body === undefined ? {} : { body }),
    });
    if (!reply.ok) throw new Error(`MinIO answered ${reply.status}: ${await reply.text()}`);
  };
  return {
    endpoint,
    accessKey,
    secretKey,
    async makeBucket(name, versioned = true) {
      await put(name);
      const status = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";
      if (versioned) await put(`${name}?versioning`, status);
    },
    async close() {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      if (child.exitCode === null) child.kill("SIGKILL");
      else return;
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function ready(endpoint: string, child: ChildProcess, said: readonly string[]): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    if (child.exitCode !== null) throw new Error(`MinIO ended: ${said.join("")}`);
    const reply = await fetch(`${endpoint}/minio/health/ready`).catch(() => undefined);
    if (reply?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`MinIO is not ready: ${said.join("")}`);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
