import { createHash } from "node:crypto";
import { AwsV4Signer } from "aws4fetch";
import { createHttpClient } from "../http/client.ts";
import type { HttpReply, HttpRequest } from "../http/types.ts";
import type { S3Connection } from "./types.ts";
import { storeWords } from "./words.ts";

export type S3Request = Omit<HttpRequest, "body" | "maxBytes"> & {
  method: "GET" | "PUT" | "DELETE";
  body?: Buffer;
};

/** A state of some thousand resources is below 20 MB. */
const maxBytes = 256 * 1024 * 1024;

/** Sends signed requests on connections that are kept alive. Problem `s3-ca-file` for one that cannot be used. */
export function exchanger(connection: S3Connection): {
  exchange(request: S3Request): Promise<HttpReply>;
  close(): void;
} {
  const { caFile } = connection;
  const trust =
    caFile === undefined ? { kind: "system" as const } : { kind: "ca-file" as const, path: caFile };
  const http = createHttpClient(storeWords, trust);
  return {
    exchange: async (request) =>
      http.exchange({ ...request, headers: await signed(connection, request), maxBytes }),
    close: http.close,
  };
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
  return Object.fromEntries(headers);
}
