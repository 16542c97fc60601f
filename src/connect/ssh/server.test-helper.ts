import { spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ssh2 from "ssh2";
import type { SshSettings, SshTarget } from "./types.ts";

export interface SshTestServer {
  target: SshTarget;
  /** The host's public key, `TYPE BASE64`. */
  hostKey: string;
  /** Connections that came to the end of the key exchange or not. */
  connections: number;
  /** What `ssh HOST …` was asked to run. */
  requests: string[];
  close(): Promise<void>;
}

export interface SshTestServerOptions {
  /** Runs on the channel instead of a real `sh` that reads its script from the client. */
  onExec?: (channel: ssh2.ServerChannel) => void;
  /** PATH of the `sh`; the system's folders by default. */
  path?: string;
  /** Shown before the login. */
  banner?: string;
  /** Sends banner after banner instead of an answer to the login. */
  endlessBanner?: true;
  /** Ends the connection with a text of its own. */
  hangUp?: { at: "authentication" | "ready"; text: string };
  /** Public key that may log in. */
  authorized: string;
}

/** A real SSH server on 127.0.0.1 with a host key of its own. */
export async function startSshServer(options: SshTestServerOptions): Promise<SshTestServer> {
  const host = makeKeyPair();
  const clients = new Set<ssh2.Connection>();
  const allowed = ssh2.utils.parseKey(options.authorized);
  if (allowed instanceof Error) throw allowed;
  const banner = options.banner === undefined ? {} : { banner: options.banner };
  const server = new ssh2.Server({ hostKeys: [host.private], ...banner }, (client) => {
    result.connections += 1;
    clients.add(client);
    client.on("error", () => undefined);
    client.on("close", () => clients.delete(client));
    const { hangUp } = options;
    if (hangUp?.at === "ready") client.once("ready", () => disconnect(client, hangUp.text));
    client.on("authentication", (context) => {
      if (options.endlessBanner) return sendBanners(client);
      if (hangUp?.at === "authentication") return disconnect(client, hangUp.text);
      const fits = context.method === "publickey" && allowed.getPublicSSH().equals(context.key.data);
      if (fits) context.accept();
      else context.reject(["publickey"]);
    });
    // A jump host whose way on leads nowhere.
    client.on("tcpip", (accept) => accept());
    client.on("session", (accept) => {
      accept().on("exec", (acceptExec, _, info) => {
        result.requests.push(info.command);
        const channel = acceptExec();
        if (options.onExec !== undefined) options.onExec(channel);
        else serveShell(channel, info.command, options.path);
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const result: SshTestServer = {
    target: { host: "127.0.0.1", port: (server.address() as AddressInfo).port, user: "tester" },
    hostKey: host.public.trim(),
    connections: 0,
    requests: [],
    close: async () => {
      for (const client of clients) client.end();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return result;
}

/** What of a connection of ssh2 sends a packet; its own disconnect has no text. */
interface Sender {
  _protocol: {
    _packetRW: {
      write: { allocStart: number; alloc(size: number): Buffer; finalize(packet: Buffer): Buffer };
    };
    _cipher: { encrypt(packet: Buffer): void };
  };
}

/** SSH_MSG_DISCONNECT, RFC 4253, 11.1: number, reason, text, language. */
function disconnect(client: ssh2.Connection, text: string): void {
  send(client, Buffer.from([1, 0, 0, 0, 2]), sshString(text), sshString(""));
}

/** SSH_MSG_USERAUTH_BANNER, RFC 4252, 5.4: number, text, language. */
function sendBanners(client: ssh2.Connection): void {
  let open = true;
  client.once("close", () => {
    open = false;
  });
  const text = "Welcome, and read on\n".repeat(1000);
  const more = () => {
    if (!open) return;
    send(client, Buffer.from([53]), sshString(text), sshString(""));
    setImmediate(more);
  };
  more();
}

function sshString(text: string): Buffer {
  const bytes = Buffer.from(text);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function send(client: ssh2.Connection, ...parts: Buffer[]): void {
  const { _packetRW: packets, _cipher: cipher } = (client as unknown as Sender)._protocol;
  const payload = Buffer.concat(parts);
  const packet = packets.write.alloc(payload.length);
  payload.copy(packet, packets.write.allocStart);
  cipher.encrypt(packets.write.finalize(packet));
}

function serveShell(channel: ssh2.ServerChannel, command: string, path = "/usr/bin:/bin"): void {
  const shell = spawn("/bin/sh", ["-c", command], { env: { PATH: path } });
  channel.pipe(shell.stdin);
  shell.stdin.on("error", () => undefined);
  shell.stdout.on("data", (chunk) => channel.write(chunk));
  shell.stderr.on("data", (chunk) => channel.stderr.write(chunk));
  channel.on("close", () => shell.kill());
  shell.on("close", (code) => {
    channel.exit(code ?? 1);
    channel.end();
  });
}

export interface TestLogin {
  /** An empty home. */
  home: string;
  identityFile: string;
  publicKey: string;
  settings: SshSettings;
}

/** An ed25519 key in OpenSSH's formats. ssh2 1.17 makes one in some 400 that it cannot read itself. */
function makeKeyPair(): { private: string; public: string } {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync("ed25519");
    if (!(ssh2.utils.parseKey(pair.private) instanceof Error)) return pair;
  }
}

/** A key, a home and an empty list of known hosts in a new temporary folder. */
export function makeLogin(): TestLogin {
  const home = mkdtempSync(join(tmpdir(), "ssh-home-"));
  const key = makeKeyPair();
  const identityFile = join(home, "key");
  writeFileSync(identityFile, key.private, { mode: 0o600 });
  const knownHostsFile = join(home, "state", "known_hosts");
  return {
    home,
    identityFile,
    publicKey: key.public,
    settings: { identityFile, knownHostsFile, concurrency: 32 },
  };
}
