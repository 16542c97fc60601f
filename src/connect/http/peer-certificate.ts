import { openTrusted, placeOf } from "./connection.ts";
import { failuresOf } from "./failures.ts";
import { contextOf } from "./tls-trust.ts";
import type { ServerWords, TlsTrust } from "./types.ts";

/** The certificate that a trusted server shows, as PEM. Nothing is sent on this connection. Problems as of a client. */
export async function peerCertificate(
  url: URL,
  trust: TlsTrust,
  { words, timeoutMs }: { words: ServerWords; timeoutMs: number },
): Promise<string> {
  const failures = failuresOf(words);
  const limit = AbortSignal.timeout(timeoutMs);
  const context = contextOf(trust, words);
  const trusting = { trust, words, context: () => context };
  try {
    const socket = await openTrusted(placeOf(url), trusting, limit);
    const certificate = socket.getPeerX509Certificate();
    socket.destroy();
    return certificate?.toString() ?? "";
  } catch (error) {
    throw limit.aborted ? failures.timeout(url, "a TLS handshake") : failures.ofConnection(error, url);
  }
}
