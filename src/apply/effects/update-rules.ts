import type { GuestType } from "../../plan/guest-types.ts";
import { containerRules } from "./container.ts";
import { type EffectRules, rule } from "./rule.ts";
import { vmRules } from "./vm.ts";

/** What an update does to a guest, by attribute. */
export interface UpdateRules {
  rules: EffectRules;
  /** Of attributes without a rule. */
  otherwise: "none" | "unknown";
}

const virtualMachine: UpdateRules = { rules: vmRules, otherwise: "unknown" };
const container: UpdateRules = { rules: containerRules, otherwise: "unknown" };

/** These two never restart a VM: what cannot be plugged in waits for a reboot. */
const clonedVm: UpdateRules = {
  rules: {
    started: rule(
      ({ after }) => (after.started === false ? "stopped" : "none"),
      "fwprovider/nodes/clonedvm/resource.go:300",
    ),
  },
  otherwise: "none",
};
const newVm: UpdateRules = {
  rules: {
    template: rule(
      ({ after }) => (after.template === true ? "stopped" : "none"),
      "fwprovider/nodes/vm/resource.go:298",
    ),
  },
  otherwise: "none",
};

export const updateRules: Readonly<Record<GuestType, UpdateRules>> = {
  proxmox_virtual_environment_vm: virtualMachine,
  proxmox_virtual_environment_container: container,
  proxmox_virtual_environment_cloned_vm: clonedVm,
  proxmox_cloned_vm: clonedVm,
  proxmox_virtual_environment_vm2: newVm,
  proxmox_vm: newVm,
};
