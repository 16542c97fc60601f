import { resolveAllProviders } from "../../tools/programs/index.ts";
import type { ApplyDesk } from "../apply/apply-desk.ts";
import { logIn } from "./guest-ssh.test-helper.ts";
import {
  apply,
  checkpoint,
  jobByHand,
  leavings,
  makeJobByHand,
  outputs,
  snippets,
} from "./live.test-helper.ts";

const stack = 'vm_id = 251\nipv4 = "127.10.0.51/8"\ndatastore_id = "local-lvm"\n';
export const healthCheckKey = "module.monitoring.tls_private_key.health_check";

/** What the environments are applied with in the end, but for the key of the health checks in prod. */
const declared = {
  prod: `vms = { web = { vm_id = 201, ipv4 = "127.10.0.20/8", docker = true } }
containers = { dns = { vm_id = 203, ipv4 = "127.10.0.22/8" } }
backup = { storage = "local" }
services = { site = { kind = "http", guest = "web", url = "http://127.10.0.20" } }
`,
  lab: `vms = { sandbox = { vm_id = 301, ipv4 = "127.10.0.30/8" } }
containers = { scratch = { vm_id = 302, mount_points = [{ path = "/srv/data", size = "8G" }] } }
expiration_days = 30
`,
  monitoring: `${stack}tls_enabled = true\npackages = ["htop"]\n`,
};

type Environment = keyof typeof declared;
export const environments: readonly Environment[] = ["prod", "lab", "monitoring"];

/** At once: they mostly wait. */
export const forEach = <T>(act: (name: Environment) => Promise<T>) => Promise.all(environments.map(act));

export type Homelab = Awaited<ReturnType<typeof applyEverything>>;

/**
 * Applies all three environments on one cluster, beside a backup job that was made by hand. Monitoring comes
 * first, because its key goes into prod; later it is changed: HTTPS, another package, a new key.
 */
export async function applyEverything({ lab }: ApplyDesk) {
  lab.env.TF_CLI_CONFIG_FILE = (await resolveAllProviders()).cliConfig;
  await makeJobByHand(lab);
  const before = { left: await leavings(lab), job: await jobByHand(lab) };
  const monitoringNow = async () => ({
    guest: structuredClone(lab.world.guests[251]),
    snippet: (await snippets(lab))["monitoring-monitoring-stack-user-data.yaml"]?.split("\n") ?? [],
    outputs: await outputs(lab, "monitoring"),
    hostKey: lab.world.guests[251]?.inside.hostKey.publicKey,
  });

  await forEach((name) => lab.run(name, "init", "-input=false"));
  await lab.declare("monitoring", stack);
  const said = [await apply(lab, "monitoring")];
  const monitoringWas = await monitoringNow();
  const { health_check_public_key: key, health_check_private_key: privateKey } = monitoringWas.outputs;

  const prod = `${declared.prod}health_check_public_key = "${key?.value}"\n`;
  await lab.declare("prod", prod);
  await lab.declare("lab", declared.lab);
  said.push(...(await Promise.all([apply(lab, "prod"), apply(lab, "lab")])));
  const logins = {
    web: await logIn(lab, 201, "127.10.0.20", String(privateKey?.value)),
    monitoring: await logIn(lab, 251, "127.10.0.51", String(privateKey?.value)),
  };

  await lab.declare("monitoring", declared.monitoring);
  const change = await apply(lab, "monitoring", `-replace=${healthCheckKey}`);
  said.push(change);
  return {
    /** Settings of prod. */
    prod,
    before,
    /** What each apply printed. */
    said,
    /** Exit codes of ssh with the key of the health checks. */
    logins,
    /** What the apply that changed monitoring printed. */
    change,
    monitoringWas,
    monitoring: await monitoringNow(),
    restore: await checkpoint(lab, ...environments),
  };
}
