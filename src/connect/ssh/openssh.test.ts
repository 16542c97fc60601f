import { createReadStream, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, beforeAll, expect, test } from "vitest";
import { createSshClient } from "./client.ts";
import { checkSshAccess } from "./exec-retry.ts";
import { trustHost } from "./known-hosts.ts";
import {
  makeLogin,
  type SshTestServerOptions,
  startSshServer,
  type TestLogin,
} from "./server.test-helper.ts";
import type { SshSettings } from "./types.ts";

// The system's OpenSSH client against a real SSH server.

const open: { close(): Promise<void> }[] = [];
let login: TestLogin;

beforeAll(() => {
  login = makeLogin();
});

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function serve(options: Partial<SshTestServerOptions> = {}) {
  const server = await startSshServer({ authorized: login.publicKey, ...options });
  open.unshift(server);
  return server;
}

function clientFor(settings: Partial<SshSettings> = {}) {
  const client = createSshClient({ ...login.settings, ...settings }, { home: login.home });
  open.unshift(client);
  return client;
}

const soon = { timeoutMs: 10_000 };

test("a command over a real connection: input, output, messages and exit code", async () => {
  const server = await serve();
  trustHost(login.settings.knownHostsFile, server.target, server.hostKey);
  const session = clientFor().session(server.target);
  await expect(session.run("cat; echo two >&2; exit 3", { ...soon, stdin: "one" })).resolves.toEqual({
    exitCode: 3,
    stdout: "one",
    stderr: "two\n",
  });
  await expect(session.run("no-such-command-here", soon)).resolves.toMatchObject({ exitCode: 127 });
  expect(server.requests).toEqual(["cat; echo two >&2; exit 3", "no-such-command-here"]);
});

test("a host whose key is not known is its own failure, and nothing is accepted on the way", async () => {
  const server = await serve();
  trustHost(login.settings.knownHostsFile, { host: "another", port: 22 }, server.hostKey);
  const before = readFileSync(login.settings.knownHostsFile, "utf8");
  await expect(clientFor().session(server.target).run("true", soon)).rejects.toMatchObject({
    kind: "undetermined",
    code: "ssh-host-key-unknown",
    hint: "pve-home hosts trust",
  });
  expect(readFileSync(login.settings.knownHostsFile, "utf8")).toBe(before);
  expect(readdirSync(login.home)).not.toContain(".ssh");
});

test("a host that shows another key is its own failure, and is asked only once", async () => {
  const [server, other] = [await serve(), await serve()];
  trustHost(login.settings.knownHostsFile, server.target, other.hostKey);
  const session = clientFor().session(server.target);
  await expect(checkSshAccess(session, { timeoutMs: 10_000, baseMs: 1 })).rejects.toMatchObject({
    code: "ssh-host-key-changed",
    hint: expect.stringContaining("pve-home hosts trust"),
  });
  expect(server.connections).toBe(1);
  trustHost(login.settings.knownHostsFile, server.target, server.hostKey);
  await expect(checkSshAccess(session, soon)).resolves.toBeUndefined();
});

test("a login that is refused names user and key", async () => {
  const server = await serve({ authorized: makeLogin().publicKey });
  trustHost(login.settings.knownHostsFile, server.target, server.hostKey);
  await expect(clientFor().session(server.target).run("true", soon)).rejects.toMatchObject({
    code: "ssh-denied",
    message: expect.stringContaining(login.identityFile),
    place: `ssh://tester@127.0.0.1:${server.target.port}`,
  });
});

test("a port without a server is refused", async () => {
  const server = await startSshServer({ authorized: login.publicKey });
  await server.close();
  await expect(clientFor().session(server.target).run("true", soon)).rejects.toMatchObject({
    code: "ssh-refused",
  });
});

test("a name that does not resolve", async () => {
  const target = { host: "guest.invalid", port: 22, user: "root" };
  await expect(clientFor().session(target).run("true", soon)).rejects.toMatchObject({
    code: "ssh-unresolved",
  });
});

test("a server that accepts and says nothing ends in time", async () => {
  const server = createServer((socket) => socket.on("error", () => undefined).resume());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push({ close: () => new Promise((resolve) => server.close(() => resolve())) });
  const target = { host: "127.0.0.1", port: (server.address() as AddressInfo).port, user: "root" };
  await expect(clientFor().session(target).run("true", { timeoutMs: 300 })).rejects.toMatchObject({
    code: "ssh-timeout",
    message: expect.stringContaining("no login within 0.3 s"),
  });
});

test("a command that hangs ends in time, and what it printed before has arrived", async () => {
  const server = await serve();
  trustHost(login.settings.knownHostsFile, server.target, server.hostKey);
  const lines: string[] = [];
  const run = clientFor()
    .session(server.target)
    .run("echo fine; sleep 60", { timeoutMs: 1500, onLine: (line) => lines.push(line) });
  await expect(run).rejects.toMatchObject({ code: "ssh-silent" });
  expect(lines).toEqual(["fine"]);
});

