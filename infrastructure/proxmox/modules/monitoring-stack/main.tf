# The files of the stack. The VM gets them at its first boot, without what the
# inventories of all environments add to them, and starts nothing: its secrets are not
# there yet.
module "config" {
  source = "./config"

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

  hostname    = var.name
  environment = var.environment
  ip_address  = local.ip_address
}

locals {
  compose = "docker compose --project-directory ${module.config.folder}"

  # The command after a change of each file.
  reloads = { for path, file in module.config.files : path => (
    file.reload == null ? null
    : startswith(file.reload, "recreate:") ? "${local.compose} up --detach --force-recreate ${trimprefix(file.reload, "recreate:")}"
    : "${local.compose} kill --signal SIGHUP ${file.reload}"
  ) }
}

module "vm" {
  source = "../vm"

  name        = var.name
  environment = var.environment
  description = var.description
  tags        = var.tags
  node_name   = var.node_name
  vm_id       = var.vm_id

  template_vmid      = var.template_vmid
  template_node_name = var.template_node_name
  image_file_id      = var.image_file_id

  cpu_cores      = var.cpu_cores
  cpu_type       = var.cpu_type
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

  # The VM checks itself too, by the same way in as any other guest.
  ssh_keys = concat(var.ssh_keys, [local.health_check_public_key])
  ssh_user = var.ssh_user
  ssh_port = var.ssh_port

  started         = var.started
  on_boot         = var.on_boot
  startup         = var.startup
  protection      = var.protection
  stop_on_destroy = var.stop_on_destroy
  agent_timeout   = var.agent_timeout
  backup          = var.backup

  snippets              = var.snippets
  snippet_datastore_id  = var.snippet_datastore_id
  packages              = var.packages
  auto_security_updates = var.auto_security_updates
  docker                = true
  node_exporter         = true
  files                 = { for path, file in module.config.files : "${module.config.folder}/${path}" => merge(file, { reload = local.reloads[path] }) }
  directories           = { for path, directory in module.config.directories : "${module.config.folder}/${path}" => directory }

  firewall_enabled    = var.firewall_enabled
  management_networks = var.management_networks
  allowed_networks    = var.allowed_networks
  firewall_rules      = var.firewall_rules
}

locals {
  ip_address = split("/", var.ipv4)[0]
}

# With this key the health checks on this VM log in to the guests of every
# environment. The private half is an output for now, and never in cloud-init: a
# snippet is readable on the storage and in the guest.
resource "tls_private_key" "health_check" {
  algorithm = "ED25519"
}

locals {
  health_check_public_key = "${trimspace(tls_private_key.health_check.public_key_openssh)} health-check@${var.name}"
}
