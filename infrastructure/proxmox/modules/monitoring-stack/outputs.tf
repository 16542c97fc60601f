# --- the VM -------------------------------------------------------------------

output "vm_id" {
  description = "Number of the VM."
  value       = module.vm.vm_id
}

output "name" {
  description = "Name of the VM."
  value       = module.vm.name
}

output "ip_address" {
  description = "Address of the VM."
  value       = local.ip_address
}

output "tags" {
  description = "All tags, sorted as Proxmox shows them."
  value       = module.vm.tags
}

output "backup" {
  description = "Whether backup jobs are to include the VM."
  value       = module.vm.backup
}

output "manifest" {
  description = "What is to be inside the VM: packages, files (content, mode, command after a change), units."
  value       = module.vm.manifest
}

output "firewall_ports" {
  description = "Ports the firewall of the VM lets in, in the order of its rules; null without firewall."
  value       = module.vm.firewall_ports
}

output "undelivered" {
  description = "What is asked for inside the VM and nothing installs: empty with snippets = true."
  value       = module.vm.undelivered
}

# --- the services -------------------------------------------------------------

output "service_urls" {
  description = "Addresses of the services for people, by service: names below domain_suffix, or addresses of the VM without Traefik."
  value       = local.service_urls
}

output "traefik_dashboard_url" {
  description = "Address of Traefik's dashboard; null without Traefik."
  value       = var.traefik_enabled ? "${local.service_urls.traefik}/dashboard/" : null
}

output "uptime_kuma_url" {
  description = "Address of Uptime Kuma; null without it."
  value       = lookup(local.service_urls, "uptime-kuma", null)
}

output "loki" {
  description = "Where the guests of other environments send their logs (their loki_url), and for how long they are kept; null without Loki."
  value       = var.loki_enabled ? { url = local.direct_urls.loki, retention_days = var.loki_retention_days } : null
}

output "ports" {
  description = "TCP ports the services publish: port => service. Known before anything is created. Module vm opens node-exporter's itself."
  value       = merge([for name, service in local.services : { for port in service.ports : port => name } if name != "node-exporter"]...)
}

# --- keys and certificates ----------------------------------------------------

output "health_check_public_key" {
  description = "Key the health checks log in with: health_check_public_key of the other environments."
  value       = local.health_check_public_key
}

output "health_check_private_key" {
  description = "Its private half, in OpenSSH format."
  value       = tls_private_key.health_check.private_key_openssh
  sensitive   = true
}

output "ca_certificate" {
  description = "Certificate of the authority behind HTTPS (PEM), for devices to import; null without tls_enabled."
  value       = one(tls_self_signed_cert.ca[*].cert_pem)
}

# --- inventory ----------------------------------------------------------------

output "inventory_entry" {
  description = "The VM in the environment's inventory (docs/inventory.schema.json)."
  value       = module.vm.inventory_entry
}

output "service_entries" {
  description = "The services in the environment's inventory, in the order of their names."
  value = [for name, service in local.services : {
    name        = name
    kind        = name
    guest       = var.name
    url         = local.direct_urls[name]
    health_path = service.health_path
    host        = var.traefik_enabled ? service.host : null
    port        = service.ports[0]
    scrape      = service.metrics ? { path = "/metrics", port = service.ports[0], job = name } : null
    monitor     = service.monitor
  }]
}

output "domain" {
  description = "Domain below which Traefik names services, in the environment's inventory; null without Traefik."
  value       = var.traefik_enabled ? var.domain_suffix : null
}
