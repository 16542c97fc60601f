# Traefik: the names of the services.

mock_provider "proxmox" {}

variables {
  node_name     = "pve1"
  template_vmid = 9000
  ipv4          = "192.168.1.51/24"
}

run "services_have_names" {
  command = plan

  assert {
    condition = output.service_urls == {
      alertmanager = "http://alertmanager.home.lan"
      grafana      = "http://grafana.home.lan"
      loki         = "http://loki.home.lan"
      prometheus   = "http://prometheus.home.lan"
      promtail     = "http://promtail.home.lan"
      pve-exporter = "http://pve-exporter.home.lan"
      traefik      = "http://traefik.home.lan"
      uptime-kuma  = "http://uptime.home.lan"
    }
    error_message = "service_urls is ${jsonencode(output.service_urls)}"
  }

  assert {
    condition     = output.traefik_dashboard_url == "http://traefik.home.lan/dashboard/"
    error_message = "traefik_dashboard_url is ${jsonencode(output.traefik_dashboard_url)}"
  }

  assert {
    condition     = [for port, service in output.ports : port if service == "traefik"] == ["443", "80", "8080"]
    error_message = "ports are ${jsonencode(output.ports)}"
  }

  # What routes, scrape targets and monitors are made from.
  assert {
    condition = output.domain == "home.lan" && [for service in output.service_entries : "${service.name} ${coalesce(service.host, "-")} ${service.port} ${try("${service.scrape.job} ${service.scrape.port}${service.scrape.path}", "-")} ${service.monitor}"] == [
      "alertmanager alertmanager 9093 alertmanager 9093/metrics true",
      "grafana grafana 3000 grafana 3000/metrics true",
      "loki loki 3100 loki 3100/metrics true",
      "node-exporter - 9100 - true",
      "prometheus prometheus 9090 prometheus 9090/metrics true",
      "promtail promtail 9080 promtail 9080/metrics true",
      "pve-exporter pve-exporter 9221 pve-exporter 9221/metrics true",
      "traefik traefik 8080 traefik 8080/metrics true",
      "uptime-kuma uptime 3001 - false",
    ]
    error_message = "services are ${jsonencode(output.service_entries)}"
  }
}

run "without_traefik_addresses" {
  command = plan

  variables {
    traefik_enabled = false
  }

  assert {
    condition = output.service_urls == {
      alertmanager = "http://192.168.1.51:9093"
      grafana      = "http://192.168.1.51:3000"
      loki         = "http://192.168.1.51:3100"
      prometheus   = "http://192.168.1.51:9090"
      promtail     = "http://192.168.1.51:9080"
      pve-exporter = "http://192.168.1.51:9221"
      uptime-kuma  = "http://192.168.1.51:3001"
    }
    error_message = "service_urls is ${jsonencode(output.service_urls)}"
  }

  assert {
    condition     = output.traefik_dashboard_url == null && !contains(values(output.ports), "traefik") && !contains(output.service_entries[*].name, "traefik") && output.domain == null && alltrue([for service in output.service_entries : service.host == null])
    error_message = "something is left of Traefik: ${jsonencode(output.ports)}"
  }
}

run "accepts_domain_suffix" {
  command = plan

  variables {
    domain_suffix = "mon-1.home.arpa"
  }

  assert {
    condition     = output.service_urls.grafana == "http://grafana.mon-1.home.arpa"
    error_message = "Grafana is at ${output.service_urls.grafana}"
  }
}

run "accepts_domain_suffix_of_one_label" {
  command = plan

  variables {
    domain_suffix = "internal"
  }
}

run "static_configuration" {
  command = plan

  assert {
    condition     = { for name, point in yamldecode(module.config.files["traefik/traefik.yml"].content).entryPoints : name => point.address } == { web = ":80", websecure = ":443", dashboard = ":8080" }
    error_message = "entry points are ${module.config.files["traefik/traefik.yml"].content}"
  }

  assert {
    condition     = yamldecode(module.config.files["traefik/traefik.yml"].content).log.level == "INFO" && yamldecode(module.config.files["traefik/traefik.yml"].content).api == { dashboard = true, insecure = false }
    error_message = "the dashboard is open, or the log is not INFO"
  }

  # Labels of the stack's own containers make no router beside the one of the file.
  assert {
    condition     = yamldecode(module.config.files["traefik/traefik.yml"].content).providers.docker.exposedByDefault == false && strcontains(yamldecode(module.config.files["traefik/traefik.yml"].content).providers.docker.constraints, "!Label(`com.docker.compose.project`, `monitoring`)")
    error_message = "the Docker provider is ${jsonencode(yamldecode(module.config.files["traefik/traefik.yml"].content).providers.docker)}"
  }

  assert {
    condition     = yamldecode(module.config.files["traefik/traefik.yml"].content).providers.docker.network == yamldecode(module.config.files["docker-compose.yml"].content).networks.monitoring.name
    error_message = "Traefik looks for containers on another network than they are on"
  }
}

