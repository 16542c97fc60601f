# Values at the edge of what the variables accept, planned.

run "accepts_a_group_and_a_proxy" {
  command = plan

  variables {
    telegram_chat_id = -1001234567890
    telegram_api_url = "http://127.0.0.1:8099/telegram"
  }

  assert {
    condition     = one([for receiver in yamldecode(output.files["alertmanager/alertmanager.yml"].content).receivers : receiver.telegram_configs[0].chat_id if receiver.name == "telegram"]) == -1001234567890 && yamldecode(output.files["alertmanager/alertmanager.yml"].content).global.telegram_api_url == "http://127.0.0.1:8099/telegram"
    error_message = "Alertmanager is ${output.files["alertmanager/alertmanager.yml"].content}"
  }
}

run "accepts_a_month_of_metrics_and_ten_years_of_logs" {
  command = plan

  variables {
    prometheus_retention_days = 31
    loki_retention_days       = 3650
  }

  assert {
    condition     = yamldecode(output.files["prometheus/prometheus.yml"].content).storage.tsdb.retention.time == "31d" && yamldecode(output.files["loki/loki-config.yml"].content).limits_config.retention_period == "87600h"
    error_message = "metrics or logs are kept for another time"
  }
}

run "accepts_ipv6" {
  command = plan

  variables {
    ip_address      = "fd00::51"
    bind_address    = "fd00::51"
    traefik_enabled = false
  }

  assert {
    condition     = output.service_urls.grafana == "http://[fd00::51]:3000" && yamldecode(output.files["docker-compose.yml"].content).services.grafana.ports == ["[fd00::51]:3000:3000"]
    error_message = "Grafana is at ${output.service_urls.grafana}"
  }
}

run "accepts_other_ports_and_images" {
  command = plan

  variables {
    ports        = { "80" = 8081, "3000" = 13000 }
    images       = { grafana = "localhost:5000/grafana/grafana:13.0.0" }
    bind_address = "127.0.0.1"
  }

  assert {
    condition     = yamldecode(output.files["docker-compose.yml"].content).services.grafana.ports == ["127.0.0.1:13000:3000"] && output.service_urls.grafana == "http://grafana.home.lan:8081" && output.ports["8081"] == "traefik" && !can(output.ports["80"]) && output.services.grafana.image == "localhost:5000/grafana/grafana:13.0.0"
    error_message = "Grafana is ${jsonencode(output.services.grafana)}"
  }
}

run "accepts_another_https_port" {
  command = plan

  variables {
    tls_enabled = true
    ports       = { "443" = 8443 }
  }

  assert {
    condition     = yamldecode(output.files["traefik/traefik.yml"].content).entryPoints.web.http.redirections.entryPoint.to == ":8443" && output.service_urls.grafana == "https://grafana.home.lan:8443" && output.ports["8443"] == "traefik"
    error_message = "Grafana is at ${output.service_urls.grafana}"
  }
}

run "rejects_a_port_that_is_published_twice" {
  command = plan

  variables {
    ports = { "80" = 3000 }
  }

  expect_failures = [output.files]
}
