import type { ServerWords } from "../http/types.ts";

export const storeWords: ServerWords = {
  code: "s3",
  name: "the store",
  hints: {
    timeout: "is the machine of the store up, and its disk not full?",
    unreachable: (url) => `check state.endpoint, then: curl -k ${url.origin}/minio/health/live`,
    unresolved: "check state.endpoint",
    handshake: "check state.endpoint: does the store speak TLS, is it https:// at all?",
    untrusted: () => "set state.ca_file to the authority of its certificate",
    unpinned: () => "set state.ca_file to the authority of its certificate",
    caFile: "name the certificate of the authority that signed the store's, as PEM",
    noHttp: "check state.endpoint: is it https://? MinIO speaks S3 on port 9000, and 9001 is its web page",
  },
};
