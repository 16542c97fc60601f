/** What a guest is declared with, as in terraform.tfvars. */
type Settings = Readonly<Record<string, unknown>>;

interface ChangedGuest {
  vmid: number;
  /** Said anew; where nothing is, the test changes it by another way. */
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
  "vm-off": { vmid: 206, effect: "stopped" },
  "vm-anew": { vmid: 207, after: { template_vmid: 9001 }, effect: "replaced" },
};
const containers: Record<string, ChangedGuest> = {
  dns: { vmid: 221, after: { memory_mb: 768 }, effect: "reboot" },
  "ct-cores": { vmid: 222, after: { cpu_cores: 2 }, effect: "none" },
  "ct-notes": { vmid: 223, after: notes, effect: "none" },
  "ct-bridge": { vmid: 224, after: { bridge: "vmbr1" }, effect: "reboot" },
  "ct-off": { vmid: 225, effect: "stopped" },
  "ct-off-by-hand": { vmid: 226, effect: "none" },
  "ct-anew": { vmid: 227, after: { vm_id: 228 }, effect: "replaced" },
};

/** Name, number and effect of each. */
export const changedGuests = Object.entries({ ...vms, ...containers }).map(([name, { vmid, effect }]) => ({
  name,
  vmid,
  effect,
}));

/** What `declaration` takes for all of them to be changed. */
export const allChanges: Record<string, Settings> = Object.fromEntries(
  Object.entries({ ...vms, ...containers }).map(([name, { after = {} }]) => [name, after]),
);

/** All guests as the `vms` and `containers` of a terraform.tfvars, with other settings for those named. */
export function declaration(changes: Readonly<Record<string, Settings>> = {}): string {
  const unknown = Object.keys(changes).filter((name) => !(name in vms || name in containers));
  if (unknown.length > 0) throw new Error(`there is no guest ${unknown.join(", ")}`);
  return (
    mapOf("vms", vms, { memory_mb: 2048, disk_size_gb: 8, agent_timeout: "2s" }, changes) +
    mapOf("containers", containers, { memory_mb: 512, disk_size_gb: 8 }, changes)
  );
}

function mapOf(
  variable: string,
  guests: Record<string, ChangedGuest>,
  common: Settings,
  changes: Readonly<Record<string, Settings>>,
): string {
  const lines = Object.entries(guests).map(([name, { vmid }]) => {
    const settings = { ...common, vm_id: vmid, ipv4: `127.10.0.${vmid}/8`, ...changes[name] };
    return `  ${name} = ${JSON.stringify(settings)}\n`;
  });
  return `${variable} = {\n${lines.join("")}}\n`;
}
