import {
  blocks,
  differing,
  type EffectRules,
  numberAt,
  rule,
  type Sides,
  type UpdateEffect,
} from "./rule.ts";

/** `proxmox_virtual_environment_container`: containerUpdate in proxmoxtf/resource/container/container.go. */
export const containerRules: EffectRules = {
  clone: rule("none", "container.go:226: only at creation, else a replacement"),
  console: rule("reboot", "container.go:3598"),
  cpu: rule("none", "container.go:3603"),
  description: rule("none", "container.go:3563"),
  device_passthrough: rule("reboot", "container.go:3920"),
  disk: rule(diskEffect, "container.go:3666, 3709"),
  environment_variables: rule("reboot", "container.go:3724"),
  features: rule("none", "container.go:3728"),
  hook_script_file_id: rule("none", "container.go:3738"),
  id: rule("none", "computed"),
  idmap: rule("reboot", "container.go:3932"),
  initialization: rule(initializationEffect, "container.go:3845, 3851, 3862, 4049"),
  ipv4: rule("none", "computed"),
  ipv6: rule("none", "computed"),
  memory: rule("reboot", "container.go:3885"),
  mount_point: rule("reboot", "container.go:3948"),
  network_interface: rule("reboot", "container.go:4049"),
  node_name: rule("none", "container.go:987: another node is a replacement"),
  operating_system: rule("reboot", "container.go:4079"),
  pool_id: rule("none", "container.go:1019: another pool is a replacement"),
  protection: rule("none", "container.go:4083"),
  start_on_boot: rule("none", "container.go:4089"),
  started: rule(({ after }) => (after.started === false ? "stopped" : "none"), "container.go:4129"),
  startup: rule("none", "container.go:4053"),
  tags: rule("none", "container.go:4095"),
  template: rule("none", "container.go:1090: a replacement"),
  timeout_clone: rule("none", "container.go:1103"),
  timeout_create: rule("none", "container.go:1097"),
  timeout_delete: rule("none", "container.go:1115"),
  timeout_start: rule("none", "container.go:1121: deprecated"),
  timeout_update: rule("none", "container.go:1109"),
  unprivileged: rule("none", "container.go:1152: a replacement"),
  vm_id: rule("none", "container.go:1172: another number is a replacement"),
  wait_for_ip: rule("none", "container.go:1129"),
};

/** Growing is done while it runs; shrinking never, although the provider means to replace it then (1183). */
function diskEffect(sides: Sides): UpdateEffect {
  const { before, after } = blocks(sides, "disk");
  if (numberAt(after, "size") < numberAt(before, "size")) return "impossible";
  return differing({ before, after }).includes("mount_options") ? "reboot" : "none";
}

function initializationEffect(sides: Sides): UpdateEffect {
  const rebooting = ["dns", "entrypoint", "hostname", "ip_config"];
  const changed = differing(blocks(sides, "initialization"));
  return changed.some((key) => rebooting.includes(key)) ? "reboot" : "none";
}
