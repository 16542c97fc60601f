import { isObject, type JsonObject } from "../model/json.ts";
import { namesOf } from "../model/plan.ts";
import { isProblem, Problem } from "../model/problem.ts";
import type { GuestPlace, ReadConfig } from "../plan/guest-place.ts";
import type { Plan, ResourceChange } from "../plan/plan-json.ts";
import { type Device, type GuestConfig, undeclaredDevices } from "../plan/undeclared.ts";

const machine = "proxmox_virtual_environment_vm";

/**
 * Looks at the templates that VMs are to be cloned from. Returns, a line each, what a template brings and the code does
 * not declare. Problem `template-disk-interface` where the disk that a template boots from has another interface than
 * every disk of the code: the provider would make an empty disk and leave the template's as it is (disk.go:76).
 */
export async function inspectTemplates(plan: Plan, readConfig: ReadConfig): Promise<string[]> {
  const clones = plan.changes.flatMap((change) => cloneOf(change, plan) ?? []);
  const looked = await Promise.all(clones.map((clone) => lookAt(clone, readConfig)));
  const wrong = looked.flatMap(({ wrong }) => wrong ?? []);
  const [first] = wrong;
  if (first !== undefined) throw mismatch(wrong.map(({ message }) => message).join("; "), first.disk);
  return looked.flatMap(({ notes }) => notes);
}

interface Clone {
  address: string;
  template: GuestPlace;
  wanted: JsonObject;
}

function cloneOf({ address, type, action, sides }: ResourceChange, plan: Plan): Clone | undefined {
  if (type !== machine || !["create", "replace"].includes(action) || !isObject(sides.after)) return undefined;
  const wanted = sides.after;
  const block = Array.isArray(wanted.clone) ? wanted.clone[0] : undefined;
  if (!isObject(block) || typeof block.vm_id !== "number") return undefined;
  const node = [block.node_name, wanted.node_name].find((name) => typeof name === "string" && name !== "");
  if (typeof node !== "string" || isMadeBy(plan, block.vm_id)) return undefined;
  return { address, template: { type: "vm", vmid: block.vm_id, node }, wanted };
}

/** A template that comes with the same plan cannot be looked at yet. */
function isMadeBy({ changes }: Plan, vmid: number): boolean {
  return changes.some(
    ({ type, action, sides: { after } }) =>
      type === machine && ["create", "replace"].includes(action) && isObject(after) && after.vm_id === vmid,
  );
}

async function lookAt({ address, template, wanted }: Clone, readConfig: ReadConfig) {
  const config = await readTemplate(address, template, readConfig);
  const name = `template ${template.vmid}${config.name === undefined ? "" : ` (${config.name})`}`;
  const interfaces = listOf(wanted.disk).flatMap(({ interface: at }) => (typeof at === "string" ? at : []));
  const boot = bootDisk(config);
  if (boot !== undefined && interfaces.length > 0 && !interfaces.includes(boot)) {
    const message = `${address}: the ${name} boots from ${boot}, and the code declares ${interfaces.join(", ")}: the VM would start with an empty disk`;
    return { notes: [], wrong: { message, disk: boot } };
  }
  const brought = disksOf(config).filter(({ key }) => key !== boot && !interfaces.includes(key));
  if (brought.length === 0) return { notes: [] };
  const what = `the ${name} brings ${namesOf(brought)}, not declared`;
  return { notes: [`${address}: ${what}; the next change of disk would detach it`] };
}

async function readTemplate(address: string, template: GuestPlace, read: ReadConfig): Promise<GuestConfig> {
  try {
    return await read(template);
  } catch (error) {
    if (!isProblem(error, "proxmox-not-found")) throw error;
    throw new Problem({
      kind: "configuration",
      code: "template-not-found",
      message: `${address}: there is no template ${template.vmid} on ${template.node}`,
      hint: "set template_vmid, and template_node_name where it is on another node; for example template_vmid = 9000",
      cause: error,
    });
  }
}

function disksOf(config: GuestConfig): Device[] {
  return undeclaredDevices(machine, config, []).filter(({ block }) => block.block === "disk");
}

/** The kinds of disk in the order in which Proxmox looks for one to boot from (valid_drive_names, PVE::QemuServer::Drive). */
const looksFor = ["ide", "scsi", "virtio", "sata"];

/** The first disk of the boot order, else the deprecated `bootdisk`, else the first there is. */
function bootDisk(config: GuestConfig): string | undefined {
  const disks = disksOf(config).map(({ key }) => key);
  const order = /(?:^|,)order=([^,]*)/.exec(String(config.boot ?? ""))?.[1]?.split(";") ?? [];
  const named = [...order, String(config.bootdisk ?? "")].find((key) => disks.includes(key));
  return named ?? looksFor.flatMap((kind) => disks.filter((key) => key.startsWith(kind)))[0];
}

function listOf(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function mismatch(message: string, disk: string): Problem {
  return new Problem({
    kind: "configuration",
    code: "template-disk-interface",
    message,
    hint: `declare its system disk where the template has it: disk_interface = "${disk}"`,
  });
}
