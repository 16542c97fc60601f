import { createHash } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Secret } from "../../model/secret.ts";
import type { S3Connection } from "./types.ts";

export interface StoreSettings {
  /** `as-s3` by default. The others are what stores were seen to do. */
  conditions?: "as-s3" | "ignored" | "always-refused" | "not-implemented" | "refused-after-delete";
  versioning?: "Enabled" | "Suspended" | "";
  secure?: boolean;
  /** Answers instead of the store where it returns true. */
  intercept?: (request: IncomingMessage, response: ServerResponse) => boolean;
}

export interface TestStore {
  connection: S3Connection;
  /** Contents by `bucket/key`; live. */
  objects: Map<string, Buffer>;
  /** The requests so far: `GET /states/prod/terraform.tfstate`. */
  seen: string[];
  caFile: string | undefined;
  close(): Promise<void>;
}

export const testBucket = "states";

/** A stand-in for an S3 store with one bucket, `states`, in memory. It looks at the access key, not at signatures. */
export async function startStore(settings: StoreSettings = {}): Promise<TestStore> {
  const objects = new Map<string, Buffer>();
  const deleted = new Set<string>();
  const seen: string[] = [];
  const handler: RequestListener = (request, response) => {
    seen.push(`${request.method} ${request.url}`);
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      if (settings.intercept?.(request, response)) return;
      answer({ request, response, body: Buffer.concat(chunks), objects, deleted, settings });
    });
  };
  const { server, caFile } = settings.secure
    ? await secureServer(handler)
    : { server: createServer(handler), caFile: undefined };
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    connection: {
      endpoint: `${settings.secure ? "https" : "http"}://127.0.0.1:${port}`,
      region: "us-east-1",
      accessKey: new Secret("test-access"),
      secretKey: new Secret("test-secret"),
      timeoutMs: 5000,
      ...(caFile === undefined ? {} : { caFile }),
    },
    objects,
    seen,
    caFile,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  body: Buffer;
  objects: Map<string, Buffer>;
  deleted: Set<string>;
  settings: StoreSettings;
}

function answer({ request, response, body, objects, deleted, settings }: Exchange): void {
  const { conditions = "as-s3", versioning = "Enabled" } = settings;
  const url = new URL(request.url ?? "/", "http://store");
  const name = decodeURIComponent(url.pathname.slice(1));
  const refuse = (status: number, code: string) =>
    response
      .writeHead(status)
      .end(`<Error><Code>${code}</Code><Message>refused &amp; told</Message></Error>`);
  if (!request.headers.authorization?.includes("Credential=test-access/")) {
    refuse(403, "InvalidAccessKeyId");
  } else if (!name.startsWith(`${testBucket}/`)) {
    refuse(404, "NoSuchBucket");
  } else if (url.searchParams.has("versioning")) {
    const status = versioning === "" ? "" : `<Status>${versioning}</Status>`;
    response.end(`<VersioningConfiguration xmlns="x">${status}</VersioningConfiguration>`);
  } else if (url.searchParams.has("versions")) {
    const prefix = `${testBucket}/${url.searchParams.get("prefix")}`;
    const entries = [...objects.keys()].filter((key) => key.startsWith(prefix));
    const xml = entries.map((key) => `<Version><Key>${key.slice(testBucket.length + 1)}</Key></Version>`);
    response.end(`<ListVersionsResult>${xml.join("")}</ListVersionsResult>`);
  } else if (request.method === "DELETE") {
    if (objects.delete(name)) deleted.add(name);
    response.writeHead(204).end();
  } else if (request.method === "GET") {
    const content = objects.get(name);
    if (content === undefined) refuse(404, "NoSuchKey");
    else response.writeHead(200, { ETag: etagOf(content) }).end(content);
  } else {
    const { "if-none-match": noneMatch, "if-match": match } = request.headers;
    const there = objects.get(name);
    if (noneMatch !== undefined && conditions === "not-implemented")
      return void refuse(501, "NotImplemented");
    const taken =
      conditions === "always-refused" ||
      there !== undefined ||
      (conditions === "refused-after-delete" && deleted.has(name));
    const unmet =
      (noneMatch === "*" && taken) || (match !== undefined && (!there || etagOf(there) !== match));
    if (unmet && conditions !== "ignored") return void refuse(412, "PreconditionFailed");
    objects.set(name, body);
    response.writeHead(200, { ETag: etagOf(body) }).end();
  }
}

function etagOf(content: Buffer): string {
  return `"${createHash("md5").update(content).digest("hex")}"`;
}

async function secureServer(handler: RequestListener) {
  // A tenth of a second, which most tests need not wait for.
  const { generate } = await import("selfsigned");
  const { private: key, cert } = await generate([{ name: "commonName", value: "test" }], {
    keyType: "ec",
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] },
    ],
  });
  const caFile = join(mkdtempSync(join(tmpdir(), "s3-")), "ca.pem");
  writeFileSync(caFile, cert);
  return { server: createSecureServer({ key, cert }, handler), caFile };
}
