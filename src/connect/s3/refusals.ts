import { messageOf, Problem } from "../../model/problem.ts";
import type { S3Reply, S3Request } from "./exchange.ts";
import { textOf } from "./xml.ts";

/** The Problem a reply with an error status stands for. */
export function refusal(reply: S3Reply, call: S3Request, bucket: string): Problem {
  const xml = reply.body.toString("utf8");
  const code = textOf(xml, "Code");
  const said = [code, textOf(xml, "Message")].filter((part) => part !== undefined).join(": ");
  const facts = (name: string, message: string, hint?: string) =>
    new Problem({
      kind: "undetermined",
      code: name,
      message,
      place: call.url.origin,
      ...(hint === undefined ? {} : { hint }),
    });
  const store = `the store at ${call.url.host}`;
  // A put on the condition that the object is a certain one, and there is none.
  const vanished = code === "NoSuchKey" && call.method === "PUT";
  if (reply.status === 412 || code === "ConditionalRequestConflict" || vanished) {
    return facts(
      "s3-precondition",
      `${call.url.pathname} at ${call.url.host} is not what it was expected to be`,
    );
  }
  if (code === "NoSuchBucket") {
    const hint = "check state.bucket; with MinIO's client: mc mb --with-versioning ALIAS/BUCKET";
    return facts("s3-no-bucket", `${store} has no bucket ${bucket}`, hint);
  }
  if (code === "RequestTimeTooSkewed") {
    const hint = "compare `date -u` on both, and switch their time synchronisation on";
    return facts("s3-clock", `the clocks of this machine and of ${store} differ: ${said}`, hint);
  }
  if (reply.status === 401 || reply.status === 403) {
    const hint = "check state.access_key and state.secret_key, and that their policy allows this bucket";
    return facts("s3-denied", `${store} refuses ${call.method} ${call.url.pathname}: ${said}`, hint);
  }
  if (reply.status === 501) {
    return facts("s3-unsupported", `${store} cannot ${call.method} ${call.url.pathname} so: ${said}`);
  }
  // Another program's page, or MinIO's own.
  if (code === undefined && reply.status < 500) return noStore(call.url, `status ${reply.status}`);
  return facts(
    "s3-error",
    `${store} answered ${call.method} ${call.url.pathname} with ${reply.status} ${said}`,
  );
}

export function noStore(url: URL, why: string): Problem {
  return new Problem({
    kind: "undetermined",
    code: "s3-reply",
    message: `what answers at ${url.host} does not speak S3: ${why}`,
    place: url.origin,
    hint: "check state.endpoint: MinIO speaks S3 on port 9000, and 9001 is its web page",
  });
}

export function timeoutProblem(call: S3Request): Problem {
  return new Problem({
    kind: "undetermined",
    code: "s3-timeout",
    message: `the store at ${call.url.host} did not answer ${call.method} ${call.url.pathname} in time`,
    place: call.url.origin,
    hint: "is the machine of the store under way, and its disk not full?",
  });
}

export function connectionProblem(error: unknown, url: URL): Problem {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const facts = { kind: "undetermined" as const, place: url.origin, cause: error };
  if (/^(EPROTO|ERR_SSL_|ERR_TLS_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/.test(code)) {
    return new Problem({
      ...facts,
      code: "s3-tls",
      message: `no trusted TLS connection to the store at ${url.host}: ${reasonOf(error)}`,
      hint: "set state.ca_file to the authority of its certificate; is it https:// at all?",
    });
  }
  if (code.startsWith("HPE_")) return noStore(url, "it does not speak HTTP here; is it https://?");
  return new Problem({
    ...facts,
    code: "s3-unreachable",
    message: `the store at ${url.host} is not reachable: ${reasonOf(error)}`,
    hint: `check state.endpoint, then: curl -k ${url.origin}/minio/health/live`,
  });
}

/** OpenSSL's own errors are full of file names and numbers; one part of them is the reason. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join(", ");
  const message = messageOf(error);
  return /:SSL routines:[^:]*:([^:]+):/.exec(message)?.[1] ?? message;
}
