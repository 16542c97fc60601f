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

  assert {
    condition     = jsonencode(output.firewall_ports) == jsonencode(["22"])
    error_message = "open are ${jsonencode(output.firewall_ports)}"
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

# 9100 and 9080 are open where cloud-init installs what listens there, after the guest's own rules.
run "ports_of_the_agents" {
  command = plan

  variables {
    allowed_networks = ["192.168.0.0/16"]
    firewall_rules   = [{ dport = "80" }]
    docker           = true
    node_exporter    = true
    install_promtail = true
    loki_url         = "http://192.168.1.51:3100"
  }

  assert {
    condition     = jsonencode(output.firewall_ports) == jsonencode(["22", "80", "9100", "9080"])
    error_message = "open are ${jsonencode(output.firewall_ports)}"
  }

  assert {
    condition     = proxmox_virtual_environment_firewall_rules.this[0].rule[3].source == "192.168.0.0/16" && proxmox_virtual_environment_firewall_rules.this[0].rule[4].source == "192.168.0.0/16"
    error_message = "rules are ${jsonencode(proxmox_virtual_environment_firewall_rules.this[0].rule)}"
  }
}

run "agents_that_nothing_installs_open_no_port" {
  command = plan

  variables {
    snippets         = false
    docker           = true
    node_exporter    = true
    install_promtail = true
    loki_url         = "http://192.168.1.51:3100"
  }

  assert {
    condition     = jsonencode(output.firewall_ports) == jsonencode(["22"])
    error_message = "open are ${jsonencode(output.firewall_ports)}"
  }
}
