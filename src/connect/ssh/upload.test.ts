import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { Secret } from "../../model/secret.ts";
import { createSshClient } from "./client.ts";
import { trustHost } from "./known-hosts.ts";
import { makeLogin, type SshTestServerOptions, startSshServer } from "./server.test-helper.ts";
import { upload } from "./upload.ts";

// The system's OpenSSH client, and real shells behind a real SSH server. `sudo` and `id` are stand-ins: the tests run
// under any user, and change no sudoers.

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const owner = `${userInfo().uid}:${userInfo().gid}`;
const limit = { timeoutMs: 20_000 };

/** A guest whose `sh` is the given program, with the given programs before the system's. */
async function guest(programs: Record<string, string>, options: Partial<SshTestServerOptions> = {}) {
  const folder = mkdtempSync(join(tmpdir(), "upload-"));
  const bin = join(folder, "bin");
  mkdirSync(bin);
  for (const [name, text] of Object.entries(programs)) {
    if (text.startsWith("/")) symlinkSync(text, join(bin, name));
    else writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  }
  const login = makeLogin();
  const server = await startSshServer({
    authorized: login.publicKey,
    path: `${bin}:/usr/bin:/bin`,
    ...options,
  });
  const client = createSshClient(login.settings, { home: login.home });
  open.unshift(client);
  open.push(server);
  trustHost(login.settings.knownHostsFile, server.target, server.hostKey);
  const place = join(folder, "it's a folder");
  mkdirSync(place);
  return { session: client.session(server.target), server, place, folder };
}

const asRoot = { id: "echo 0" };
const secret = "s3cret-of-upload-test";

test.each([["/bin/dash"], ["/bin/bash"], ["/bin/busybox"]])(
  "files arrive with content, mode and owner, over one connection: %s",
  async (shell) => {
    const { session, server, place } = await guest({ ...asRoot, sh: shell });
    const binary = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7) & 255));
    writeFileSync(join(place, "old"), "before", { mode: 0o644 });
    const lines: string[] = [];
    await upload(
      session,
      [
        { path: join(place, "binary"), content: binary, mode: 0o750, owner },
        { path: join(place, "old"), content: new Secret(secret), mode: 0o600, owner },
        { path: join(place, "empty"), content: "", mode: 0o644, owner },
      ],
      { ...limit, log: (line) => lines.push(line) },
    );
    expect(readFileSync(join(place, "binary")).equals(binary)).toBe(true);
    expect(readFileSync(join(place, "old"), "utf8")).toBe(secret);
    const modes = ["binary", "old", "empty"].map((name) => statSync(join(place, name)).mode & 0o7777);
    expect(modes).toEqual([0o750, 0o600, 0o644]);
    expect(readdirSync(place).sort()).toEqual(["binary", "empty", "old"]);
    expect(lines.map((line) => line.replace(/.*\//, ""))).toEqual([
      "binary has arrived (1 of 3)",
      "old has arrived (2 of 3)",
      "empty has arrived (3 of 3)",
    ]);
    expect(server.connections).toBe(1);
    expect(server.requests.join()).not.toContain(secret);
  },
);

test("one file that cannot be written leaves all as they were, and nothing beside them", async () => {
  const { session, place } = await guest(asRoot);
  writeFileSync(join(place, "a"), "before");
  mkdirSync(join(place, "b"));
  const files = ["a", "b"].map((name) => ({ path: join(place, name), content: "new", mode: 0o644, owner }));
  await expect(upload(session, files, limit)).rejects.toMatchObject({
    code: "ssh-upload",
    message: expect.stringMatching(/0 of 2 files were replaced: .*b is a folder$/),
  });
  expect(readFileSync(join(place, "a"), "utf8")).toBe("before");
  expect(readdirSync(place).sort()).toEqual(["a", "b"]);
});

test("a connection that is lost on the way changes nothing", async () => {
  const { session, place } = await guest({
    ...asRoot,
    sh: 'if [ "$1" = -c ]; then exec /bin/sh "$@"; fi; head -c 5000 | /bin/sh',
  });
  const path = join(place, "a");
  const content = "x".repeat(100_000);
  await expect(upload(session, [{ path, content, mode: 0o644, owner }], limit)).rejects.toMatchObject({
    code: "ssh-upload",
  });
  expect(readdirSync(place)).toEqual([]);
});

test("a user who is not root writes with sudo, which must not ask", async () => {
  const sudo = 'echo "$*" >"$(dirname "$0")/asked"; shift; exec "$@"';
  const { session, place, folder } = await guest({ id: "echo 1000", sudo });
  await upload(session, [{ path: join(place, "a"), content: secret, mode: 0o600, owner }], limit);
  expect(readFileSync(join(place, "a"), "utf8")).toBe(secret);
  expect(readFileSync(join(folder, "bin", "asked"), "utf8")).toBe("-n sh\n");
});

test("without the right to use sudo, that is said", async () => {
  const refusal = "echo 'sudo: a password is required' >&2; exit 1";
  const { session, place } = await guest({ id: "echo 1000", sudo: refusal });
  const file = { path: join(place, "a"), content: "x", mode: 0o644, owner };
  await expect(upload(session, [file], limit)).rejects.toMatchObject({
    code: "ssh-upload",
    hint: "tester needs sudo without a password there",
  });
  expect(readdirSync(place)).toEqual([]);
});

test.each([
  { path: "relative" },
  { path: "/etc/" },
  { path: "/etc/a\nb" },
  { owner: "root;id" },
  { mode: 0o10000 },
  { content: Buffer.alloc(16 * 1024 * 1024 + 1) },
])("what cannot be uploaded is refused before anything is opened: %o", async (wrong) => {
  const { session, server } = await guest({});
  const file = { path: "/etc/a", content: "x", mode: 0o644, owner: "root:root", ...wrong };
  await expect(upload(session, [file], limit)).rejects.toMatchObject({ code: "ssh-upload-files" });
  expect(server.connections).toBe(0);
});