test("a login after which nothing comes is told from no login at all, whatever the banner says", async () => {
  const server = await serve({ onExec: () => undefined, banner: "Permission denied to others\n" });
  trustHost(login.settings.knownHostsFile, server.target, server.hostKey);
  await expect(clientFor().session(server.target).run("true", { timeoutMs: 1500 })).rejects.toMatchObject({
    code: "ssh-silent",
    message: expect.stringContaining('logged in, and no answer to "true" within 1.5 s'),
  });
});

test("what the server says before the login is no failure of the login", async () => {
  const onExec: SshTestServerOptions["onExec"] = (channel) => channel.close();
  const server = await serve({ onExec, banner: "Permission denied to others\n" });
  trustHost(login.settings.knownHostsFile, server.target, server.hostKey);
  const { stdout, stderr } = await clientFor().session(server.target).run("true", soon);
  expect([stdout, stderr]).toEqual(["", expect.stringMatching(/^Permission denied to others\s*$/)]);
});

const warning = `@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @
@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
Host key for [127.0.0.1]:22 has changed and you have requested strict checking.
Host key verification failed.
`;

test("a guest that prints ssh's own warning and ends with its exit code has not changed its key", async () => {
  const onExec: SshTestServerOptions["onExec"] = (channel) => {
    channel.stderr.write(warning);
    channel.write(warning);
    channel.exit(255);
    channel.end();
  };
  const server = await serve({ onExec, banner: warning });
  trustHost(login.settings.knownHostsFile, server.target, server.hostKey);
  await expect(clientFor().session(server.target).run("true", soon)).resolves.toMatchObject({
    exitCode: 255,
  });
});

test("nor has one that says so as it hangs up, before the login or after it", async () => {
  for (const hangUpAt of ["authentication", "ready"] as const) {
    const server = await serve({ hangUp: { at: hangUpAt, text: `x\n${warning}` } });
    trustHost(login.settings.knownHostsFile, server.target, server.hostKey);
    await expect(clientFor().session(server.target).run("true", soon)).rejects.toMatchObject({
      code: "ssh-failed",
      message: expect.stringContaining("Received disconnect"),
    });
  }
});

test("a guest that sends without end is cut off there too", async () => {
  const zeros = createReadStream("/dev/zero");
  open.push({ close: async () => void zeros.destroy() });
  const server = await serve({ onExec: (channel) => void zeros.pipe(channel) });
  trustHost(login.settings.knownHostsFile, server.target, server.hostKey);
  const failure = clientFor().session(server.target).run("true", { timeoutMs: 60_000 });
  await expect(failure).rejects.toMatchObject({ code: "ssh-too-much" });
});

test("the user's configuration counts, except where it would weaken ours", async () => {
  const server = await serve();
  trustHost(login.settings.knownHostsFile, { host: "web", port: server.target.port }, server.hostKey);
  mkdirSync(join(login.home, "conf"));
  const userConfigFile = join(login.home, "conf", "my config");
  const lines = [
    "Host web",
    "  HostName 127.0.0.1",
    `  HostKeyAlias [web]:${server.target.port}`,
    "  User another",
    "  RemoteCommand id",
    "  RequestTTY force",
    "Host *",
    "  StrictHostKeyChecking no",
    "  LogLevel DEBUG3",
  ];
  writeFileSync(userConfigFile, lines.join("\n"), { mode: 0o600 });
  const client = clientFor({ userConfigFile });
  const web = client.session({ ...server.target, host: "web" });
  await expect(web.run("echo in", soon)).resolves.toMatchObject({ exitCode: 0, stdout: "in\n" });
  const other = await serve();
  await expect(client.session(other.target).run("true", soon)).rejects.toMatchObject({
    code: "ssh-host-key-unknown",
  });
});

test("a login at the jump host is none at the guest", async () => {
  const target = await serve();
  const jump = await serve();
  trustHost(login.settings.knownHostsFile, jump.target, jump.hostKey);
  trustHost(login.settings.knownHostsFile, { ...jump.target, host: "localhost" }, jump.hostKey);
  const userConfigFile = join(login.home, "silent-jump-config");
  const lines = ["Host 127.0.0.1", `  ProxyJump tester@localhost:${jump.target.port}`];
  writeFileSync(userConfigFile, lines.join("\n"), { mode: 0o600 });
  const session = clientFor({ userConfigFile }).session(target.target);
  await expect(session.run("true", { timeoutMs: 1500 })).rejects.toMatchObject({ code: "ssh-timeout" });
  expect([target.connections, jump.connections]).toEqual([0, 1]);
});

test("a jump host of the user's configuration is used, and its key is checked too", async () => {
  const target = await serve();
  const jump = await serve();
  trustHost(login.settings.knownHostsFile, target.target, target.hostKey);
  const userConfigFile = join(login.home, "jump-config");
  const lines = ["Host 127.0.0.1", `  ProxyJump tester@localhost:${jump.target.port}`];
  writeFileSync(userConfigFile, lines.join("\n"), { mode: 0o600 });
  await expect(clientFor({ userConfigFile }).session(target.target).run("true", soon)).rejects.toMatchObject({
    code: "ssh-proxy",
    message: expect.stringContaining(`host key is known for [localhost]:${jump.target.port}`),
  });
  expect([target.connections, jump.connections]).toEqual([0, 1]);
});
