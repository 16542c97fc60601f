# What is planned from which input, and what the module tells its caller.

mock_provider "proxmox" {}

variables {
  node_name     = "pve1"
  vm_id         = 251
  template_vmid = 9000
  ipv4          = "192.168.1.51/24"
  gateway       = "192.168.1.1"
}

run "defaults" {
  command = plan

  assert {
    condition     = jsonencode(output.inventory_entry) == jsonencode({ address = "192.168.1.51", agent = true, docker = true, log_agent = null, node_exporter = true, name = "monitoring-stack", node = "pve1", started = true, on_boot = true, ssh_port = 22, ssh_user = "ubuntu", tags = ["docker", "monitoring"], type = "vm", vmid = 251 })
    error_message = "the VM is ${jsonencode(output.inventory_entry)}"
  }

  assert {
    condition     = output.vm_id == 251 && output.ip_address == "192.168.1.51" && output.backup
    error_message = "the VM is ${output.vm_id} at ${output.ip_address}"
  }

  assert {
    condition     = contains(keys(output.manifest.files), "/usr/local/sbin/pve-home-install-docker") && contains(output.manifest.packages, "prometheus-node-exporter")
    error_message = "the VM has no Docker, or no metrics: ${jsonencode(keys(output.manifest.files))}"
  }

  assert {
    condition = [for service in output.service_entries : "${service.name} ${service.kind} ${service.guest} ${service.url}${service.health_path}"] == [
      "alertmanager alertmanager monitoring-stack http://192.168.1.51:9093/-/ready",
      "grafana grafana monitoring-stack http://192.168.1.51:3000/api/health",
      "loki loki monitoring-stack http://192.168.1.51:3100/ready",
      "node-exporter node-exporter monitoring-stack http://192.168.1.51:9100/",
      "prometheus prometheus monitoring-stack http://192.168.1.51:9090/-/ready",
      "promtail promtail monitoring-stack http://192.168.1.51:9080/ready",
      "pve-exporter pve-exporter monitoring-stack http://192.168.1.51:9221/metrics",
      "traefik traefik monitoring-stack http://192.168.1.51:8080/api/version",
      "uptime-kuma uptime-kuma monitoring-stack http://192.168.1.51:3001/api/entry-page",
    ]
    error_message = "services are ${jsonencode(output.service_entries)}"
  }

  # One service to one port; a port given twice would be lost in the map.
  assert {
    condition     = jsonencode(keys(output.ports)) == jsonencode(["3000", "3001", "3100", "443", "80", "8080", "9080", "9090", "9093", "9221"])
    error_message = "ports are ${jsonencode(output.ports)}"
  }
}

run "vm_as_the_user_wants_it" {
  command = plan

  variables {
    name                  = "watch"
    description           = "Watches the house"
    tags                  = ["infra"]
    vm_id                 = 900
    template_vmid         = null
    image_file_id         = "local:import/debian-13.qcow2"
    ssh_user              = "ops"
    ssh_port              = 2222
    ssh_keys              = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl test"]
    started               = false
    disk_interface        = "virtio0"
    on_boot               = false
    backup                = false
    packages              = ["htop"]
    auto_security_updates = true
    firewall_enabled      = true
    firewall_rules        = [{ dport = "3000" }]
  }

  assert {
    condition     = jsonencode(output.inventory_entry) == jsonencode({ address = "192.168.1.51", agent = true, docker = true, log_agent = null, node_exporter = true, name = "watch", node = "pve1", started = false, on_boot = false, ssh_port = 2222, ssh_user = "ops", tags = ["docker", "infra", "nobackup"], type = "vm", vmid = 900 })
    error_message = "the VM is ${jsonencode(output.inventory_entry)}"
  }

  assert {
    condition     = !output.backup && length(setsubtract(["htop", "unattended-upgrades"], output.manifest.packages)) == 0
    error_message = "packages are ${jsonencode(output.manifest.packages)}"
  }

  assert {
    condition     = jsonencode(module.vm.firewall_ports) == jsonencode(["22", "2222", "3000", "9100"])
    error_message = "the firewall lets in ${jsonencode(module.vm.firewall_ports)}"
  }

  assert {
    condition     = module.vm.started == false && module.vm.disk_interface == "virtio0" && length(output.undelivered) == 0
    error_message = "the VM is started, or has its disk elsewhere, or something is not installed: ${jsonencode(output.undelivered)}"
  }

  assert {
    condition     = alltrue([for service in output.service_entries : service.guest == "watch"])
    error_message = "services are ${jsonencode(output.service_entries)}"
  }
}
