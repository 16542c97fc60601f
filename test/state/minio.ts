import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate } from "selfsigned";
import { exchanger } from "../../src/connect/s3/exchange.ts";
import type { S3Connection } from "../../src/connect/s3/types.ts";
import { Secret } from "../../src/model/secret.ts";
import { resolveProgram } from "../../tools/programs/index.ts";

/** A real MinIO on a free port of 127.0.0.1, with credentials of its own. */
export interface RunningMinio {
  connection: S3Connection;
  endpoint: string;
  accessKey: string;
  secretKey: string;
  /** The authority of its certificate; undefined where it speaks plain HTTP. */
  caFile: string | undefined;
  /** Makes a bucket; versioned unless `versioned` says otherwise. */
  makeBucket(name: string, versioned?: boolean): Promise<void>;
  close(): Promise<void>;
}

export async function startMinio({ secure = false } = {}): Promise<RunningMinio> {
  const { path } = await resolveProgram("minio");
  const folder = mkdtempSync(join(tmpdir(), "pve-home-minio-"));
  const caFile = secure ? await makeCertificate(join(folder, "home/.minio/certs")) : undefined;
  mkdirSync(join(folder, "home"), { recursive: true });
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
        // What it reads of a new bucket may come over what was set there meanwhile.
        _MINIO_SCANNER: "off",
        GOGC: process.env.GOGC,
      },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (text: Buffer) => said.push(text.toString()));
  const endpoint = `${secure ? "https" : "http"}://${address}`;
  const connection: S3Connection = {
    endpoint,
    region: "us-east-1",
    accessKey: new Secret(accessKey),
    secretKey: new Secret(secretKey),
    timeoutMs: 30_000,
    ...(caFile === undefined ? {} : { caFile }),
  };
  const store = exchanger(connection);
  const ask = (method: "GET" | "PUT", name: string, body = "") =>
    store.exchange({ method, url: new URL(name, endpoint), body: Buffer.from(body), timeoutMs: 30_000 });
  const put = async (name: string, body?: string) => {
    const reply = await ask("PUT", name, body);
    if (reply.status !== 200) throw new Error(`MinIO answered ${reply.status}: ${reply.body}`);
  };
  const close = async () => {
    store.close();
    if (isRunning(child)) {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await gone;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await ready(child, said, (path) => ask("GET", path));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    connection,
    endpoint,
    accessKey,
    secretKey,
    caFile,
    async makeBucket(name, versioned = true) {
      await put(`/${name}`);
      const status = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";
      if (versioned) await put(`/${name}?versioning=`, status);
    },
    close,
  };
}

/**
 * MinIO makes buckets before it has read those it finds on its disk: the versioning of one that is made in between is
 * forgotten again, though it was confirmed. The health of the "cluster" alone says that this is over; that its own keys
 * are taken tells it from another one on the same port, which MinIO does not mind.
 */
async function ready(
  child: ChildProcess,
  said: readonly string[],
  ask: (path: string) => Promise<{ status: number }>,
): Promise<void> {
  const isUp = async (path: string) => (await ask(path).catch(() => undefined))?.status === 200;
  for (let attempt = 0; attempt < 600; attempt += 1) {
    if (!isRunning(child)) throw new Error(`MinIO ended: ${said.join("")}`);
    if ((await isUp("/minio/health/cluster")) && (await isUp("/"))) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`MinIO is not ready: ${said.join("")}`);
}

function isRunning({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}

/** Where MinIO looks for it; returns the file that trusts it. */
async function makeCertificate(folder: string): Promise<string> {
  const { private: key, cert } = await generate([{ name: "commonName", value: "test" }], {
    keyType: "ec",
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] },
    ],
  });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "private.key"), key, { mode: 0o600 });
  writeFileSync(join(folder, "public.crt"), cert);
  return join(folder, "public.crt");
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
