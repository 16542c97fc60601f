import { Problem } from "../../model/problem.ts";
import type { Log } from "../../model/progress.ts";
import { type Clock, systemClock } from "../clock.ts";
import type { HttpReply } from "../http/types.ts";
import { retryWithBackoff } from "../retry.ts";
import { exchanger, type S3Request } from "./exchange.ts";
import { noStore, refusal } from "./refusals.ts";
import type { PutCondition, S3Bucket, S3Connection, Versioning } from "./types.ts";
import { elementsOf, textOf } from "./xml.ts";

/** Opens no connection yet. Problem of kind `configuration` for an endpoint or a CA file that cannot be used. */
export function openBucket(
  connection: S3Connection,
  name: string,
  dependencies: { clock?: Clock; log?: Log } = {},
): S3Bucket {
  const { clock = systemClock, log } = dependencies;
  const origin = originOf(connection.endpoint);
  const { exchange, close } = exchanger(connection);
  const urlOf = (key: string, query: Record<string, string> = {}) => {
    const url = new URL(["", name, ...key.split("/")].map(encodeURIComponent).join("/"), origin);
    for (const [parameter, value] of Object.entries(query)) url.searchParams.set(parameter, value);
    return url;
  };

  /** The reply, also where it says that there is no such key. */
  async function call(request: Omit<S3Request, "timeoutMs">): Promise<HttpReply | undefined> {
    const deadline = clock.now() + connection.timeoutMs;
    const once = async () => {
      const complete = { ...request, timeoutMs: deadline - clock.now() };
      const reply = await exchange(complete);
      if (reply.status < 300) return reply;
      const code = textOf(reply.body.toString("utf8"), "Code");
      if (code === "NoSuchKey" && request.method !== "PUT") return undefined;
      throw refusal(reply, complete, name);
    };
    if (request.method !== "GET") return once();
    return retryWithBackoff(once, {
      what: `${request.method} ${request.url.host}${request.url.pathname}`,
      clock,
      deadline,
      retryable: mayPass,
      ...(log === undefined ? {} : { log }),
    });
  }

  async function document(url: URL, root: string): Promise<string> {
    const reply = await call({ method: "GET", url });
    const xml = reply?.body.toString("utf8") ?? "";
    if (!xml.includes(`<${root}`)) throw noStore(url, `no ${root}`);
    return xml;
  }

  return {
    name,
    endpoint: origin,
    close,
    async versioning(): Promise<Versioning> {
      const xml = await document(urlOf("", { versioning: "" }), "VersioningConfiguration");
      const status = textOf(xml, "Status");
      return status === "Enabled" ? "enabled" : status === "Suspended" ? "suspended" : "off";
    },
    async get(key) {
      const reply = await call({ method: "GET", url: urlOf(key) });
      return reply === undefined ? undefined : { content: reply.body, etag: etagOf(reply) };
    },
    async put(key, content, condition) {
      const headers = { "Content-Type": "application/json", ...conditionHeaders(condition) };
      const body = typeof content === "string" ? Buffer.from(content) : content;
      const reply = await call({ method: "PUT", url: urlOf(key), headers, body });
      return etagOf(reply);
    },
    async remove(key, versionId) {
      const url = urlOf(key, versionId === undefined ? {} : { versionId });
      await call({ method: "DELETE", url });
    },
    async versions(prefix) {
      const url = urlOf("", { versions: "", prefix });
      return elementsOf(await document(url, "ListVersionsResult"), "Version", "DeleteMarker").map(
        (entry) => ({
          key: textOf(entry, "Key") ?? "",
          versionId: textOf(entry, "VersionId") ?? "",
        }),
      );
    },
  };
}

function etagOf(reply: HttpReply | undefined): string {
  const etag = reply?.headers.etag;
  return typeof etag === "string" ? etag : "";
}

function conditionHeaders(condition: PutCondition | undefined): Record<string, string> {
  if (condition === undefined) return {};
  return condition === "absent" ? { "If-None-Match": "*" } : { "If-Match": condition.etag };
}

function originOf(endpoint: string): string {
  const url = URL.parse(endpoint);
  if (url?.protocol === "https:" || url?.protocol === "http:") return url.origin;
  throw new Problem({
    kind: "configuration",
    code: "s3-endpoint",
    message: `the address of the S3 store "${endpoint}" is no http or https URL`,
    hint: "for example: https://192.168.1.60:9000",
  });
}

function mayPass(error: unknown): boolean {
  if (!(error instanceof Problem)) return false;
  const { cause } = error;
  if (cause instanceof Error && "code" in cause && cause.code === "ENOTFOUND") return false;
  return error.code === "s3-unreachable" || error.code === "s3-error";
}
