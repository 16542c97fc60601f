# The services of the stack, said once: addresses, inventory, open ports and
# certificate names follow from this map.

locals {
  # host: name below domain_suffix, null for what Traefik does not route.
  # ports: published by the VM; the first is where the service itself answers.
  # health_path: answers 200 while the service is well.
  # metrics: Prometheus reads /metrics there. Node-exporter is asked as that of every
  # guest; Uptime Kuma wants a key of its own.
  # monitor: Uptime Kuma watches it; itself it cannot.
  known_services = {
    alertmanager  = { enabled = true, host = "alertmanager", ports = [9093], health_path = "/-/ready", metrics = true, monitor = true }
    grafana       = { enabled = true, host = "grafana", ports = [3000], health_path = "/api/health", metrics = true, monitor = true }
    loki          = { enabled = var.loki_enabled, host = "loki", ports = [3100], health_path = "/ready", metrics = true, monitor = true }
    node-exporter = { enabled = true, host = null, ports = [9100], health_path = "/", metrics = false, monitor = true }
    prometheus    = { enabled = true, host = "prometheus", ports = [9090], health_path = "/-/ready", metrics = true, monitor = true }
    promtail      = { enabled = var.loki_enabled, host = null, ports = [9080], health_path = "/ready", metrics = true, monitor = true }
    pve-exporter  = { enabled = true, host = null, ports = [9221], health_path = "/metrics", metrics = true, monitor = true }
    traefik       = { enabled = var.traefik_enabled, host = "traefik", ports = [8080, 80, 443], health_path = "/ping", metrics = true, monitor = true }
    uptime-kuma   = { enabled = var.uptime_kuma_enabled, host = "uptime", ports = [3001], health_path = "/api/entry-page", metrics = false, monitor = false }
  }

  services = { for name, service in local.known_services : name => service if service.enabled }

  # Where each service itself answers. No name has to be resolved for it, so checks
  # of a service do not depend on DNS or on Traefik.
  direct_urls = { for name, service in local.services : name => "http://${local.ip_address}:${service.ports[0]}" }

  scheme = var.tls_enabled ? "https" : "http"

  # Where people go: by name through Traefik, directly without it.
  service_urls = {
    for name, service in local.services : name => var.traefik_enabled ? "${local.scheme}://${service.host}.${var.domain_suffix}" : local.direct_urls[name]
    if service.host != null
  }
}
