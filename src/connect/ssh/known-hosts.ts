import type { SshTarget } from "./types.ts";

export interface TrustResult {
  outcome: "added" | "unchanged" | "replaced";
  /** `SHA256:…` */
  fingerprint: string;
  /** What was there before, when it was replaced. */
  previous: string[];
}

/** Synchronous, so that two guests of one run cannot overwrite each other's entry. */
export declare function trustHost(
  file: string,
  target: Pick<SshTarget, "host" | "port">,
  publicKey: string,
): TrustResult;

/** The keys our file has for a host, `TYPE BASE64` each. */
export declare function trustedKeys(file: string, target: Pick<SshTarget, "host" | "port">): string[];

/** `SHA256:…` of `TYPE BASE64 [COMMENT]`. */
export declare function fingerprintOf(publicKey: string): string;
