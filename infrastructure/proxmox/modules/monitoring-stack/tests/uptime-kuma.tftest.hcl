# Uptime Kuma: which services are up, on one page.

mock_provider "proxmox" {}

variables {
  node_name     = "pve1"
  template_vmid = 9000
  ipv4          = "192.168.1.51/24"
}

run "on_by_default" {
  command = plan

  assert {
    condition     = output.uptime_kuma_url == "http://uptime.home.lan" && output.uptime_kuma_url == output.service_urls["uptime-kuma"]
    error_message = "uptime_kuma_url is ${jsonencode(output.uptime_kuma_url)}"
  }

  assert {
    condition     = output.ports["3001"] == "uptime-kuma"
    error_message = "ports are ${jsonencode(output.ports)}"
  }
}

run "without_traefik" {
  command = plan

  variables {
    traefik_enabled = false
  }

  assert {
    condition     = output.uptime_kuma_url == "http://192.168.1.51:3001"
    error_message = "uptime_kuma_url is ${jsonencode(output.uptime_kuma_url)}"
  }
}

run "without_uptime_kuma" {
  command = plan

  variables {
    uptime_kuma_enabled = false
  }

  assert {
    condition     = output.uptime_kuma_url == null && !can(output.service_urls["uptime-kuma"])
    error_message = "uptime_kuma_url is ${jsonencode(output.uptime_kuma_url)}"
  }

  assert {
    condition     = !can(output.ports["3001"]) && !contains(output.service_entries[*].name, "uptime-kuma")
    error_message = "something is left of Uptime Kuma: ${jsonencode(output.ports)}"
  }
}

# Left out by an environment is not "off".
run "null_is_the_default" {
  command = plan

  variables {
    uptime_kuma_enabled = null
  }

  assert {
    condition     = output.uptime_kuma_url == "http://uptime.home.lan"
    error_message = "uptime_kuma_url is ${jsonencode(output.uptime_kuma_url)}"
  }
}

run "container_and_data" {
  command = plan

  assert {
    condition     = yamldecode(module.config.files["docker-compose.yml"].content).services.uptime-kuma.environment == { UPTIME_KUMA_DB_TYPE = "sqlite" } && yamldecode(module.config.files["docker-compose.yml"].content).services.uptime-kuma.volumes == ["./uptime-kuma:/app/data"] && can(module.config.directories["uptime-kuma"])
    error_message = "Uptime Kuma is ${jsonencode(yamldecode(module.config.files["docker-compose.yml"].content).services.uptime-kuma)}"
  }

  # Without a key its metrics would be a target that is always down.
  assert {
    condition     = !contains([for job in yamldecode(module.config.files["prometheus/prometheus.yml"].content).scrape_configs : job.job_name], "uptime-kuma") && !can(module.config.secrets["uptime-kuma-metrics-key"])
    error_message = "Prometheus asks without a key"
  }
}

run "metrics_with_a_key" {
  command = plan

  variables {
    uptime_kuma_metrics = true
  }

  assert {
    condition     = one([for job in yamldecode(module.config.files["prometheus/prometheus.yml"].content).scrape_configs : job.basic_auth if job.job_name == "uptime-kuma"]) == { password_file = "/run/secrets/uptime-kuma-metrics-key" } && module.config.secrets["uptime-kuma-metrics-key"].services == ["prometheus"] && contains(yamldecode(module.config.files["docker-compose.yml"].content).services.prometheus.secrets, "uptime-kuma-metrics-key")
    error_message = "Prometheus has no key"
  }
}

run "folder_on_the_vm" {
  command = apply

  assert {
    condition     = output.manifest.directories["/opt/monitoring/uptime-kuma"] == { mode = "0750", owner = "10001:10001" } && contains(yamldecode(module.vm.user_data).runcmd, "install -d -m 0750 -o 10001 -g 10001 /opt/monitoring/uptime-kuma")
    error_message = "folders are ${jsonencode(output.manifest.directories)}"
  }
}

run "without_uptime_kuma_no_file_of_it" {
  command = plan

  variables {
    uptime_kuma_enabled = false
  }

  assert {
    condition     = !anytrue([for path, file in module.config.files : can(regex("uptime|kuma", lower("${path} ${file.content}"))) if !endswith(path, ".json")])
    error_message = "Uptime Kuma is in ${jsonencode([for path, file in module.config.files : path if can(regex("uptime|kuma", lower("${path} ${file.content}")))])}"
  }
}
