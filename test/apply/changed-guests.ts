/** What a guest is declared with, as in terraform.tfvars. */
type Settings = Readonly<Record<string, unknown>>;

interface ChangedGuest {
  vmid: number;
  /** What is declared differently; where nothing is, the test changes it by another way. */
  after?: Settings;
  effect: "none" | "reboot" | "stop-start" | "stopped" | "replaced";
}

// One change for each, so that one plan and one apply show all of them.
const notes = { description: "mine", tags: ["a", "b"] };
const vms: Record<string, ChangedGuest> = {
  web: { vmid: 201, after: { memory_mb: 3072 }, effect: "stop-start" },
  "vm-cores": { vmid: 202, after: { cpu_cores: 4 }, effect: "stop-start" },
  "vm-notes-disk": { vmid: 203, after: { ...notes, disk_size_gb: 10 }, effect: "none" },
  "vm-bridge": { vmid: 204, after: { bridge: "vmbr1" }, effect: "none" },
  "vm-agent": { vmid: 205, after: { agent_timeout: "3s" }, effect: "stop-start" },
  "vm-off": { vmid: 206, after: { started: false }, effect: "stopped" },
  "vm-recreated": { vmid: 207, after: { template_vmid: 9001 }, effect: "replaced" },
};
const containers: Record<string, ChangedGuest> = {
  dns: { vmid: 221, after: { memory_mb: 768 }, effect: "reboot" },
  "ct-cores": { vmid: 222, after: { cpu_cores: 2 }, effect: "none" },
  "ct-notes": { vmid: 223, after: notes, effect: "none" },
  "ct-bridge": { vmid: 224, after: { bridge: "vmbr1" }, effect: "reboot" },
  "ct-off": { vmid: 225, after: { started: false }, effect: "stopped" },
  "ct-off-by-hand": { vmid: 226, effect: "none" },
  "ct-recreated": { vmid: 227, after: { vm_id: 228 }, effect: "replaced" },
};

/** A VM and a container that have firewall and snippets, as by default. */
const whole = { web: true, dns: true };

/** Name, number and effect of each. */
export const changedGuests = Object.entries({ ...vms, ...containers }).map(([name, { vmid, effect }]) => ({
  name,
  vmid,
  effect,
}));

/** They as the `vms` and `containers` of a terraform.tfvars, before and after the change. Each resource costs time. */
export function changedGuestsDeclared(when: "before" | "after"): string {
  const settings = (all: Record<string, ChangedGuest>, lean: Settings) =>
    Object.fromEntries(
      Object.entries(all).map(([name, { vmid, after }]) => [
        name,
        { vm_id: vmid, ...(name in whole ? {} : lean), ...(when === "after" ? after : {}) },
      ]),
    );
  const lean = { firewall_enabled: false };
  return declared({
    vms: settings(vms, { ...lean, snippets: false }),
    containers: settings(containers, lean),
  });
}

/** Without a number where Proxmox is to choose it; then with an address. */
type Guests = Readonly<Record<string, Settings & ({ vm_id: number } | { ipv4: string })>>;

/** Guests as in a terraform.tfvars; what is not said of them is the same for all. */
export function declared({ vms = {}, containers = {} }: { vms?: Guests; containers?: Guests }): string {
  return (
    mapOf("vms", vms, { memory_mb: 2048, disk_size_gb: 8, agent_timeout: "2s" }) +
    mapOf("containers", containers, { memory_mb: 512, disk_size_gb: 8 })
  );
}

function mapOf(variable: string, guests: Guests, common: Settings): string {
  const lines = Object.entries(guests).map(([name, own]) => {
    return `  ${name} = ${JSON.stringify({ ...common, ...addressOf(own), ...own })}\n`;
  });
  return `${variable} = {\n${lines.join("")}}\n`;
}

function addressOf({ vm_id: number }: Settings): Settings {
  return typeof number === "number" ? { ipv4: `127.10.${Math.floor(number / 250)}.${number % 250}/8` } : {};
}
