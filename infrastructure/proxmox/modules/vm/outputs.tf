locals {
  # What the agent says about the first network card, found by its MAC address
  # (a guest with Docker has many more cards).
  reported_ipv4 = flatten([
    for index, mac in proxmox_virtual_environment_vm.this.mac_addresses :
    proxmox_virtual_environment_vm.this.ipv4_addresses[index]
    if upper(mac) == local.mac_address && index < length(proxmox_virtual_environment_vm.this.ipv4_addresses)
  ])

  mac_address = try(upper(proxmox_virtual_environment_vm.this.network_device[0].mac_address), null)

  # A declared address is the address, whatever the agent reports: so the
  # inventory of static guests never changes by itself.
  ipv4_address = var.ipv4 == "dhcp" ? try(local.reported_ipv4[0], null) : split("/", var.ipv4)[0]
}

output "vm_id" {
  description = "Number of the VM."
  value       = proxmox_virtual_environment_vm.this.vm_id
}

output "name" {
  description = "Name of the VM."
  value       = proxmox_virtual_environment_vm.this.name
}

output "description" {
  description = "Notes shown in Proxmox."
  value       = proxmox_virtual_environment_vm.this.description
}

output "node_name" {
  description = "Node the VM runs on."
  value       = proxmox_virtual_environment_vm.this.node_name
}

output "ipv4_address" {
  description = "Address without prefix: the declared one, or with DHCP the one the agent reports (null while it reports none)."
  value       = local.ipv4_address
}

output "mac_address" {
  description = "MAC address of the network card."
  value       = local.mac_address
}

output "tags" {
  description = "All tags, sorted as Proxmox shows them."
  value       = sort(local.tags)
}

output "backup" {
  description = "Whether backup jobs are to include this guest."
  value       = var.backup
}

output "firewall_ports" {
  description = "Ports the firewall lets in, in the order of its rules; null without firewall."
  value       = var.firewall_enabled ? [for rule in local.firewall_rules : rule.dport if rule.type == "in" && rule.dport != null] : null
}

output "manifest" {
  description = "What is to be inside the guest: packages, directories (mode, owner), files (content, mode, command after a change), units."
  value       = local.manifest
}

output "undelivered" {
  description = "What is asked for and nothing installs, by the names of the variables: with snippets = false the template has to bring it."
  value       = local.undelivered
}

output "inventory_entry" {
  description = "This guest in the environment's inventory (docs/inventory.schema.json)."
  value = {
    name          = var.name
    type          = "vm"
    vmid          = proxmox_virtual_environment_vm.this.vm_id
    node          = var.node_name
    address       = local.ipv4_address
    ssh_user      = var.ssh_user
    ssh_port      = var.ssh_port
    docker        = var.docker
    agent         = var.agent_enabled
    node_exporter = var.node_exporter
    log_agent     = var.install_promtail ? var.log_agent : null
    started       = var.started
    on_boot       = var.on_boot
    tags          = sort(local.tags)
  }
}

output "started" {
  description = "Whether the VM is to run."
  value       = proxmox_virtual_environment_vm.this.started
}

output "disk_interface" {
  description = "Interface of the first disk."
  value       = var.disk_interface
}

output "image_file_id" {
  description = "Image the VM is made from; null for a clone."
  value       = var.image_file_id
}

output "scsi_hardware" {
  description = "Controller of the disks."
  value       = proxmox_virtual_environment_vm.this.scsi_hardware
}

output "snippet_datastore_id" {
  description = "Storage of the cloud-init snippets; null without snippets."
  value       = one(proxmox_virtual_environment_file.cloud_config[*].datastore_id)
}

output "user_data" {
  description = "What cloud-init reads at the first boot; null without snippets."
  value       = var.snippets ? local.user_data_text : null
}
