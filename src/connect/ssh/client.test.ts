import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { createSshClient } from "./client.ts";
import type { SshClient, SshSettings } from "./types.ts";

// A stand-in for the client program: a shell script that writes down what it was given.

const clients: SshClient[] = [];

afterEach(async () => {
  vi.unstubAllEnvs();
  for (const client of clients.splice(0)) await client.close();
});

/** `$log` gets one line per connection; `-Q kex` is answered with `kex`. */
function fakeSsh(body: string, settings: Partial<SshSettings> = {}, kex = "curve25519-sha256") {
  const folder = mkdtempSync(join(tmpdir(), "fake-ssh-"));
  const program = join(folder, "ssh");
  const log = join(folder, "log");
  const script = `#!/bin/sh\nlog=${log}\n[ "$1" = -Q ] && { echo ${kex}; exit; }\necho "$*" >>"$log"\nfor command; do :; done\n${body}\n`;
  writeFileSync(program, script, { mode: 0o755 });
  const own = { knownHostsFile: join(folder, "known_hosts"), concurrency: 32, userConfigFile: null };
  const client = createSshClient(
    { ...own, ...settings },
    { program, home: folder, systemConfigFile: join(folder, "ssh_config") },
  );
  clients.push(client);
  return { client, folder, lines: () => readFileSync(log, "utf8").trim().split("\n") };
}

/** Logs in and runs the command. */
const login = 'echo "Authenticated to web" >>"$4"';
const guest = `${login}; exec sh -c "$command"`;

const web = { host: "10.0.0.5", port: 2222, user: "root" };
const limit = { timeoutMs: 10_000 };

test("ssh is called with our configuration, and the target as arguments", async () => {
  const { client, lines } = fakeSsh(guest);
  await client.session(web).run("echo hi", limit);
  expect(lines()[0]).toMatch(
    /^-F (\/\S+) -E \1\.log-1 -o ConnectTimeout=10 -o LogLevel=VERBOSE -p 2222 -l root -- 10\.0\.0\.5 echo hi$/,
  );
});

test("the configuration is private, and gone after close", async () => {
  const { client, folder, lines } = fakeSsh(
    `cp "$2" $(dirname $0)/seen; stat -c %a "$2" $(dirname "$2") >>$log; ${guest}`,
    {
      identityFile: "/keys/50%",
    },
  );
  await client.session(web).run("true", limit);
  expect(lines().slice(1)).toEqual(["600", "700"]);
  const config = readFileSync(join(folder, "seen"), "utf8").split("\n");
  expect(config).toEqual(
    expect.arrayContaining([
      "BatchMode yes",
      "StrictHostKeyChecking yes",
      "UpdateHostKeys no",
      "ForwardAgent no",
      'IdentityFile "/keys/50%%"',
      `UserKnownHostsFile "${folder}/.ssh/known_hosts" "${folder}/.ssh/known_hosts2" "${folder}/known_hosts"`,
    ]),
  );
  const file = lines()[0]?.split(" ")[1] ?? "";
  expect(existsSync(file)).toBe(true);
  await client.close();
  expect(existsSync(dirname(file))).toBe(false);
  await expect(client.session(web).run("true", limit)).rejects.toThrow("closed");
});

test("without a place for its configuration, that is said", async () => {
  const { client, folder } = fakeSsh(guest);
  vi.stubEnv("TMPDIR", join(folder, "nowhere"));
  await expect(client.session(web).run("true", limit)).rejects.toMatchObject({
    kind: "undetermined",
    code: "ssh-workspace",
    message: expect.stringContaining(join(folder, "nowhere")),
    hint: expect.stringContaining("TMPDIR"),
  });
});

test("included files come after what must hold and before what they may override", async () => {
  const { client, folder } = fakeSsh(
    `cp "$2" $(dirname $0)/seen; ${guest}`,
    { userConfigFile: "/etc/hostname" },
    "mlkem768x25519-sha256",
  );
  writeFileSync(join(folder, "ssh_config"), "");
  await client.session(web).run("true", limit);
  const config = readFileSync(join(folder, "seen"), "utf8");
  const order = ["StrictHostKeyChecking", 'Include "/etc/hostname"', 'ssh_config"', "KexAlgorithms"];
  expect(order.map((text) => config.indexOf(text)).toSorted((a, b) => a - b)).toEqual(
    order.map((text) => config.indexOf(text)),
  );
  expect(config).toContain("KexAlgorithms ^mlkem768x25519-sha256");
});

test("a key exchange the client does not know is not asked for", async () => {
  const { client, folder } = fakeSsh(`cp "$2" $(dirname $0)/seen; ${guest}`);
  await client.session(web).run("true", limit);
  expect(readFileSync(join(folder, "seen"), "utf8")).not.toContain("KexAlgorithms");
});

test("Proxmox and Terraform secrets of the caller are not handed on", async () => {
  vi.stubEnv("PROXMOX_VE_API_TOKEN", "secret");
  vi.stubEnv("TF_VAR_password", "secret");
  vi.stubEnv("SSH_AUTH_SOCK", "/run/agent");
  const { client } = fakeSsh(guest);
  const { stdout } = await client.session(web).run("env", limit);
  expect(stdout).not.toContain("secret");
  expect(stdout).toContain("SSH_AUTH_SOCK=/run/agent");
});

