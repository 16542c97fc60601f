# Every file of the stack, from variables alone. A path is relative to the folder of the
# stack, and none of them holds a secret.

locals {
  files_folder = "${path.module}/../files"

  # What the templates of the log agent are filled with, here and on the guests.
  log_agent_values = {
    hostname       = var.hostname
    environment    = var.environment
    loki_url       = "http://loki:3100"
    docker_host    = "tcp://docker-proxy:2375"
    journal        = true
    log_files      = ["/var/log/*.log"]
    levels         = yamldecode(file("${local.agent_folder}/log-levels.yml"))
    scrape_configs = []
    # What Loki 3.7 writes at every query, as an error, while its deletion is off
    # (gennumber_loader.go); each look at the errors would add to them.
    dropped_lines = ["deletion is not available for this tenant"]
  }

  # reload: the service that gets SIGHUP, "recreate:SERVICE", or null where the change
  # is seen by itself. Folders are mounted, not files: a file that is replaced would stay
  # the old one in the container.
  rendered = merge(
    {
      "docker-compose.yml" = {
        reload  = null
        content = templatefile("${local.files_folder}/docker-compose.yml.tpl", merge(local.template_values, { secrets = local.secrets }))
      }
      "prometheus/prometheus.yml" = {
        reload  = "prometheus"
        content = templatefile("${local.files_folder}/prometheus/prometheus.yml.tpl", local.template_values)
      }
      "prometheus/targets/node.yml" = {
        reload  = null
        content = templatefile("${local.files_folder}/prometheus/targets.yml.tpl", { what = "node-exporter of every guest and node", targets = local.node_targets })
      }
      "prometheus/targets/pve.yml" = {
        reload  = null
        content = templatefile("${local.files_folder}/prometheus/targets.yml.tpl", { what = "Proxmox nodes, which pve-exporter asks", targets = local.pve_targets })
      }
      "prometheus/targets/services.yml" = {
        reload  = null
        content = templatefile("${local.files_folder}/prometheus/targets.yml.tpl", { what = "services of guests with a line scrape in their environment", targets = local.service_targets })
      }
      "alertmanager/alertmanager.yml" = {
        reload  = "alertmanager"
        content = templatefile("${local.files_folder}/alertmanager/alertmanager.yml.tpl", local.template_values)
      }
      "grafana/provisioning/dashboards/dashboards.yml" = {
        reload  = "recreate:grafana"
        content = file("${local.files_folder}/grafana/provisioning/dashboards/dashboards.yml")
      }
    },
    var.telegram_chat_id == null ? {} : {
      "alertmanager/templates/telegram.tmpl" = {
        reload  = "alertmanager"
        content = file("${local.files_folder}/alertmanager/templates/telegram.tmpl")
      }
    },
    { for file in fileset("${local.files_folder}/prometheus/alerts", "*.yml") : "prometheus/alerts/${file}" => {
      reload  = "prometheus"
      content = file("${local.files_folder}/prometheus/alerts/${file}")
    } if !contains(local.other_services, trimsuffix(file, ".yml")) },
    { for file in fileset("${local.files_folder}/grafana/dashboards", "*.json") : "grafana/dashboards/${file}" => {
      reload  = null
      content = file("${local.files_folder}/grafana/dashboards/${file}")
    } if !contains(local.other_dashboards, trimsuffix(file, ".json")) },
    { for file in fileset("${local.files_folder}/grafana/provisioning/datasources", "*.yml") : "grafana/provisioning/datasources/${file}" => {
      reload  = "recreate:grafana"
      content = file("${local.files_folder}/grafana/provisioning/datasources/${file}")
    } if !contains(local.other_services, trimsuffix(file, ".yml")) },
    !var.traefik_enabled ? {} : {
      "traefik/traefik.yml" = {
        reload  = "recreate:traefik"
        content = templatefile("${local.files_folder}/traefik/traefik.yml.tpl", local.template_values)
      }
      "traefik/dynamic/dynamic.yml" = {
        reload  = null
        content = templatefile("${local.files_folder}/traefik/dynamic.yml.tpl", local.template_values)
      }
    },
    !var.loki_enabled ? {} : {
      "loki/loki-config.yml" = {
        reload  = "recreate:loki"
        content = templatefile("${local.files_folder}/loki/loki-config.yml", local.template_values)
      }
      (local.log_agent.path) = {
        reload  = "recreate:${var.log_agent}"
        content = local.log_agent.content
      }
    },
    !local.proxied ? {} : {
      "docker-proxy/haproxy.cfg" = {
        reload  = "recreate:docker-proxy"
        content = file("${local.agent_folder}/docker-proxy.cfg")
      }
    },
  )

  # --- folders ----------------------------------------------------------------

  kept = concat(
    ["data/prometheus", "data/alertmanager", "data/grafana"],
    var.loki_enabled ? ["data/loki", "data/${var.log_agent}"] : [],
    var.uptime_kuma_enabled ? ["uptime-kuma"] : [],
  )

  directories = merge(
    { for path in local.kept : path => { mode = "0750", owner = var.container_user } },
    # Without a dashboard too: Docker would make the folder that it mounts, as root.
    { "grafana/dashboards" = { mode = "0755", owner = var.container_user } },
    { "secrets" = { mode = "0700", owner = var.container_user } },
    var.tls_enabled ? { "traefik/certs" = { mode = "0755", owner = var.container_user } } : {},
  )

  # --- what the templates are filled with -------------------------------------

  # Shared with the log agent of the guests.
  agent_folder = "${path.module}/../../vm/files"

  log_agent = {
    promtail = {
      path    = "promtail/promtail-config.yml"
      content = templatefile("${local.files_folder}/promtail/promtail-config.yml.tpl", merge(local.log_agent_values, { scrapes = templatefile("${local.agent_folder}/promtail-scrapes.yml.tpl", local.log_agent_values) }))
    }
    alloy = {
      path    = "alloy/config.alloy"
      content = templatefile("${local.agent_folder}/alloy-agent.alloy.tpl", local.log_agent_values)
    }
  }[var.log_agent]

  template_values = {
    services       = local.services
    routed         = local.routed
    guest_routes   = local.guest_routes
    domain         = var.domain_suffix
    tls            = var.tls_enabled
    https_port     = lookup(var.ports, "443", 443)
    loki_retention = "${var.loki_retention_days * 24}h"
    retention_days = var.prometheus_retention_days
    telegram = var.telegram_chat_id == null ? null : {
      chat_id = var.telegram_chat_id
      api_url = coalesce(var.telegram_api_url, "https://api.telegram.org")
    }
    uptime_kuma_metrics = var.uptime_kuma_enabled && var.uptime_kuma_metrics
    container_user      = var.container_user
    docker_socket       = var.docker_socket
    textfile_directory  = var.textfile_directory
    pve_ca              = var.pve_ca
    log_agent           = var.log_agent
    # "127.0.0.1:3000:3000", as Compose writes it.
    port_lines = { for name, service in local.containers : name => [for port in service.published :
      join("", [port.address == "" ? "" : "${strcontains(port.address, ":") ? "[${port.address}]" : port.address}:", "${port.port}:${port.documented}"])
    ] }
  }
}