run "one_router_for_each_name" {
  command = plan

  assert {
    condition = { for name, router in yamldecode(module.config.files["traefik/dynamic/dynamic.yml"].content).http.routers : name => "${router.rule} ${join(",", router.entryPoints)} ${router.service}" } == {
      alertmanager = "Host(`alertmanager.home.lan`) web alertmanager"
      dashboard    = "PathPrefix(`/`) dashboard api@internal"
      grafana      = "Host(`grafana.home.lan`) web grafana"
      loki         = "Host(`loki.home.lan`) web loki"
      prometheus   = "Host(`prometheus.home.lan`) web prometheus"
      promtail     = "Host(`promtail.home.lan`) web promtail"
      pve-exporter = "Host(`pve-exporter.home.lan`) && Path(`/metrics`) web pve-exporter"
      traefik      = "Host(`traefik.home.lan`) web api@internal"
      uptime-kuma  = "Host(`uptime.home.lan`) web uptime-kuma"
    }
    error_message = "routers are ${module.config.files["traefik/dynamic/dynamic.yml"].content}"
  }

  assert {
    condition     = yamldecode(module.config.files["traefik/dynamic/dynamic.yml"].content).http.services.grafana.loadBalancer.servers[0].url == "http://grafana:3000" && yamldecode(module.config.files["traefik/dynamic/dynamic.yml"].content).http.services.uptime-kuma.loadBalancer.servers[0].url == "http://uptime-kuma:3001"
    error_message = "services are ${module.config.files["traefik/dynamic/dynamic.yml"].content}"
  }

  # Without it Traefik has no traefik_service_server_up, and TraefikBackendDown never fires.
  assert {
    condition     = alltrue([for name, service in yamldecode(module.config.files["traefik/dynamic/dynamic.yml"].content).http.services : service.loadBalancer.healthCheck.path == module.config.services[name].health_path])
    error_message = "services are ${module.config.files["traefik/dynamic/dynamic.yml"].content}"
  }

  assert {
    condition = { for name, service in yamldecode(module.config.files["docker-compose.yml"].content).services : name => service.labels if can(service.labels) } == {
      for name, service in module.config.services : name => { "traefik.enable" = "true", "traefik.http.services.${name}.loadbalancer.server.port" = tostring(service.container_port) } if service.routed
    }
    error_message = "a routed service lacks its labels: ${module.config.files["docker-compose.yml"].content}"
  }
}

# The VM has the files before Docker, and nothing starts them.
run "delivered_to_the_vm" {
  command = apply

  assert {
    condition     = length(setsubtract(["/opt/monitoring/docker-compose.yml", "/opt/monitoring/traefik/traefik.yml", "/opt/monitoring/traefik/dynamic/dynamic.yml"], keys(output.manifest.files))) == 0
    error_message = "files are ${jsonencode(keys(output.manifest.files))}"
  }

  assert {
    condition     = output.manifest.files["/opt/monitoring/prometheus/prometheus.yml"].reload == "docker compose --project-directory /opt/monitoring kill --signal SIGHUP prometheus" && output.manifest.files["/opt/monitoring/traefik/traefik.yml"].reload == "docker compose --project-directory /opt/monitoring up --detach --force-recreate traefik" && output.manifest.files["/opt/monitoring/traefik/dynamic/dynamic.yml"].reload == null
    error_message = "a change is followed by ${jsonencode({ for path, file in output.manifest.files : path => file.reload })}"
  }

  assert {
    condition     = !anytrue([for command in yamldecode(module.vm.user_data).runcmd : strcontains(command, "docker compose")])
    error_message = "something is started before its secrets are there: ${jsonencode(yamldecode(module.vm.user_data).runcmd)}"
  }
}

run "without_traefik_no_file_of_it" {
  command = plan

  variables {
    traefik_enabled = false
  }

  assert {
    condition     = !anytrue([for path, file in module.config.files : strcontains(lower("${path} ${file.content}"), "traefik") if !endswith(path, ".json")])
    error_message = "Traefik is in ${jsonencode([for path, file in module.config.files : path if strcontains(lower("${path} ${file.content}"), "traefik")])}"
  }
}
