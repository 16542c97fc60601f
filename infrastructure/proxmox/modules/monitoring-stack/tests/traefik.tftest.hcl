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
      "promtail - 9080 promtail 9080/metrics true",
      "pve-exporter - 9221 pve-exporter 9221/metrics true",
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

run "rejects_domain_suffix_with_dot_in_front" {
  command = plan

  variables {
    domain_suffix = ".home.lan"
  }

  expect_failures = [var.domain_suffix]
}

run "rejects_domain_suffix_with_capital" {
  command = plan

  variables {
    domain_suffix = "Home.lan"
  }

  expect_failures = [var.domain_suffix]
}

run "rejects_domain_suffix_empty" {
  command = plan

  variables {
    domain_suffix = ""
  }

  expect_failures = [var.domain_suffix]
}
