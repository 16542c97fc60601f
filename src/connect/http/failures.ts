import { messageOf, Problem } from "../../model/problem.ts";
import type { HttpRequest, ServerWords } from "./types.ts";

/** The Problems of an exchange that came to no reply, or to none that can be taken. */
export function failuresOf(words: ServerWords) {
  const problem = (code: string, url: URL, message: string, hint?: string, cause?: unknown) =>
    new Problem({
      kind: "undetermined",
      code: `${words.code}-${code}`,
      message,
      place: url.href,
      cause,
      ...(hint === undefined ? {} : { hint }),
    });
  const { hints } = words;
  return {
    timeout: (url: URL, what: string) =>
      problem("timeout", url, `${words.name} at ${url.host} did not answer ${what} in time`, hints.timeout),
    tooLarge: ({ url, maxBytes }: HttpRequest) =>
      problem("reply", url, `the reply of ${url.host} to ${url.pathname} is larger than ${maxBytes} bytes`),
    /** A Problem stays as it is. */
    ofConnection(error: unknown, url: URL): Problem {
      if (error instanceof Problem) return error;
      const code = error instanceof Error && "code" in error ? String(error.code) : "";
      if (/^(EPROTO|ERR_SSL_|ERR_TLS_)/.test(code)) {
        const message = `no TLS connection to ${words.name} at ${url.host}: ${reasonOf(error)}`;
        return problem("tls", url, message, hints.handshake, error);
      }
      // undici's; some of them have no code.
      if (error instanceof Error && error.name === "HTTPParserError") {
        return problem("reply", url, `what answers at ${url.host} does not speak HTTP`, hints.noHttp, error);
      }
      if (code === "ENOTFOUND") {
        const message = `the name ${url.hostname} does not resolve`;
        return problem("unreachable", url, message, hints.unresolved, error);
      }
      const message = `${words.name} at ${url.host} is not reachable: ${reasonOf(error)}`;
      return problem("unreachable", url, message, hints.unreachable(url), error);
    },
  };
}

/** OpenSSL's own errors are full of file names and numbers: one part of them is the reason. */
function reasonOf(error: unknown): string {
  if (error instanceof Error && "reason" in error && typeof error.reason === "string") return error.reason;
  if (error instanceof AggregateError) return error.errors.map(messageOf).join(", ");
  const message = messageOf(error);
  return /:SSL routines:[^:]*:([^:]+):/.exec(message)?.[1] ?? message;
}
