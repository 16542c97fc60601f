# The Proxmox firewall of a guest.

mock_provider "proxmox" {}

variables {
  name             = "web"
  node_name        = "pve1"
  vm_id            = 201
  template_vmid    = 9000
  firewall_enabled = true
}

run "off_by_default" {
  command = plan

  variables {
    firewall_enabled = null
  }

  assert {
    condition     = length(proxmox_virtual_environment_firewall_options.this) == 0 && length(proxmox_virtual_environment_firewall_rules.this) == 0 && length(terraform_data.guest) == 0 && !proxmox_virtual_environment_vm.this.network_device[0].firewall
    error_message = "the firewall is on by itself"
  }
}

run "takes_effect" {
  command = plan

  assert {
    condition     = proxmox_virtual_environment_vm.this.network_device[0].firewall
    error_message = "the network card does not pass the firewall"
  }

  assert {
    condition     = proxmox_virtual_environment_firewall_options.this[0].enabled && proxmox_virtual_environment_firewall_options.this[0].input_policy == "DROP" && proxmox_virtual_environment_firewall_options.this[0].output_policy == "ACCEPT" && proxmox_virtual_environment_firewall_options.this[0].dhcp && proxmox_virtual_environment_firewall_options.this[0].ndp
    error_message = "options are ${jsonencode(proxmox_virtual_environment_firewall_options.this[0])}"
  }

  assert {
    condition     = proxmox_virtual_environment_firewall_options.this[0].vm_id == 201 && proxmox_virtual_environment_firewall_rules.this[0].vm_id == 201
    error_message = "the firewall is another guest's"
  }

  assert {
    condition     = proxmox_virtual_environment_firewall_options.this[0].ipfilter == false && proxmox_virtual_environment_firewall_options.this[0].log_level_in == "nolog" && proxmox_virtual_environment_firewall_options.this[0].log_level_out == "nolog"
    error_message = "senders are checked, or packets logged: ${jsonencode(proxmox_virtual_environment_firewall_options.this[0])}"
  }
}

run "ssh_and_ping_always" {
  command = plan

  variables {
    management_networks = ["192.168.1.0/24", "10.8.0.0/24"]
    ssh_port            = 2222
  }

  assert {
    condition = [for rule in proxmox_virtual_environment_firewall_rules.this[0].rule : "${rule.type} ${rule.action} ${rule.proto} ${coalesce(rule.dport, "-")} ${rule.source}"] == [
      "in ACCEPT tcp 22 192.168.1.0/24,10.8.0.0/24",
      "in ACCEPT tcp 2222 192.168.1.0/24,10.8.0.0/24",
      "in ACCEPT icmp - 192.168.1.0/24,10.8.0.0/24",
    ]
    error_message = "rules are ${jsonencode(proxmox_virtual_environment_firewall_rules.this[0].rule)}"
  }
}

run "own_rules_come_after" {
  command = plan

  variables {
    management_networks = ["192.168.1.0/24"]
    allowed_networks    = ["192.168.0.0/16"]
    firewall_rules = [
      { dport = "80,443", comment = "web" },
      { dport = "53", proto = "udp", networks = ["10.0.0.0/8"] },
      { dport = "25", type = "out", action = "REJECT" },
    ]
  }

  assert {
    condition = [for rule in slice(proxmox_virtual_environment_firewall_rules.this[0].rule, 2, 5) : "${rule.type} ${rule.action} ${rule.proto} ${rule.dport} ${coalesce(rule.source, "any")}"] == [
      "in ACCEPT tcp 80,443 192.168.0.0/16",
      "in ACCEPT udp 53 10.0.0.0/8",
      "out REJECT tcp 25 any",
    ]
    error_message = "rules are ${jsonencode(proxmox_virtual_environment_firewall_rules.this[0].rule)}"
  }

  assert {
    condition     = proxmox_virtual_environment_firewall_rules.this[0].rule[2].comment == "web"
    error_message = "the comment of a rule is ${jsonencode(proxmox_virtual_environment_firewall_rules.this[0].rule[2].comment)}"
  }
}
