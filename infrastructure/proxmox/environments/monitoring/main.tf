# What exists is said in terraform.tfvars; this file only hands it on. A null is
# "not said", and the module's default applies.

locals {
  environment = "monitoring"

  # Those to download.
  sources = merge(
    var.image_url == null ? {} : { vm = {
      content_type = "import"
      node_name    = var.node_name
      url          = var.image_url
      checksum     = var.image_checksum
      shared       = true
    } },
    try(var.minio.template_url, null) == null ? {} : { minio = {
      content_type = "vztmpl"
      node_name    = coalesce(var.minio.node_name, var.node_name)
      url          = var.minio.template_url
      checksum     = var.minio.template_checksum
      shared       = true
    } },
  )
}

module "monitoring" {
  source = "../../modules/monitoring-stack"

  traefik_enabled     = var.traefik_enabled
  loki_enabled        = var.loki_enabled
  uptime_kuma_enabled = var.uptime_kuma_enabled
  uptime_kuma_metrics = var.uptime_kuma_metrics
  tls_enabled         = var.tls_enabled
  log_agent           = var.log_agent

  domain_suffix             = var.domain_suffix
  loki_retention_days       = var.loki_retention_days
  prometheus_retention_days = var.prometheus_retention_days
  telegram_chat_id          = var.telegram_chat_id
  telegram_api_url          = var.telegram_api_url
  images                    = var.images
  pve_verify_ssl            = var.pve_verify_ssl
  pve_ca                    = var.pve_ca

  name        = var.name
  environment = local.environment
  description = var.description
  tags        = var.tags
  node_name   = var.node_name
  vm_id       = var.vm_id

  template_vmid      = var.template_vmid
  template_node_name = var.template_node_name
  image_file_id      = var.image_url == null ? var.image_file_id : local.file_ids["vm"]

  cpu_cores      = var.cpu_cores
  memory_mb      = var.memory_mb
  datastore_id   = var.datastore_id
  disk_size_gb   = var.disk_size_gb
  disk_interface = var.disk_interface

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

  started    = var.started
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
