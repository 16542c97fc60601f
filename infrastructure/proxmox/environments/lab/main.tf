# What exists is said in terraform.tfvars; this file only hands it on. A null is
# "not said", and the module's default applies.

locals {
  environment = "lab"

  # Nothing here is worth keeping the logs of; true sends those of the VMs with Docker.
  install_promtail = false
}

module "vms" {
  source   = "../../modules/vm"
  for_each = var.vms

  name        = each.key
  environment = local.environment
  description = each.value.description
  tags        = concat(var.tags, each.value.tags)
  node_name   = coalesce(each.value.node_name, var.node_name)
  vm_id       = each.value.vm_id

  template_vmid      = local.own_source[each.key] ? each.value.template_vmid : var.template_vmid
  template_node_name = var.template_node_name
  image_file_id      = local.image_urls[each.key] != null ? local.file_ids[each.key] : local.own_source[each.key] ? each.value.image_file_id : var.image_file_id

  cpu_cores      = each.value.cpu_cores
  cpu_type       = each.value.cpu_type
  memory_mb      = each.value.memory_mb
  ballooning     = each.value.ballooning
  datastore_id   = each.value.datastore_id != null ? each.value.datastore_id : var.datastore_id
  disk_size_gb   = each.value.disk_size_gb
  disk_interface = each.value.disk_interface != null ? each.value.disk_interface : var.disk_interface
  data_disks     = each.value.data_disks

  bridge      = each.value.bridge != null ? each.value.bridge : var.bridge
  vlan_id     = each.value.vlan_id != null ? each.value.vlan_id : var.vlan_id
  mac_address = each.value.mac_address
  ipv4        = each.value.ipv4
  gateway     = each.value.gateway != null ? each.value.gateway : each.value.ipv4 == "dhcp" ? null : var.gateway
  dns_servers = var.dns_servers
  dns_domain  = var.dns_domain

  ssh_user = each.value.ssh_user != null ? each.value.ssh_user : var.ssh_user
  ssh_port = each.value.ssh_port != null ? each.value.ssh_port : var.ssh_port
  ssh_keys = concat(var.ssh_keys, local.monitoring_keys, each.value.ssh_keys)

  agent_enabled   = each.value.agent_enabled
  agent_timeout   = each.value.agent_timeout
  started         = each.value.started
  on_boot         = each.value.on_boot
  startup         = each.value.startup
  protection      = each.value.protection
  stop_on_destroy = each.value.stop_on_destroy
  backup          = each.value.backup
  expiration_days = each.value.expiration_days != null ? each.value.expiration_days : var.expiration_days

  snippets                = each.value.snippets != null ? each.value.snippets : var.snippets
  snippet_datastore_id    = var.snippet_datastore_id
  packages                = concat(var.packages, each.value.packages)
  auto_security_updates   = each.value.auto_security_updates != null ? each.value.auto_security_updates : var.auto_security_updates
  node_exporter           = each.value.node_exporter != null ? each.value.node_exporter : var.node_exporter
  docker                  = each.value.docker
  install_promtail        = local.install_promtail && coalesce(each.value.docker, false) && var.loki_url != ""
  loki_url                = var.loki_url
  log_agent               = var.log_agent
  promtail_scrape_configs = lookup(var.promtail_scrape_configs, each.key, [])

  firewall_enabled    = each.value.firewall_enabled != null ? each.value.firewall_enabled : var.firewall_enabled
  management_networks = var.management_networks
  allowed_networks    = var.allowed_networks
  firewall_rules      = each.value.firewall_rules
}

module "containers" {
  source   = "../../modules/lxc"
  for_each = var.containers

  name        = each.key
  description = each.value.description
  tags        = concat(var.tags, each.value.tags)
  node_name   = coalesce(each.value.node_name, var.node_name)
  vm_id       = each.value.vm_id

  template_file_id = local.template_urls[each.key] != null ? local.file_ids[each.key] : local.own_template[each.key] ? each.value.template_file_id : var.container_template_file_id
  os_type          = each.value.os_type != null ? each.value.os_type : var.container_os_type

  cpu_cores    = each.value.cpu_cores
  memory_mb    = each.value.memory_mb
  swap_mb      = each.value.swap_mb
  datastore_id = each.value.datastore_id != null ? each.value.datastore_id : var.datastore_id
  disk_size_gb = each.value.disk_size_gb
  mount_points = each.value.mount_points
  bind_mounts  = each.value.bind_mounts
  root_login   = var.root_login

  bridge      = each.value.bridge != null ? each.value.bridge : var.bridge
  vlan_id     = each.value.vlan_id != null ? each.value.vlan_id : var.vlan_id
  mac_address = each.value.mac_address
  ipv4        = each.value.ipv4
  gateway     = each.value.gateway != null ? each.value.gateway : each.value.ipv4 == "dhcp" ? null : var.gateway
  dns_servers = var.dns_servers
  dns_domain  = var.dns_domain

  ssh_user = each.value.ssh_user
  ssh_port = each.value.ssh_port != null ? each.value.ssh_port : var.ssh_port
  ssh_keys = concat(var.ssh_keys, local.monitoring_keys, each.value.ssh_keys)

  unprivileged          = each.value.unprivileged
  nesting               = each.value.nesting
  keyctl                = each.value.keyctl
  fuse                  = each.value.fuse
  started               = each.value.started
  on_boot               = each.value.on_boot
  startup               = each.value.startup
  protection            = each.value.protection
  docker                = each.value.docker
  backup                = each.value.backup
  expiration_days       = each.value.expiration_days != null ? each.value.expiration_days : var.expiration_days
  packages              = concat(var.packages, each.value.packages)
  auto_security_updates = each.value.auto_security_updates != null ? each.value.auto_security_updates : var.auto_security_updates
  node_exporter         = each.value.node_exporter

  firewall_enabled    = each.value.firewall_enabled != null ? each.value.firewall_enabled : var.firewall_enabled
  management_networks = var.management_networks
  allowed_networks    = var.allowed_networks
  firewall_rules      = each.value.firewall_rules
}
