import { rmSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { identify } from "../api/identity.ts";
import { allowed } from "../api/route.ts";
import type { LabCore } from "../core.ts";
import { makeKeys, makeWorld, startTestLab, type TestLab } from "./servers.test-helper.ts";

let lab: TestLab;
let folder: string;

beforeAll(async () => {
  const keys = await makeKeys({ user: ["-t", "ed25519"] });
  folder = keys.folder;
  lab = await startTestLab(makeWorld(await keys.publicKey("user")), folder);
});
afterAll(async () => {
  await lab?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const ask = (command: string) => lab.client("ssh", ["node", command]);

/** Runs commands in one connection, and makes a user with a token as pveum prints it. */
async function token(user: string, privsep: 0 | 1, ...before: string[]): Promise<string> {
  const make = [
    `pveum user add ${user} --comment 'a test'`,
    `pveum user token add ${user} t --privsep ${privsep}`,
  ];
  const { code, out, err } = await ask([...before, ...make].join(" && "));
  expect({ code, err }).toEqual({ code: 0, err: "" });
  return `${user}!t=${/│ value +│ ([0-9a-f-]{36}) │/.exec(out)?.[1]}`;
}

/** Whether a token may do it. */
function may(token: string, path: string, privilege: "VM.Audit" | "VM.Clone"): boolean {
  const tickets = { issue: () => ({ ticket: "", csrf: "" }), userOf: () => undefined, csrfFits: () => false };
  const who = identify(lab.world, tickets, {
    method: "GET",
    authorization: `PVEAPIToken=${token}`,
    cookie: undefined,
    csrf: undefined,
    upload: false,
  });
  return allowed({ lab: { world: lab.world } as LabCore, who }, path, [privilege]);
}

test("a token without privilege separation may what its user may, also what the role gets later", async () => {
  const value = await token("one@pve", 0, "pveum role add Reader --privs 'VM.Audit Sys.Audit'");
  expect(may(value, "/vms/101", "VM.Audit")).toBe(false);
  expect((await ask("pveum acl modify / --users one@pve --roles Reader")).code).toBe(0);
  expect(may(value, "/vms/101", "VM.Audit")).toBe(true);
  expect(may(value, "/vms/101", "VM.Clone")).toBe(false);
  await ask("pveum role modify Reader --privs VM.Clone --append 1");
  expect(["VM.Audit", "VM.Clone"].map((name) => may(value, "/vms/101", name as "VM.Audit"))).toEqual([
    true,
    true,
  ]);
});

test("one with privilege separation may what both may; a deeper role replaces the one above", async () => {
  const value = await token("two@pve", 1, "pveum role add Cloner --privs VM.Clone,VM.Audit");
  await ask("pveum acl modify / --tokens 'two@pve!t' --roles Cloner");
  expect(may(value, "/vms/101", "VM.Clone")).toBe(false);
  await ask("pveum acl modify / --users two@pve --roles Cloner");
  expect(may(value, "/vms/101", "VM.Clone")).toBe(true);
  await ask("pveum acl modify /vms/101 --users two@pve --roles PVEAuditor");
  expect(may(value, "/vms/101", "VM.Clone")).toBe(false);
  expect(may(value, "/vms/101", "VM.Audit")).toBe(true);
});

test.each([
  ["pveum role add X --privs VM.Monitor", "create role failed: invalid privilege 'VM.Monitor'"],
  ["pveum role add PVEAuditor --privs VM.Audit", "create role failed: role 'PVEAuditor' already exists"],
  ["pveum role modify Nobody --privs VM.Audit", "modify role failed: role 'Nobody' does not exist"],
  ["pveum user add root@pam", "create user failed: user 'root@pam' already exists"],
  [
    "pveum acl modify / --users nobody@pve --roles PVEAuditor",
    "update ACL failed: user 'nobody@pve' does not exist",
  ],
  ["pveum acl modify / --users root@pam --roles Nothing", "update ACL failed: role 'Nothing' does not exist"],
  ["pvesm set nowhere --content iso", "update storage failed: storage 'nowhere' does not exist"],
])("%s: refused", async (command, said) => {
  expect(await ask(command)).toMatchObject({ code: 255, err: `${said}\n` });
});

test("pvesm set changes what a storage holds", async () => {
  expect((await ask("pvesm set local --content iso,snippets")).code).toBe(0);
  expect(lab.world.storages.local?.content).toBe("iso,snippets");
});
