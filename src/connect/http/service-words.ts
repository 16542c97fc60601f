import type { ServerWords } from "./types.ts";

const authority = "set health.services_ca_file to the certificate of the authority that signed it";

/** For services of the inventory, whatever they are. */
export const serviceWords: ServerWords = {
  code: "service",
  name: "the service",
  hints: {
    timeout: "is its machine overloaded, or its health_path slow? --timeout allows more",
    unreachable: (url) => `does it run, and does a firewall let it in? curl -v ${url.href}`,
    unresolved: "look the name up, or give the service a url with an address",
    handshake: "check its url: does it speak TLS 1.2 or newer on that port, or is it http://?",
    untrusted: () => authority,
    unpinned: () => authority,
    caFile: "name the certificate of your own authority, as PEM",
    noHttp: "check its url: is it the right port, and https://?",
  },
};
