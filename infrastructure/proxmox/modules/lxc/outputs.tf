locals {
  mac_address = try(upper(proxmox_virtual_environment_container.this.network_interface[0].mac_address), null)

  # A declared address is the address, whatever the node reports: so the
  # inventory of static guests never changes by itself.
  ipv4_address = var.ipv4 == "dhcp" ? lookup(proxmox_virtual_environment_container.this.ipv4, local.interface, null) : split("/", var.ipv4)[0]
}

output "vm_id" {
  description = "Number of the container."
  value       = proxmox_virtual_environment_container.this.vm_id
}

output "name" {
  description = "Name of the container."
  value       = var.name
}

output "node_name" {
  description = "Node the container runs on."
  value       = proxmox_virtual_environment_container.this.node_name
}

output "ipv4_address" {
  description = "Address without prefix: the declared one, or with DHCP the one the node reports (null while it reports none)."
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

output "started" {
  description = "Whether the container is to run."
  value       = proxmox_virtual_environment_container.this.started
}

output "template_file_id" {
  description = "Template the container is made from."
  value       = var.template_file_id
}

output "mount_points" {
  description = "Volumes besides the root disk, then bind mounts: path, size with its unit (null of a bind mount), storage or directory of the node."
  value       = [for mount in proxmox_virtual_environment_container.this.mount_point : { path = mount.path, size = mount.size, volume = mount.volume }]
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
  description = "What is to be inside the container: packages, files (content, mode, command after a change), units."
  value       = local.manifest
}

output "undelivered" {
  description = "What is asked for and nothing installs, by the names of the variables: install it by hand."
  value       = local.undelivered
}

output "inventory_entry" {
  description = "This guest in the environment's inventory (docs/inventory.schema.json)."
  value = {
    name          = var.name
    type          = "lxc"
    vmid          = proxmox_virtual_environment_container.this.vm_id
    node          = var.node_name
    address       = local.ipv4_address
    ssh_user      = var.ssh_user
    ssh_port      = var.ssh_port
    docker        = var.docker
    agent         = false
    node_exporter = var.node_exporter
    log_agent     = null
    started       = var.started
    on_boot       = var.on_boot
    tags          = sort(local.tags)
  }
}
