import type { ServerWords } from "../http/types.ts";

export const proxmoxWords: ServerWords = {
  code: "proxmox",
  name: "Proxmox",
  hints: {
    timeout: "look at `systemctl status pveproxy pvedaemon` on the node, or allow more with --timeout",
    unreachable: (url) => `check proxmox.endpoint, then: curl -k ${url.origin}`,
    unresolved: "check proxmox.endpoint, or use the address of a node",
    handshake: "check the port (8006 is Proxmox's own) and that the server speaks TLS 1.2 or newer",
    untrusted: (seen) =>
      `if \`pvenode cert info\` on the node shows the same, set proxmox.tls.fingerprint: ${seen}`,
    unpinned: (seen) =>
      `find out why it changed (\`pvenode cert info\` on the node shows the true one), then set proxmox.tls.fingerprint: ${seen}`,
    caFile: "copy /etc/pve/pve-root-ca.pem from a node, or set proxmox.tls.fingerprint instead",
    noHttp: "check proxmox.endpoint: Proxmox VE serves its API on port 8006",
  },
};
