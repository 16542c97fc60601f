import { createHash } from "node:crypto";
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { getCACertificates } from "node:tls";
import { AwsV4Signer } from "aws4fetch";
import { messageOf, Problem } from "../../model/problem.ts";
import { readTextFile } from "../read-file.ts";
import { connectionProblem, timeoutProblem } from "./refusals.ts";
import type { S3Connection } from "./types.ts";

export interface S3Request {
  method: "GET" | "PUT" | "DELETE";
  url: URL;
  headers?: Record<string, string>;
  body?: Buffer;
  /** Limit for all of it: connection, headers and body. */
  timeoutMs: number;
}

export interface S3Reply {
  status: number;
  etag: string;
  body: Buffer;
}

/** A state of some thousand resources is below 20 MB. */
const maxBodyBytes = 256 * 1024 * 1024;

/** Sends signed requests on connections that are kept alive. Problem `s3-ca-file` for one that cannot be used. */
export function exchanger(connection: S3Connection): {
  exchange(request: S3Request): Promise<S3Reply>;
  close(): void;
} {
  const secure = connection.endpoint.startsWith("https:");
  const agent = secure ? httpsAgent(connection.caFile) : new HttpAgent({ keepAlive: true });

  async function exchange(call: S3Request): Promise<S3Reply> {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(timeoutProblem(call)), Math.max(0, call.timeoutMs));
    try {
      const headers = await signed(connection, call);
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        const options = { method: call.method, agent, headers, signal: limit.signal };
        const outgoing = secure ? httpsRequest(call.url, options) : httpRequest(call.url, options);
        outgoing.once("response", resolve);
        outgoing.on("error", reject);
        outgoing.end(call.body);
      });
      const body = await read(response, call.url);
      return { status: response.statusCode ?? 0, etag: response.headers.etag ?? "", body };
    } catch (error) {
      if (limit.signal.aborted) throw limit.signal.reason;
      throw error instanceof Problem ? error : connectionProblem(error, call.url);
    } finally {
      clearTimeout(timer);
    }
  }
  return { exchange, close: () => agent.destroy() };
}

async function signed(connection: S3Connection, call: S3Request): Promise<Record<string, string>> {
  const body = call.body ?? Buffer.alloc(0);
  const { headers } = await new AwsV4Signer({
    method: call.method,
    url: call.url.href,
    headers: { ...call.headers, "X-Amz-Content-Sha256": createHash("sha256").update(body).digest("hex") },
    accessKeyId: connection.accessKey.reveal(),
    secretAccessKey: connection.secretKey.reveal(),
    region: connection.region,
    service: "s3",
  }).sign();
  return { ...Object.fromEntries(headers), "Content-Length": String(body.length) };
}

function httpsAgent(caFile: string | undefined): HttpsAgent {
  const ca =
    caFile === undefined
      ? [...new Set([...getCACertificates("default"), ...getCACertificates("system")])]
      : readCaFile(caFile);
  return new HttpsAgent({ keepAlive: true, minVersion: "TLSv1.2", ca });
}

function readCaFile(file: string): string {
  try {
    return readTextFile(file);
  } catch (cause) {
    throw new Problem({
      kind: "configuration",
      code: "s3-ca-file",
      message: `the CA file ${file} cannot be used: ${messageOf(cause)}`,
      place: file,
      hint: "name the certificate of the authority that signed the store's, as PEM",
      cause,
    });
  }
}

async function read(response: IncomingMessage, url: URL): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBodyBytes) {
      response.destroy();
      throw new Problem({
        kind: "undetermined",
        code: "s3-reply",
        message: `the reply of ${url.host} to ${url.pathname} is larger than ${maxBodyBytes} bytes`,
        place: url.href,
      });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