test("a command has its own exit code, input, output and messages", async () => {
  const { client, lines } = fakeSsh(guest);
  const command = "cat; echo out; echo err >&2; exit 3";
  await expect(client.session(web).run(command, { ...limit, stdin: "in\n" })).resolves.toEqual({
    exitCode: 3,
    stdout: "in\nout\n",
    stderr: "err\n",
  });
  await expect(client.session(web).run("exit 255", limit)).resolves.toMatchObject({ exitCode: 255 });
  expect(lines()).toHaveLength(2);
});

test("a connection that dies midway is a failure that says why", async () => {
  const { client } = fakeSsh(`${login}; echo one; echo 'Connection reset by peer' >>$4; exit 255`);
  const lines: string[] = [];
  const onLine = (line: string) => lines.push(line);
  await expect(client.session(web).run("true", { ...limit, onLine })).rejects.toMatchObject({
    code: "ssh-failed",
    message: expect.stringContaining("reset"),
  });
  expect(lines).toEqual(["one"]);
});

test("a connection that times out after the login was lost, and says so", async () => {
  const { client } = fakeSsh(`${login}; echo 'Read from remote host: Connection timed out' >>$4; exit 255`);
  await expect(client.session(web).run("true", limit)).rejects.toMatchObject({
    code: "ssh-failed",
    message: expect.stringContaining("Connection timed out"),
  });
});

test("lines are told when they arrive, not when the connection ends", async () => {
  const { client, folder } = fakeSsh(guest);
  const gate = join(folder, "gate");
  const first = Promise.withResolvers<string>();
  const run = client.session(web).run(`echo one; until [ -e ${gate} ]; do :; done; echo two`, {
    ...limit,
    onLine: first.resolve,
  });
  await expect(first.promise).resolves.toBe("one");
  writeFileSync(gate, "");
  await expect(run).resolves.toMatchObject({ stdout: "one\ntwo\n" });
});

test("a command that takes longer than its limit is silent after the login, and late before it", async () => {
  const late = { timeoutMs: 300 };
  const { client } = fakeSsh(guest);
  await expect(client.session(web).run("sleep 60", late)).rejects.toMatchObject({ code: "ssh-silent" });
  const before = fakeSsh("sleep 60");
  await expect(before.client.session(web).run("true", late)).rejects.toMatchObject({ code: "ssh-timeout" });
});

test("no more connections than allowed, and waiting for a place is not in the limit", async () => {
  const { client, lines } = fakeSsh('echo start >>$log; eval "$command"; echo end >>$log', {
    concurrency: 1,
  });
  const answers = await Promise.all(
    [1, 2, 3].map((index) =>
      client.session({ ...web, host: `10.0.0.${index}` }).run("sleep 0.5", { timeoutMs: 1200 }),
    ),
  );
  expect(answers.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
  expect(
    lines()
      .filter((line) => /^(start|end)$/.test(line))
      .slice(0, 5),
  ).toEqual(["start", "end", "start", "end", "start"]);
});

test("a limit that is asked for is asked when the connection starts", async () => {
  const { client, folder, lines } = fakeSsh(guest, { concurrency: 1 });
  const gate = join(folder, "gate");
  const asked: string[] = [];
  const limitOf = (name: string) => () => {
    asked.push(name);
    return 10_000;
  };
  const first = client.session(web).run(`until [ -e ${gate} ]; do :; done`, { timeoutMs: limitOf("first") });
  const second = client.session({ ...web, port: 2223 }).run("true", { timeoutMs: limitOf("second") });
  await vi.waitFor(() => expect(lines()).toHaveLength(1), { timeout: 10_000 });
  expect(asked).toEqual(["first"]);
  writeFileSync(gate, "");
  await Promise.all([first, second]);
  expect(asked).toEqual(["first", "second"]);
});

test("a guest that prints without end is ended at the bound, and the lines before have arrived", async () => {
  const { client } = fakeSsh(guest);
  const lines: string[] = [];
  const onLine = (line: string) => lines.push(line);
  const command = "echo one; head -c 100000000 /dev/zero | tr '\\0' x";
  await expect(client.session(web).run(command, { ...limit, onLine })).rejects.toMatchObject({
    code: "ssh-too-much",
  });
  expect(lines).toEqual(["one"]);
});

test.each([
  ["a banner", "yes 'Welcome' >&2"],
  ["what comes before the login", "exec yes"],
])("%s without end is ended at the bound", async (_, body) => {
  const { client } = fakeSsh(body);
  await expect(client.session(web).run("true", limit)).rejects.toMatchObject({ code: "ssh-too-much" });
});

test("a missing client program says how to get it", async () => {
  const settings = { knownHostsFile: "/nowhere", concurrency: 1 };
  const client = createSshClient(settings, { program: "/no/ssh" });
  clients.push(client);
  await expect(client.session(web).run("true", limit)).rejects.toMatchObject({
    code: "program-missing",
    hint: expect.stringContaining("openssh-client"),
  });
});

test.each([
  ["-oProxyCommand=x", "root"],
  ["10.0.0.5", "-oProxyCommand=x"],
  ["a b", "root"],
  ["", "root"],
  ["$(id)", "root"],
])("the target %j, %j is refused", (host, user) => {
  const { client } = fakeSsh(guest);
  expect(() => client.session({ host, port: 22, user })).toThrow(
    expect.objectContaining({ code: "ssh-target" }),
  );
});
