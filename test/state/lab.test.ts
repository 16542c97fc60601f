import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApplyDesk, openApplyDesk } from "../apply/apply-desk.ts";
import type { Ran } from "../e2e/cli.test-helper.ts";
import { type RunningMinio, startMinio } from "./minio.ts";

// States in a real MinIO: of `prod`, with the real provider, and of `notes`, which needs none: what two people do at
// once.

const declared = `containers = { db = { vm_id = 201, ipv4 = "127.10.0.20/8", memory_mb = 512 } }\n`;

let minio: RunningMinio;
let at: ApplyDesk;

beforeAll(async () => {
  [minio, at] = await Promise.all([startMinio(), openApplyDesk()]);
  await minio.makeBucket("states");
  at.desk.write("state-access", minio.accessKey);
  at.desk.write("state-secret", minio.secretKey);
  const settings = readFileSync(at.desk.path("pve-home.yaml"), "utf8").replace(
    / {2}lab:[\s\S]*?(?=^\w)/m,
    `  notes: { directory: notes, tool: ${at.lab.tool.kind}, program: ${at.lab.tool.path} }\n`,
  );
  at.desk.write(
    "pve-home.yaml",
    `${settings}state: { endpoint: "${minio.endpoint}", bucket: states, access_key: file:state-access, secret_key: file:state-secret }\n`,
  );
  await at.lab.declare("prod", declared);
  // Somebody whose apply takes its time: the gate says how long.
  at.desk.write(
    "notes/main.tf",
    `variable "pass" { default = 0 }
resource "terraform_data" "slow" {
  triggers_replace = var.pass
  provisioner "local-exec" {
    command = "touch ${at.desk.path("begun")}-\${var.pass}; until [ -e ${at.desk.path("gate")}-\${var.pass} ]; do sleep 0.05; done"
  }
}
`,
  );
  open(0);
  await Promise.all(["prod", "notes"].map((name) => pveHome(["apply", "--env", name, "--yes"])));
});
afterAll(async () => {
  await at?.close();
  await minio?.close();
});

const folders = () => [
  ["prod", at.lab.directory("prod")] as const,
  ["notes", at.desk.path("notes")] as const,
];
const open = (pass: number) => writeFileSync(at.desk.path(`gate-${pass}`), "");
const begun = (pass: number) => existsSync(at.desk.path(`begun-${pass}`));

async function pveHome(args: string[], exitCode = 0): Promise<Ran> {
  const ran = await at.pveHome(...args);
  expect(ran, ran.stderr).toMatchObject({ exitCode });
  return ran;
}

/** The command line in the background; `said` tells what it has written to stderr so far. */
function started(...args: string[]) {
  const child = spawn(process.execPath, [join(import.meta.dirname, "../../src/cli/main.ts"), ...args], {
    cwd: at.desk.folder,
    env: {
      PATH: process.env.PATH,
      HOME: at.desk.path("home"),
      GOGC: process.env.GOGC,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
    },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const done = new Promise<number | null>((resolve) => child.once("close", resolve));
  return { done, said: () => stderr };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}

test("a state moves into the store, and nothing is to be done there", async () => {
  for (const [name, folder] of folders()) {
    const { stdout } = await pveHome(["state", "migrate", "--env", name, "--yes"]);
    expect(stdout).toContain(
      `${name}: its state is now at ${minio.endpoint}/states/${name}/terraform.tfstate`,
    );
    expect(existsSync(join(folder, "terraform.tfstate"))).toBe(false);
  }
  const [planned] = JSON.parse((await pveHome(["plan", "--env", "prod", "--json"])).stdout).environments;
  expect(planned).toMatchObject({ resources: [], outputs: [] });
  await pveHome(["drift", "--env", "prod"]);
  await pveHome(["state", "lock-test", "--env", "prod"]);
});

test("two applies at once: one is refused with the owner and since when, one waits; drift says who holds it", async () => {
  at.desk.write("notes/terraform.tfvars", "pass = 1\n");
  const first = started("apply", "--env", "notes", "--yes");
  await until(() => begun(1));
  const held = /locked by \S+@\S+ since \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/;

  const refused = await pveHome(["apply", "--env", "notes", "--yes", "--lock-timeout", "0"], 3);
  expect(refused.stderr).toMatch(held);
  const drift = await pveHome(["drift", "--env", "notes", "--lock-timeout", "0", "--json"], 3);
  const [report] = JSON.parse(drift.stdout).environments;
  expect(report).toMatchObject({
    status: "unknown",
    problem: { code: "state-locked", message: expect.stringMatching(held) },
  });
  const status = await pveHome(["state", "status", "--env", "notes"]);
  expect(status.stdout).toMatch(/HELD/);
  expect(status.stdout).toMatch(/locked by \S+@\S+ since \S+, for /);

  const second = started("apply", "--env", "notes", "--yes", "--lock-timeout", "120");
  await until(() => /waiting for the lock/.test(second.said()));
  open(1);
  expect(await first.done, first.said()).toBe(0);
  expect(await second.done, second.said()).toBe(0);
  expect((await pveHome(["state", "status", "--env", "notes"])).stdout).toMatch(/free/);
  expect(at.printed.join()).not.toContain(minio.secretKey);
});

test("keys that the store does not know are a failure of their own", async () => {
  at.desk.write("state-secret", "not-the-secret");
  const drift = await pveHome(["drift", "--env", "prod", "--json"], 3);
  const [report] = JSON.parse(drift.stdout).environments;
  expect(report).toMatchObject({ status: "unknown", problem: { code: "s3-denied" } });
  at.desk.write("state-secret", minio.secretKey);
});

test("nobody else has read the keys: no file of the run has them", async () => {
  at.desk.write("state-secret", "");
  at.desk.write("state-access", "");
  const everything = at.desk
    .files()
    .map((name) => readFileSync(at.desk.path(name), "utf8"))
    .join("\n");
  expect(everything).not.toContain(minio.secretKey);
  const environment = ["backend.tf", "backend.hcl", ".terraform/terraform.tfstate"];
  for (const [, folder] of folders())
    for (const name of environment)
      expect(readFileSync(join(folder, name), "utf8")).not.toContain(minio.secretKey);
});
