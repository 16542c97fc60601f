output "folder" {
  description = "Folder of the stack on the monitoring VM. Every path of the other outputs is relative to it, or to another folder."
  value       = "/opt/monitoring"
}

output "files" {
  description = <<-EOT
    Files by path: `content`, `mode`, and `reload`, the service to send SIGHUP to after a change, `recreate:SERVICE`, or null
    where the change is noticed. No secret is in any of them.
  EOT
  value       = { for path, file in local.rendered : path => { content = file.content, mode = "0644", reload = file.reload } }

  precondition {
    condition     = length(local.claimed_twice) == 0
    error_message = "host = ${jsonencode(local.claimed_twice)} is the name of two services: give one of them another, for example services = { wiki = { host = \"wiki\" } } in its environment."
  }

  precondition {
    condition     = length(local.published_twice) == 0
    error_message = "ports = ${jsonencode(var.ports)} publishes ${jsonencode(local.published_twice)} twice: give each its own, for example ports = { \"80\" = 8081 }."
  }
}

output "directories" {
  description = "Folders by path, with `mode` and `owner` (uid:gid): what is kept, and what secrets and certificates are put into."
  value       = local.directories
}

output "secrets" {
  description = <<-EOT
    Secrets by name: `path` of the file (0600, of container_user), `services` that read it, whether they start without it
    (`required`), `description`. For pve-exporter.yml also `settings`, which its file has besides the token.
  EOT
  value       = local.secrets
}

output "certificates" {
  description = "What Traefik serves with TLS: paths of `cert`, `key` (0600) and `ca`, `names` it is for, what to `reload`. null without."
  value       = local.certificates
}

output "services" {
  description = "Services of the stack by name: image, ports, addresses, health and metrics."
  value       = local.services
}

output "service_urls" {
  description = "Addresses of the services for people, by service: names below domain_suffix, or addresses of the machine without Traefik."
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

output "loki_url" {
  description = "Address guests send their logs to; null without Loki. Plain HTTP, with TLS too."
  value       = try(local.services.loki.direct_url, null)
}

output "ports" {
  description = "TCP ports that other machines are to reach, for a firewall: published port => service. With TLS these are 80, 443 and 3100."
  value       = merge([for port in local.all_published : { tostring(port.port) = port.service } if port.open]...)
}

output "service_entries" {
  description = "The services in the environment's inventory (docs/inventory.schema.json), in the order of their names."
  value = [for name, service in local.services : {
    name        = name
    kind        = name
    guest       = var.hostname
    url         = var.tls_enabled && service.routed ? service.url : service.direct_url
    address     = var.tls_enabled && service.routed ? var.ip_address : null
    health_path = service.health_path
    host        = service.host
    port        = try(service.published[0].port, service.container_port)
    scrape      = try(service.published[0].open, false) && service.job != null ? { path = "/metrics", port = service.published[0].port, job = service.job } : null
    monitor     = service.monitor
    # What is reached by name or at an open port; the rest is asked by Prometheus alone.
  } if service.health_path != null && (service.routed || !service.container || try(service.published[0].open, false))]
}

output "domain" {
  description = "Domain below which Traefik names services, in the environment's inventory; null without Traefik."
  value       = var.traefik_enabled ? var.domain_suffix : null
}
