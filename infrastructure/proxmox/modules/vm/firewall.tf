locals {
  management = join(",", var.management_networks)

  # What keeps the guest reachable to its keeper, whatever else is said.
  management_rules = concat(
    [for port in distinct([22, var.ssh_port]) : { proto = "tcp", dport = tostring(port), source = local.management, comment = "SSH from the management networks" }],
    [{ proto = "icmp", dport = null, source = local.management, comment = "ping from the management networks" }],
  )

  firewall_rules = concat(
    [for rule in local.management_rules : merge(rule, { type = "in", action = "ACCEPT" })],
    [for rule in var.firewall_rules : {
      type    = rule.type
      action  = rule.action
      proto   = rule.proto
      dport   = rule.dport
      source  = rule.type == "in" ? join(",", coalesce(rule.networks, var.allowed_networks)) : null
      comment = rule.comment
    }],
    [for rule in local.agent_rules : merge(rule, { type = "in", action = "ACCEPT", proto = "tcp", source = join(",", var.allowed_networks) })],
  )

  # Only where cloud-init installs what listens.
  agent_rules = concat(
    var.node_exporter && var.snippets ? [{ dport = "9100", comment = "metrics of the guest" }] : [],
    var.install_promtail && var.snippets ? [{ dport = "9080", comment = "metrics of the log agent" }] : [],
  )
}

# A guest deleted by hand takes its firewall with it, and Proxmox then answers with
# empty options, which the provider reads as unchanged. So both are re-created with
# the guest. Its own creation triggers no replacement (Terraform counts updates and
# replacements only); this one is replaced then, and does.
resource "terraform_data" "guest" {
  count            = var.firewall_enabled ? 1 : 0
  triggers_replace = proxmox_virtual_environment_vm.this.id
}

resource "proxmox_virtual_environment_firewall_options" "this" {
  count = var.firewall_enabled ? 1 : 0

  node_name = var.node_name
  vm_id     = proxmox_virtual_environment_vm.this.vm_id

  enabled       = true
  input_policy  = var.firewall_input_policy
  output_policy = "ACCEPT"
  dhcp          = true
  ndp           = true
  ipfilter      = false
  log_level_in  = "nolog"
  log_level_out = "nolog"

  lifecycle {
    replace_triggered_by = [terraform_data.guest]
  }
}

resource "proxmox_virtual_environment_firewall_rules" "this" {
  count = var.firewall_enabled ? 1 : 0

  node_name = var.node_name
  vm_id     = proxmox_virtual_environment_vm.this.vm_id

  dynamic "rule" {
    for_each = local.firewall_rules

    content {
      type    = rule.value.type
      action  = rule.value.action
      proto   = rule.value.proto
      dport   = rule.value.dport
      source  = rule.value.source
      comment = rule.value.comment
    }
  }

  lifecycle {
    replace_triggered_by = [terraform_data.guest]
  }
}
