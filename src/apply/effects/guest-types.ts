import { containerRules } from "./container.ts";
import { type EffectRules, rule } from "./rule.ts";
import { vmRules } from "./vm.ts";

/** A resource type that is a guest. */
export interface GuestType {
  kind: "vm" | "lxc";
  rules: EffectRules;
  /** Of attributes without a rule. */
  otherwise: "none" | "unknown";
}

const virtualMachine: GuestType = { kind: "vm", rules: vmRules, otherwise: "unknown" };
const container: GuestType = { kind: "lxc", rules: containerRules, otherwise: "unknown" };

/** These two never restart a VM: what cannot be plugged in waits for somebody to reboot it. */
const clonedVm: GuestType = {
  kind: "vm",
  rules: {
    started: rule(
      ({ after }) => (after.started === false ? "stopped" : "none"),
      "fwprovider/nodes/clonedvm/resource.go:300",
    ),
  },
  otherwise: "none",
};
const newVm: GuestType = {
  kind: "vm",
  rules: {
    template: rule(
      ({ after }) => (after.template === true ? "stopped" : "none"),
      "fwprovider/nodes/vm/resource.go:298",
    ),
  },
  otherwise: "none",
};

export const guestTypes: Readonly<Record<string, GuestType>> = {
  proxmox_virtual_environment_vm: virtualMachine,
  proxmox_virtual_environment_container: container,
  proxmox_virtual_environment_cloned_vm: clonedVm,
  proxmox_cloned_vm: clonedVm,
  proxmox_virtual_environment_vm2: newVm,
  proxmox_vm: newVm,
};
