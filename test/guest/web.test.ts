import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { editFile } from "../drift/lab-environments.ts";
import { type GuestHomelab, openGuestHomelab, userDataOf } from "./guest-homelab.test-helper.ts";

// A VM of modules/vm as a real Debian: what cloud-init makes of the user data, and what the checks say of it. Each
// test leaves it as it was.

const web = 201;
const healthSchema = z.object({
  environments: z.array(
    z.object({
      components: z.array(
        z.object({
          component: z.string(),
          checks: z.array(z.object({ check: z.string(), status: z.string() })),
        }),
      ),
    }),
  ),
});

let home: GuestHomelab;

beforeAll(async () => {
  home = await openGuestHomelab(`
packages = ["tree"]
loki_url = ""
auto_security_updates = true
node_exporter = true
vms = { web = { vm_id = ${web}, ipv4 = "192.168.1.20/24", memory_mb = 1024, disk_size_gb = 6, docker = true } }
`);
  const applied = await home.pveHome("apply", "--env", "prod", "--yes");
  expect(applied).toMatchObject({ exitCode: 0 });
  await home.booted(web);
  expect(await home.pveHome("hosts", "trust", "--env", "prod")).toMatchObject({ exitCode: 0 });
});
afterAll(() => home?.close());

const inGuest = (script: string) => home.inGuest(web, script);

/** Checks of health that are not ok, as `component check status`. */
async function wrong(): Promise<string[]> {
  const { stdout } = await home.pveHome("health", "--env", "prod", "--json");
  return healthSchema
    .parse(JSON.parse(stdout))
    .environments.flatMap(({ components }) => components)
    .flatMap(({ component, checks }) => checks.map(({ check, status }) => `${component} ${check} ${status}`))
    .filter((row) => !row.endsWith(" ok"));
}

test("cloud-init ends without an error, and nothing in the user data is deprecated", async () => {
  const status = await inGuest("cloud-init status --long");
  const { out: log } = await inGuest("tail -n 40 /var/log/cloud-init-output.log");
  expect(status, log).toMatchObject({ code: 0, out: expect.stringMatching(/^status: done$/m) });
  const schema = await inGuest("cloud-init schema --system");
  expect(schema).toMatchObject({ code: 0, out: expect.stringContaining("Valid cloud-config") });
  const complaints = "grep -E 'WARNING|ERROR|DEPRECAT|Traceback' /var/log/cloud-init.log";
  expect(await inGuest(complaints)).toMatchObject({ code: 1, out: "" });
});

test("every package, file and unit of the manifest is there", async () => {
  const { packages, write_files: files, runcmd } = userDataOf(home, "web");
  expect(packages).toContain("tree");
  const installed = await inGuest(
    `dpkg-query --show --showformat '\${Package} \${db:Status-Status}\n' ${packages.join(" ")}`,
  );
  expect(installed.out.trim().split("\n").sort()).toEqual(packages.map((name) => `${name} installed`).sort());
  expect(files.map(({ path }) => path)).toContain("/etc/docker/daemon.json");
  for (const { path, content, permissions, owner } of files) {
    const { out } = await inGuest(`stat --format '%a %U:%G' ${path}; cat ${path}`);
    expect(out).toBe(`${Number(permissions)} ${owner}\n${content}`);
  }
  const units = runcmd.flatMap((line) => /^systemctl start (\S+)$/.exec(line)?.[1] ?? []);
  expect(units).toContain("docker.service");
  const { out } = await inGuest(`systemctl is-active ${units.join(" ")}`);
  expect(out.trim().split("\n")).toEqual(units.map(() => "active"));
  // Cloud-init sees the exit code of the last line alone; each may be run again.
  for (const line of runcmd) expect(await inGuest(line), line).toMatchObject({ code: 0 });
  expect(await inGuest("systemctl --failed --no-legend --plain")).toMatchObject({ out: "" });
});

test("health is all ok; a stopped SSH server, Docker and agent are found, each as what it is", async () => {
  expect(await wrong()).toEqual([]);
  await inGuest("systemctl stop ssh.service");
  expect(await wrong()).toContain("web ssh fail");
  await inGuest("systemctl start ssh.service; systemctl stop docker.socket docker.service");
  expect(await wrong()).toEqual(["web docker fail"]);
  await inGuest("systemctl start docker.service");
  await home.ssh("ops@192.168.1.20", "sudo systemctl stop qemu-guest-agent.service");
  expect(await wrong()).toEqual(["web agent fail"]);
  await home.ssh("ops@192.168.1.20", "sudo systemctl start qemu-guest-agent.service");
  expect(await wrong()).toEqual([]);
});

test("drift sees nothing, then memory that was changed by hand, in the API alone: the machine keeps its own until it starts", async () => {
  const drift = () => home.pveHome("drift", "--env", "prod", "--json");
  expect(await drift()).toMatchObject({ exitCode: 0 });
  await home.call("PUT", `nodes/pve1/qemu/${web}/config`, { memory: "1536" });
  const edited = await drift();
  expect(edited).toMatchObject({ exitCode: 1, stdout: expect.stringContaining("memory") });
  await home.call("PUT", `nodes/pve1/qemu/${web}/config`, { memory: "1024" });
  expect(await drift()).toMatchObject({ exitCode: 0 });
});

test("a machine whose process was killed is a stopped guest; after an edited snippet it boots with its host key", async () => {
  const key = () => inGuest("cat /etc/ssh/ssh_host_ed25519_key.pub").then(({ out }) => out);
  const before = await key();
  const { pid = 0 } = home.lab.world.guests[web] ?? {};
  process.kill(pid, "SIGKILL");
  const status = () => home.call("GET", `nodes/pve1/qemu/${web}/status/current`);
  await expect.poll(status).toMatchObject({ status: "stopped" });
  expect(await wrong()).toContain("web proxmox fail");
  const snippet = `${home.lab.facts.directory}/storage/local/snippets/prod-web-user-data.yaml`;
  await editFile(snippet, "#cloud-config\n", "#cloud-config\ntimezone: Europe/Paris\n");
  await home.task(`nodes/pve1/qemu/${web}/status/start`);
  await home.booted(web);
  expect(await key()).toBe(before);
  await editFile(snippet, "timezone: Europe/Paris\n", "");
  expect(await wrong()).toEqual([]);
});
