/** How the server's certificate is trusted. `off` is an explicit setting that is reported, never a fallback. */
export type TlsTrust =
  /** The authorities of Node and of the system, and those in a PEM file besides. */
  | { kind: "system"; caFile?: string | undefined }
  /** The authorities in a PEM file, and no others. */
  | { kind: "ca-file"; path: string }
  /** SHA-256 of the certificate, hex with colons, as Proxmox prints it. */
  | { kind: "fingerprint"; sha256: string }
  | { kind: "off" };

/** How messages speak of a server, and what they advise. */
export interface ServerWords {
  /** What the codes of its Problems begin with: `proxmox` gives `proxmox-timeout`. */
  code: string;
  /** `Proxmox`, `the store` */
  name: string;
  hints: {
    timeout: string;
    /** The connection fails: refused, no route, cut. */
    unreachable: (url: URL) => string;
    unresolved: string;
    /** The TLS handshake fails. */
    handshake: string;
    /** A certificate that is not trusted, and its fingerprint. */
    untrusted: (seen: string) => string;
    /** Another certificate than the pinned one, and its fingerprint. */
    unpinned: (seen: string) => string;
    caFile: string;
    /** What answers does not speak HTTP. */
    noHttp: string;
  };
}

export interface HttpRequest {
  method: "GET" | "POST" | "PUT" | "DELETE";
  url: URL;
  /** IP address to connect to, instead of looking the host of `url` up. TLS and Host keep the name; the same for each request to it. */
  address?: string | undefined;
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** Limit for all of it, in milliseconds: name, connection, TLS, headers and body. */
  timeoutMs: number;
  /** A larger body of the reply is refused; `unread`: only status and headers count, the body's connection is ended. */
  maxBytes: number | "unread";
  signal?: AbortSignal;
}

export interface HttpReply {
  status: number;
  /** The reason phrase. */
  reason: string;
  /** Names in lower case. */
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
  /** Where a reply with a status 3xx points to, as a whole address: it is never followed. */
  redirect: string | undefined;
}

/**
 * Every status is a reply. Fails with a Problem of kind `undetermined` and a code that begins with the server's:
 * `…-timeout`, `…-unreachable`, `…-tls` (the handshake, or a certificate that is not trusted), `…-reply` (too large, or
 * not HTTP); or with the reason of the request's signal.
 */
export interface HttpClient {
  exchange(request: HttpRequest): Promise<HttpReply>;
  /** Ends what is under way. */
  close(): void;
}
