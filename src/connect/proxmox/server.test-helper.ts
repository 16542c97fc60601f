import { X509Certificate } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { generate } from "selfsigned";
import { Secret } from "../../model/secret.ts";
import type { ProxmoxConnection } from "./types.ts";

export interface TestServer {
  /** `https://127.0.0.1:PORT/` */
  endpoint: string;
  fingerprint: string;
  caFile: string;
  /** The requests so far: `GET /api2/json/version`. */
  seen: string[];
  /** The `Authorization` headers so far. */
  authorizations: (string | undefined)[];
  /** Bodies of POST requests. */
  bodies: string[];
  close(): Promise<void>;
}

/** An HTTPS server on a free port of 127.0.0.1, its certificate self-signed for `name`. */
export async function startServer(
  handler: (request: IncomingMessage, response: ServerResponse) => void,
  name = "127.0.0.1",
): Promise<TestServer> {
  const altName = /^[\d.]+$/.test(name) ? { type: 7 as const, ip: name } : { type: 2 as const, value: name };
  const { private: key, cert } = await generate([{ name: "commonName", value: "test" }], {
    keyType: "ec",
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "subjectAltName", altNames: [altName] },
    ],
  });
  const seen: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const bodies: string[] = [];
  const sockets = new Set<Duplex>();
  const server = createServer({ key, cert }, (request, response) => {
    seen.push(`${request.method} ${request.url}`);
    authorizations.push(request.headers.authorization);
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      if (request.method === "POST") bodies.push(body);
      handler(request, response);
    });
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const caFile = join(mkdtempSync(join(tmpdir(), "proxmox-")), "ca.pem");
  writeFileSync(caFile, cert);
  return {
    endpoint: `https://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    fingerprint: new X509Certificate(cert).fingerprint256,
    caFile,
    seen,
    authorizations,
    bodies,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A connection that trusts the server by its CA file. */
export function connectionTo(server: TestServer, more: Partial<ProxmoxConnection> = {}): ProxmoxConnection {
  return {
    endpoint: server.endpoint,
    token: new Secret("root@pam!test=aaaa-bbbb"),
    tls: { kind: "ca-file", path: server.caFile },
    timeoutMs: 5000,
    ...more,
  };
}

/** Answers as Proxmox does: `{"data": …}`, or a status with a message. */
export function answer(response: ServerResponse, data: unknown, status = 200, message?: string): void {
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(JSON.stringify(message === undefined ? { data } : { data, message }));
}
