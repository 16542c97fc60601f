import type { Socket } from "node:net";
import type { Connection, Server } from "ssh2";
import ssh2 from "ssh2";
import { hasFault } from "../core.ts";
import { authenticate } from "./authentication.ts";
import type { SeenCommand, SshContext } from "./context.ts";
import { serveForwarding } from "./forward.ts";
import { changedHostKey } from "./host-key.ts";
import type { Machine } from "./machine.ts";
import { serveSession } from "./session.ts";

// What a current sshd offers and ssh2 has. AES-GCM comes first because Node does it natively.
const algorithms = {
  kex: ["curve25519-sha256", "curve25519-sha256@libssh.org", "ecdh-sha2-nistp256", "ecdh-sha2-nistp384"],
  cipher: ["aes256-gcm@openssh.com", "aes128-gcm@openssh.com", "aes256-ctr", "aes128-ctr"],
  hmac: ["hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com", "hmac-sha2-256", "hmac-sha2-512"],
  serverHostKey: ["ssh-ed25519"],
  compress: ["none"],
} as const;

export interface Endpoint {
  context: SshContext;
  /** The machine as it is now; undefined once it is gone. */
  machine(): Machine | undefined;
  record(seen: Omit<SeenCommand, "at">): void;
  /** True where another machine of the lab listens. */
  mayReach(address: string, port: number): boolean;
}

/** Takes over sockets for one machine. The SSH server behind is made on the first connection and kept. */
export function makeAcceptor(endpoint: Endpoint): (socket: Socket) => void {
  let server: Server | undefined;
  let madeFor = "";
  return (socket) => {
    socket.on("error", () => {});
    const machine = endpoint.machine();
    if (machine === undefined) return void socket.destroy();
    if (hasFault(endpoint.context.world, "ssh-mute", machine.target)) return void socket.resume();
    const changed = hasFault(endpoint.context.world, "host-key-changed", machine.target);
    const key = changed ? changedHostKey(machine.hostKey) : machine.hostKey;
    if (server === undefined || madeFor !== key.privateKey) {
      server = makeServer(endpoint, key.privateKey);
      madeFor = key.privateKey;
    }
    server.injectSocket(socket);
  };
}

function makeServer(endpoint: Endpoint, privateKey: string): Server {
  const { Server } = ssh2;
  const config = { hostKeys: [privateKey], ident: "OpenSSH_10.0p2 Debian-7", algorithms: mutable() };
  const server = new Server(config, (connection) => serveConnection(endpoint, connection));
  server.on("error", (error: Error) => endpoint.context.log?.(`ssh: ${error.message}`));
  return server;
}

function mutable() {
  const { kex, cipher, hmac, serverHostKey, compress } = algorithms;
  return {
    kex: [...kex],
    cipher: [...cipher],
    hmac: [...hmac],
    serverHostKey: [...serverHostKey],
    compress: [...compress],
  };
}

function serveConnection(endpoint: Endpoint, connection: Connection): void {
  let user = "";
  // Clients that go away in the middle are everyday life.
  connection.on("error", () => {});
  connection.on("authentication", (attempt) => {
    user = attempt.username;
    authenticate(endpoint.machine(), attempt);
  });
  serveForwarding(connection, endpoint.mayReach);
  connection.on("session", (accept) => {
    const session = accept();
    const where = endpoint.machine()?.name ?? "";
    if (session === undefined) return;
    const record = (command: Omit<SeenCommand, "at" | "where">) => endpoint.record({ where, ...command });
    serveSession({ context: endpoint.context, machine: endpoint.machine, user, record }, session);
  });
}
