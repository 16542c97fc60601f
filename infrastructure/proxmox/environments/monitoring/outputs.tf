locals {
  guests = concat([module.monitoring.inventory_entry], module.minio[*].inventory_entry)
}

output "inventory" {
  description = "Nodes, guests and services of this environment; docs/inventory.schema.json describes it."
  value = {
    schema_version = 2
    environment    = local.environment
    domain         = module.monitoring.domain
    nodes          = local.nodes
    guests         = local.guests
    services       = concat(module.monitoring.service_entries, module.minio[*].service_entry)
  }
}

output "vm_id" {
  description = "Number of the VM."
  value       = module.monitoring.vm_id
}

output "ip_address" {
  description = "Address of the VM."
  value       = module.monitoring.ip_address
}

output "service_urls" {
  description = "Where the services are, for people."
  value       = module.monitoring.service_urls
}

output "traefik_dashboard_url" {
  description = "Traefik's dashboard; null without Traefik."
  value       = module.monitoring.traefik_dashboard_url
}

output "uptime_kuma_url" {
  description = "Uptime Kuma; null without it."
  value       = module.monitoring.uptime_kuma_url
}

output "loki" {
  description = "Where the other environments send their logs (their loki_url), and for how many days they are kept; null without Loki."
  value       = module.monitoring.loki
}

output "minio_endpoint_url" {
  description = "Address of the state store; null without it."
  value       = one(module.minio[*].endpoint_url)
}

output "health_check_public_key" {
  description = "Key of the health checks: health_check_public_key in the terraform.tfvars of the other environments."
  value       = module.monitoring.health_check_public_key
}

output "health_check_private_key" {
  description = "Its private half; nothing puts it on the VM yet."
  value       = module.monitoring.health_check_private_key
  sensitive   = true
}

output "ca_certificate" {
  description = "Certificate for your devices to import (PEM); null without tls_enabled."
  value       = module.monitoring.ca_certificate
}

output "certificate" {
  description = "Certificate that Traefik serves (PEM); null without tls_enabled."
  value       = module.monitoring.certificate
}

output "certificate_key" {
  description = "Its private key (PEM); null without tls_enabled."
  value       = module.monitoring.certificate_key
  sensitive   = true
}

output "code" {
  description = "Identity of the code that was applied: one hash over *.tf and files of the modules called, and this folder's *.tf and *.tfvars."
  value = {
    sha256 = sha256(join("\n", [for name, file in local.code_files : "${filesha256(file)}  ${name}"]))
    files  = length(local.code_files)
  }
}
