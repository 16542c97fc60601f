import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiUnderTest, apiUnderTest } from "./api/testing.ts";

let api: ApiUnderTest;
beforeAll(async () => {
  api = await apiUnderTest({ guests: 1 });
});
afterAll(() => api.close());

const status = "nodes/pve1/qemu/10001/status";

async function snippet(name: string, text: string): Promise<void> {
  const folder = join(api.lab.facts.directory, "storage", "local", "snippets");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, name), text);
}

const userData = (content: string) => `#cloud-config
user: ada
users: [default, { name: bob, ssh_authorized_keys: [ssh-ed25519 BBBB] }]
ssh_authorized_keys: [ssh-ed25519 AAAA]
write_files:
  - { path: /etc/one, content: ${content}, permissions: "0600" }
  - { path: /etc/two, content: dHdv, encoding: b64 }
packages: [docker.io]
runcmd: [reboot]
`;

test("own user data: keys and files at the first boot of an instance, not at the next", async () => {
  await snippet("user.yaml", userData("first"));
  await snippet("meta.yaml", "instance-id: i-1\n");
  await api.call("PUT", "nodes/pve1/qemu/10001/config", {
    cicustom: "user=local:snippets/user.yaml,meta=local:snippets/meta.yaml",
  });
  const inside = () => api.lab.world.guests["10001"]?.inside;
  expect(await api.task("POST", `${status}/reboot`)).toBe("OK");
  expect(inside()?.files).toMatchObject({
    "/home/ada/.ssh/authorized_keys": "ssh-ed25519 AAAA\n",
    "/home/bob/.ssh/authorized_keys": "ssh-ed25519 BBBB\n",
    "/etc/one": "first",
    "/etc/two": "two",
  });
  expect(inside()?.modes?.["/etc/one"]).toBe(0o600);
  await snippet("user.yaml", userData("second"));
  await api.task("POST", `${status}/reboot`);
  expect(inside()?.files["/etc/one"]).toBe("first");
  const hostKey = inside()?.hostKey;
  await snippet("meta.yaml", "instance-id: i-2\n");
  await api.task("POST", `${status}/reboot`);
  expect(inside()?.files["/etc/one"]).toBe("second");
  expect(inside()?.hostKey).not.toEqual(hostKey);
});

const home = (user: string) => `/home/${user}/.ssh/authorized_keys`;

test.each([
  { users: "users: [default]", has: ["debian"] },
  { users: "users: [{ name: bob, ssh_authorized_keys: [ssh-ed25519 BBBB] }]", has: ["bob"] },
  {
    users: "user: { name: ada }\nusers: [{ name: bob, ssh_authorized_keys: [ssh-ed25519 BBBB] }]",
    has: ["ada", "bob"],
  },
  { users: "user: { gecos: Ada }", has: ["debian"] },
])("who has keys after $users", async ({ users, has }) => {
  const id = users.replace(/\W+/g, "-");
  await snippet("user.yaml", `#cloud-config\n${users}\nssh_authorized_keys: [ssh-ed25519 AAAA]\n`);
  await snippet("meta.yaml", `instance-id: ${id}\n`);
  const guest = api.lab.world.guests["10001"];
  for (const user of ["debian", "ada", "bob"]) delete guest?.inside.files[home(user)];
  await api.call("PUT", "nodes/pve1/qemu/10001/config", {
    cicustom: "user=local:snippets/user.yaml,meta=local:snippets/meta.yaml",
    delete: "ciuser",
  });
  await api.task("POST", `${status}/stop`);
  expect(await api.task("POST", `${status}/start`)).toBe("OK");
  const those = ["debian", "ada", "bob"].filter((user) => guest?.inside.files[home(user)] !== undefined);
  expect(those.sort()).toEqual([...has].sort());
});

test("without meta data of its own, other user data or another address make another instance", async () => {
  await snippet("user.yaml", userData("first"));
  const guest = () => api.lab.world.guests["10001"];
  const bootWith = async (config: Record<string, string>) => {
    await api.call("PUT", "nodes/pve1/qemu/10001/config", config);
    await api.task("POST", `${status}/stop`);
    await api.task("POST", `${status}/start`);
    return guest()?.inside.hostKey.publicKey;
  };
  const first = await bootWith({ cicustom: "user=local:snippets/user.yaml" });
  expect(await bootWith({})).toBe(first);
  await snippet("user.yaml", userData("second"));
  const second = await bootWith({});
  expect(second).not.toBe(first);
  const ipconfig0 = String(guest()?.config.ipconfig0).replace(/ip=[^/,]+/, "ip=127.20.9.9");
  expect(await bootWith({ ipconfig0 })).not.toBe(second);
});
