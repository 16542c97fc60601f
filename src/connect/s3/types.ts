import type { Secret } from "../../model/secret.ts";

/** An S3 store; the bucket's name goes into the path, as MinIO wants it. */
export interface S3Connection {
  /** `https://192.168.1.60:9000` */
  endpoint: string;
  /** `us-east-1`, where the store has none of its own. */
  region: string;
  accessKey: Secret;
  secretKey: Secret;
  /** The authorities its certificate is verified with, instead of the system's. */
  caFile?: string;
  /** Limit of one call, its retries included, in milliseconds. */
  timeoutMs: number;
}

export interface S3Object {
  content: Buffer;
  /** With its quotes, as the store says it. */
  etag: string;
}

/** One version of an object, or a mark that it was deleted. */
export interface S3Version {
  key: string;
  versionId: string;
}

/** `absent`: only where there is no such object; an etag: only where the object is still that one. */
export type PutCondition = "absent" | { etag: string };

export type Versioning = "enabled" | "suspended" | "off";

/**
 * One bucket. Calls fail with a Problem of kind `undetermined`: `s3-unreachable`, `s3-timeout`, `s3-tls`, `s3-denied`,
 * `s3-clock` (this machine's clock and the store's differ), `s3-no-bucket`, `s3-precondition` (the condition of a put
 * did not hold), `s3-unsupported`, `s3-reply` (no S3 store), `s3-error`. Reads are retried where the failure may pass.
 */
export interface S3Bucket {
  readonly name: string;
  readonly endpoint: string;
  /** Also shows whether the bucket exists. */
  versioning(): Promise<Versioning>;
  /** undefined where there is no such object. */
  get(key: string): Promise<S3Object | undefined>;
  /** Returns the new etag. */
  put(key: string, content: string | Buffer, condition?: PutCondition): Promise<string>;
  /** Also of an object that is not there. With a version: that one, for good. */
  remove(key: string, versionId?: string): Promise<void>;
  /** At most a thousand, the newest of each key first. */
  versions(prefix: string): Promise<S3Version[]>;
  close(): void;
}
