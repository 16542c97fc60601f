import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ssh2 from "ssh2";
import { expect, test } from "vitest";
import { fingerprintOf, trustedKeys, trustHost } from "./known-hosts.ts";

const newKey = () => ssh2.utils.generateKeyPairSync("ed25519").public.trim();
const newFile = () => join(mkdtempSync(join(tmpdir(), "known-")), "deep", "known_hosts");

test("a new host is added, with its port where that is not 22", () => {
  const file = newFile();
  const [web, db] = [newKey(), newKey()];
  expect(trustHost(file, { host: "Web.lan", port: 22 }, `${web} root@web`)).toEqual({
    outcome: "added",
    fingerprint: fingerprintOf(web),
    previous: [],
  });
  trustHost(file, { host: "10.0.0.2", port: 2222 }, db);
  expect(readFileSync(file, "utf8")).toBe(`web.lan ${web}\n[10.0.0.2]:2222 ${db}\n`);
  expect(trustedKeys(file, { host: "10.0.0.2", port: 2222 })).toEqual([db]);
  expect(trustedKeys(file, { host: "10.0.0.2", port: 22 })).toEqual([]);
  expect(readdirSync(join(file, ".."))).toEqual(["known_hosts"]);
});

test("the same key again changes nothing", () => {
  const file = newFile();
  const key = newKey();
  trustHost(file, { host: "a", port: 22 }, key);
  expect(trustHost(file, { host: "a", port: 22 }, key)).toMatchObject({ outcome: "unchanged", previous: [] });
});

test("another key replaces every key of that host and no other line", () => {
  const file = newFile();
  const [old, now, other] = [newKey(), newKey(), newKey()];
  trustHost(file, { host: "b", port: 22 }, other);
  writeFileSync(file, `# mine\na ${old}\na ssh-rsa AAAAB3NzaC1yc2E=\nb ${other}\n`);
  expect(trustHost(file, { host: "a", port: 22 }, now)).toEqual({
    outcome: "replaced",
    fingerprint: fingerprintOf(now),
    previous: [fingerprintOf(old), fingerprintOf("ssh-rsa AAAAB3NzaC1yc2E=")],
  });
  expect(readFileSync(file, "utf8")).toBe(`# mine\nb ${other}\na ${now}\n`);
});

test("the fingerprint is the one ssh-keygen shows", () => {
  const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFhldVmIMCCxKz3uDdIkOHLeVdbxdIFAUcYFhCRQXcIi lab";
  expect(fingerprintOf(key)).toBe("SHA256:8jMRVk6yipRF9blJBbqOswArrVDL1U4ZLL08IpDmCRU");
});

test.each(["", "text", "ssh-ed25519", "ssh-ed25519 AAAA", "ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIA=="])(
  "%j is no key, and nothing is written",
  (text) => {
    const file = newFile();
    expect(() => trustHost(file, { host: "a", port: 22 }, text)).toThrow("no SSH public key");
    expect(trustedKeys(file, { host: "a", port: 22 })).toEqual([]);
  },
);

test("a pipe in place of the file is refused, and not waited for", () => {
  const pipe = join(mkdtempSync(join(tmpdir(), "known-hosts-")), "known_hosts");
  execFileSync("mkfifo", [pipe]);
  expect(() => trustedKeys(pipe, { host: "10.0.0.5", port: 22 })).toThrow(
    expect.objectContaining({ code: "ssh-known-hosts" }),
  );
});
