# What exists is said in terraform.tfvars; this file only hands it on. A null is
# "not said", and the module's default applies.

locals {
  environment = "monitoring"
}

module "monitoring" {
  source = "../../modules/monitoring-stack"

  traefik_enabled     = var.traefik_enabled
  loki_enabled        = var.loki_enabled
  uptime_kuma_enabled = var.uptime_kuma_enabled
  domain_suffix       = var.domain_suffix
  loki_retention_days = var.loki_retention_days
  tls_enabled         = var.tls_enabled

  name        = var.name
  environment = local.environment
  description = var.description
  tags        = var.tags
  node_name   = var.node_name
  vm_id       = var.vm_id

  template_vmid      = var.template_vmid
  template_node_name = var.template_node_name
  image_file_id      = var.image_file_id

  cpu_cores    = var.cpu_cores
  memory_mb    = var.memory_mb
  datastore_id = var.datastore_id
  disk_size_gb = var.disk_size_gb

  bridge      = var.bridge
  vlan_id     = var.vlan_id
  mac_address = var.mac_address
  ipv4        = var.ipv4
  gateway     = var.gateway
  dns_servers = var.dns_servers
  dns_domain  = var.dns_domain

  ssh_keys = var.ssh_keys
  ssh_user = var.ssh_user
  ssh_port = var.ssh_port

  on_boot    = var.on_boot
  startup    = var.startup
  protection = var.protection

  snippets              = var.snippets
  snippet_datastore_id  = var.snippet_datastore_id
  packages              = var.packages
  auto_security_updates = var.auto_security_updates

  firewall_enabled    = var.firewall_enabled
  management_networks = var.management_networks
  allowed_networks    = var.allowed_networks
  firewall_rules      = local.firewall_rules
}
