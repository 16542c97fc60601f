# The services of the stack, said once: compose file, routes, scrape jobs, certificate
# names, published ports, addresses, monitors and the inventory follow from this map.

locals {
  proxied = var.traefik_enabled || var.loki_enabled

  # default_image: what an installation gets; variable images says another.
  # host: name below domain_suffix, null for what has no web page.
  # ports: documented, published and in the container alike; the first is where the
  # service itself answers.
  # health_path: answers 200 while the service is well.
  # job: of the series that Prometheus reads at /metrics, null for none.
  # monitor: Uptime Kuma watches it; itself it cannot.
  # memory: limit of its container; all of them together fit into 4 GiB.
  # dashboards: files of files/grafana/dashboards that are of no use without it.
  known_services = {
    alertmanager  = { enabled = true, default_image = "prom/alertmanager:v0.34.0", host = "alertmanager", ports = [9093], health_path = "/-/ready", job = "alertmanager", monitor = true, memory = "128m", dashboards = [] }
    alloy         = { enabled = var.loki_enabled && var.log_agent == "alloy", default_image = "grafana/alloy:v1.18.1", host = "alloy", ports = [9080], health_path = "/-/ready", job = "alloy", monitor = true, memory = "256m", dashboards = [] }
    docker-proxy  = { enabled = local.proxied, default_image = "haproxy:3.2", host = null, ports = [], health_path = null, job = null, monitor = false, memory = "64m", dashboards = [] }
    grafana       = { enabled = true, default_image = "grafana/grafana:13.1.1", host = "grafana", ports = [3000], health_path = "/api/health", job = "grafana", monitor = true, memory = "512m", dashboards = [] }
    loki          = { enabled = var.loki_enabled, default_image = "grafana/loki:3.7.8", host = "loki", ports = [3100], health_path = "/ready", job = "loki", monitor = true, memory = "768m", dashboards = ["logs-overview"] }
    node-exporter = { enabled = true, default_image = "prom/node-exporter:v1.12.1", host = null, ports = [9100], health_path = "/", job = null, monitor = true, memory = "64m", dashboards = [] }
    prometheus    = { enabled = true, default_image = "prom/prometheus:v3.15.0", host = "prometheus", ports = [9090], health_path = "/-/ready", job = "prometheus", monitor = true, memory = "1g", dashboards = [] }
    promtail      = { enabled = var.loki_enabled && var.log_agent == "promtail", default_image = "grafana/promtail:3.6.11", host = "promtail", ports = [9080], health_path = "/ready", job = "promtail", monitor = true, memory = "128m", dashboards = [] }
    pve-exporter  = { enabled = true, default_image = "prompve/prometheus-pve-exporter:3.10.2", host = "pve-exporter", ports = [9221], health_path = "/metrics", job = "pve-exporter", monitor = true, memory = "192m", dashboards = [] }
    traefik       = { enabled = var.traefik_enabled, default_image = "traefik:v3.7.9", host = "traefik", ports = [8080, 80, 443], health_path = "/api/version", job = "traefik", monitor = true, memory = "256m", dashboards = [] }
    uptime-kuma   = { enabled = var.uptime_kuma_enabled, default_image = "louislam/uptime-kuma:2.5.3-slim", host = "uptime", ports = [3001], health_path = "/api/entry-page", job = var.uptime_kuma_metrics ? "uptime-kuma" : null, monitor = false, memory = "512m", dashboards = [] }
  }

  # --- where their ports are published ----------------------------------------

  loopback = startswith(var.bind_address, "127.") || var.bind_address == "::1" ? var.bind_address : "127.0.0.1"

  # With TLS the way in is 443: 80 redirects to it, and 3100 takes the logs of guests,
  # which need neither names nor certificates. The package of node-exporter is no port of ours.
  open_ports = var.tls_enabled ? [80, 443, 3100] : [80, 443, 3000, 3001, 3100, 8080, 9080, 9090, 9093, 9100, 9221]

  published = { for name, service in local.known_services : name => [for port in service.ports : {
    documented = port
    port       = lookup(var.ports, tostring(port), port)
    address    = contains(local.open_ports, port) ? var.bind_address : local.loopback
    open       = contains(local.open_ports, port)
  } if name != "node-exporter" || var.node_exporter_container] }

  # --- where they are reached -------------------------------------------------

  scheme   = var.tls_enabled ? "https" : "http"
  web_port = lookup(var.ports, var.tls_enabled ? "443" : "80", var.tls_enabled ? 443 : 80)
  # Of the names: nothing with the port that a browser takes by itself.
  port_suffix = local.web_port == (var.tls_enabled ? 443 : 80) ? "" : ":${local.web_port}"
  url_address = strcontains(var.ip_address, ":") ? "[${var.ip_address}]" : var.ip_address

  services = { for name, service in local.known_services : name => {
    image         = lookup(var.images, name, service.default_image)
    default_image = service.default_image
    container     = name != "node-exporter" || var.node_exporter_container
    # Port within the network of the stack; null for docker-proxy, which has another network.
    container_port = try(service.ports[0], null)
    published      = local.published[name]
    host           = var.traefik_enabled ? service.host : null
    host_name      = var.traefik_enabled && service.host != null ? "${service.host}.${var.domain_suffix}" : null
    routed         = var.traefik_enabled && service.host != null
    health_path    = service.health_path
    job            = service.job
    monitor        = service.monitor
    memory         = service.memory
    dashboards     = service.dashboards
    # At the service itself: no name has to be resolved for it.
    direct_url = length(service.ports) == 0 ? null : "http://${local.url_address}:${try(local.published[name][0].port, service.ports[0])}"
    # For people: by name through Traefik, directly without it.
    url = service.host == null ? null : (
      var.traefik_enabled
      ? "${local.scheme}://${service.host}.${var.domain_suffix}${local.port_suffix}"
      : "http://${local.url_address}:${local.published[name][0].port}"
    )
  } if service.enabled }

  routed     = { for name, service in local.services : name => service if service.routed }
  containers = { for name, service in local.services : name => service if service.container }

  # Files of services that can be off, without their ending.
  other_services   = [for name, service in local.known_services : name if !service.enabled]
  other_dashboards = flatten([for name, service in local.known_services : service.dashboards if !service.enabled])

  all_published   = flatten([for name, service in local.containers : [for port in service.published : merge(port, { service = name })]])
  published_twice = distinct([for port in local.all_published : port.port if length([for other in local.all_published : other if other.port == port.port]) > 1])

  service_urls = { for name, service in local.services : name => service.url if service.url != null }
}
