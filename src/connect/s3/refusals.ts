import { Problem } from "../../model/problem.ts";
import type { HttpReply } from "../http/types.ts";
import type { S3Request } from "./exchange.ts";
import { textOf } from "./xml.ts";

/** The Problem a reply with an error status stands for. */
export function refusal(reply: HttpReply, call: S3Request, bucket: string): Problem {
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
  if (reply.redirect !== undefined) return noStore(call.url, `it points to ${reply.redirect}`);
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
