import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from "vitest";
import { openBucket } from "../../src/connect/s3/bucket.ts";
import { type ApplyDesk, openApplyDesk } from "../apply/apply-desk.ts";
import type { Ran, Started } from "../e2e/cli.test-helper.ts";
import { type RunningMinio, startMinio } from "./minio.ts";

// States in a real MinIO: of `prod`, with the real provider, which was moved there, and of `notes`, which needs no
// provider and begins there: what two people do at once.

const declared = `containers = { db = { vm_id = 201, ipv4 = "127.10.0.20/8", memory_mb = 512 } }\n`;
const keyFiles = ["state-access", "state-secret"];

let minio: RunningMinio;
let at: ApplyDesk;
let moved: Ran;

beforeAll(async () => {
  [minio, at] = await Promise.all([startMinio(), openApplyDesk()]);
  await minio.makeBucket("states");
  giveKeys();
  const settings = readFileSync(at.desk.path("pve-home.yaml"), "utf8").replace(
    / {2}lab:[\s\S]*?(?=^\w)/m,
    `  notes: { directory: notes, tool: ${at.lab.tool.kind}, program: ${at.lab.tool.path} }\n`,
  );
  at.desk.write(
    "pve-home.yaml",
    `${settings}state: { endpoint: "${minio.endpoint}", bucket: states, access_key: file:state-access, secret_key: file:state-secret }\n`,
  );
  await at.lab.declare("prod", declared);
  await at.lab.run("prod", "init");
  await at.lab.run("prod", "apply", "-auto-approve");
  moved = await pveHome(["state", "migrate", "--env", "prod", "--yes"]);
  for (const name of ["backend.tf", "backend.hcl"]) {
    const text = readFileSync(join(at.lab.directory("prod"), name), "utf8");
    at.desk.write(`notes/${name}`, text.replace("prod/terraform.tfstate", "notes/terraform.tfstate"));
  }
  // An apply that takes long: the gate says how long.
  at.desk.write(
    "notes/main.tf",
    `resource "terraform_data" "slow" {
  provisioner "local-exec" {
    command = "touch ${at.desk.path("begun")}; until [ -e ${at.desk.path("gate")} ]; do sleep 0.05; done"
  }
}
`,
  );
});
afterAll(async () => {
  await at?.close();
  await minio?.close();
});

afterEach(() => {
  const files = at.desk.files().filter((name) => !keyFiles.includes(name));
  const everything = files.map((name) => readFileSync(at.desk.path(name), "utf8"));
  for (const name of ["backend.tf", "backend.hcl", ".terraform/terraform.tfstate"])
    everything.push(readFileSync(join(at.lab.directory("prod"), name), "utf8"));
  const seen = [...everything, ...at.desk.printed].join("\n");
  expect(seen.includes(minio.secretKey), "a file or an output has the store's key").toBe(false);
});

function giveKeys(secretKey = minio.secretKey): void {
  at.desk.write("state-access", minio.accessKey);
  at.desk.write("state-secret", secretKey);
}

const openGate = () => writeFileSync(at.desk.path("gate"), "");

async function pveHome(args: string[], exitCode = 0): Promise<Ran> {
  const ran = await at.pveHome(...args);
  expect(ran, ran.stderr).toMatchObject({ exitCode });
  return ran;
}

/** The command line in the background. */
function started(...args: string[]): Started {
  const run = at.desk.start(args, { TMPDIR: at.desk.path("tmp") });
  // Also where the test has failed: nothing may wait for the gate when its folder is removed.
  onTestFinished(async () => {
    openGate();
    await run.done;
  });
  return run;
}

test("a state that was moved into the store: nothing is to be done there", async () => {
  expect(moved.stdout).toContain(`prod: its state is now at ${minio.endpoint}/states/prod/terraform.tfstate`);
  expect(existsSync(join(at.lab.directory("prod"), "terraform.tfstate"))).toBe(false);
  const [planned] = JSON.parse((await pveHome(["plan", "--env", "prod", "--json"])).stdout).environments;
  expect(planned).toMatchObject({ resources: [], outputs: [] });
  await pveHome(["drift", "--env", "prod"]);
});

test("the store of an environment excludes, and nothing of the proof is left in it", async () => {
  const ran = await pveHome(["state", "lock-test", "--env", "prod"]);
  expect(ran.stderr).toBe("");
  expect(ran.stdout).toMatch(
    /^round 4: 8 asked at once, 1 got it; while held: refused; released, taken again$/m,
  );
  expect(ran.stdout).toMatch(/\/states excludes$/m);
  const bucket = openBucket(minio.connection, "states");
  const keys = (await bucket.versions("")).map(({ key }) => key);
  bucket.close();
  expect(keys.filter((key) => !/^(prod|notes)\/terraform\.tfstate(\.tflock)?$/.test(key))).toEqual([]);
});

test("two applies at once: one is refused with the owner and since when, one waits; drift says who holds it", async () => {
  const first = started("apply", "--env", "notes", "--yes");
  await first.until(() => existsSync(at.desk.path("begun")));
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
  await second.until(() => /waiting for the lock/.test(second.said()));
  openGate();
  for (const run of [first, second]) expect(await run.done, run.said()).toMatchObject({ exitCode: 0 });
  expect((await pveHome(["state", "status", "--env", "notes"])).stdout).toMatch(/free/);
});

test("keys that the store does not know are a failure of their own", async () => {
  giveKeys("not-the-secret");
  onTestFinished(() => giveKeys());
  const drift = await pveHome(["drift", "--env", "prod", "--json"], 3);
  const [report] = JSON.parse(drift.stdout).environments;
  expect(report).toMatchObject({ status: "unknown", problem: { code: "s3-denied" } });
});
