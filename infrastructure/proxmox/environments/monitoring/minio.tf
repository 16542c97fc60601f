# The store for the state of the other environments; this one keeps its own elsewhere.

module "minio" {
  source = "../../modules/minio"
  count  = var.minio == null ? 0 : 1

  minio_version = var.minio.minio_version
  minio_url     = var.minio.minio_url
  minio_sha256  = var.minio.minio_sha256
  root_user     = var.minio.root_user
  root_password = var.minio.root_password
  buckets       = var.minio.buckets
  api_port      = var.minio.api_port
  console_port  = var.minio.console_port

  data_path         = var.minio.data_path
  data_size_gb      = var.minio.data_size_gb
  data_datastore_id = var.minio.data_datastore_id

  name             = var.minio.name
  description      = var.minio.description
  tags             = var.minio.tags
  node_name        = coalesce(var.minio.node_name, var.node_name)
  container_id     = var.minio.container_id
  template_file_id = var.minio.template_url == null ? var.minio.template_file_id : local.file_ids["minio"]
  os_type          = var.minio.os_type

  cpu_cores    = var.minio.cpu_cores
  memory_mb    = var.minio.memory_mb
  datastore_id = var.minio.datastore_id != null ? var.minio.datastore_id : var.datastore_id
  disk_size_gb = var.minio.disk_size_gb

  bridge      = var.minio.bridge != null ? var.minio.bridge : var.bridge
  vlan_id     = var.minio.vlan_id != null ? var.minio.vlan_id : var.vlan_id
  ipv4        = var.minio.ipv4
  gateway     = var.minio.gateway != null ? var.minio.gateway : var.gateway
  dns_servers = var.dns_servers
  dns_domain  = var.dns_domain

  ssh_keys = concat(coalesce(var.ssh_keys, []), [module.monitoring.health_check_public_key])
  ssh_port = var.minio.ssh_port != null ? var.minio.ssh_port : var.ssh_port

  started    = var.minio.started
  on_boot    = var.minio.on_boot
  startup    = var.minio.startup
  protection = var.minio.protection
  backup     = var.minio.backup

  packages              = var.minio.packages
  auto_security_updates = var.minio.auto_security_updates
  node_exporter         = var.minio.node_exporter

  firewall_enabled    = var.minio.firewall_enabled != null ? var.minio.firewall_enabled : var.firewall_enabled
  management_networks = var.management_networks
  allowed_networks    = var.allowed_networks
  firewall_rules      = var.minio.firewall_rules
}
