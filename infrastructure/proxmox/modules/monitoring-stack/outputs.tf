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
  description = "What is to be inside the VM: packages, directories (mode, owner), files (content, mode, command after a change), units."
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
  value       = module.config.service_urls
}

output "traefik_dashboard_url" {
  description = "Address of Traefik's dashboard; null without Traefik."
  value       = module.config.traefik_dashboard_url
}

output "uptime_kuma_url" {
  description = "Address of Uptime Kuma; null without it."
  value       = module.config.uptime_kuma_url
}

output "loki" {
  description = "Where the guests of other environments send their logs (their loki_url), and for how long they are kept; null without Loki."
  value       = var.loki_enabled ? { url = module.config.loki_url, retention_days = var.loki_retention_days } : null
}

output "ports" {
  description = "TCP ports that other machines are to reach: port => service. Known before anything is created. Module vm opens node-exporter's itself."
  value       = module.config.ports
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

output "certificate" {
  description = "Certificate that Traefik serves (PEM), for every name of a service; null without tls_enabled."
  value       = one(tls_locally_signed_cert.stack[*].cert_pem)
}

output "certificate_key" {
  description = "Its private key (PEM); null without tls_enabled."
  value       = one(tls_private_key.stack[*].private_key_pem)
  sensitive   = true
}

# --- inventory ----------------------------------------------------------------

output "inventory_entry" {
  description = "The VM in the environment's inventory (docs/inventory.schema.json)."
  value       = module.vm.inventory_entry
}

output "service_entries" {
  description = "The services in the environment's inventory, in the order of their names."
  value       = module.config.service_entries
}

output "domain" {
  description = "Domain below which Traefik names services, in the environment's inventory; null without Traefik."
  value       = module.config.domain
}
