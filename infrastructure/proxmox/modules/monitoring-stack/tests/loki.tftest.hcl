# Loki: where logs go, and for how long they are kept.

mock_provider "proxmox" {}

variables {
  node_name     = "pve1"
  template_vmid = 9000
  ipv4          = "192.168.1.51/24"
}

run "on_by_default_for_a_week" {
  command = plan

  assert {
    condition     = output.loki == { url = "http://192.168.1.51:3100", retention_days = 7 }
    error_message = "loki is ${jsonencode(output.loki)}"
  }

  assert {
    condition     = output.ports["3100"] == "loki" && output.ports["9080"] == "promtail"
    error_message = "ports are ${jsonencode(output.ports)}"
  }
}

# Guests send their logs to the VM itself: they need neither names nor certificates.
run "address_for_guests_without_names" {
  command = plan

  variables {
    tls_enabled   = true
    domain_suffix = "home.arpa"
  }

  assert {
    condition     = output.loki.url == "http://192.168.1.51:3100" && output.service_urls.loki == "https://loki.home.arpa"
    error_message = "loki is ${jsonencode(output.loki)}, for people ${output.service_urls.loki}"
  }
}

run "without_loki" {
  command = plan

  variables {
    loki_enabled = false
  }

  assert {
    condition     = output.loki == null && !can(output.service_urls.loki)
    error_message = "loki is ${jsonencode(output.loki)}"
  }

  assert {
    condition     = length(setintersection(values(output.ports), ["loki", "promtail"])) == 0 && length(setintersection(output.service_entries[*].name, ["loki", "promtail"])) == 0
    error_message = "something is left of Loki or Promtail: ${jsonencode(output.ports)}"
  }
}

run "accepts_a_day" {
  command = plan

  variables {
    loki_retention_days = 1
  }
}

run "accepts_ten_years" {
  command = plan

  variables {
    loki_retention_days = 3650
  }

  assert {
    condition     = output.loki.retention_days == 3650
    error_message = "logs are kept for ${output.loki.retention_days} days"
  }
}

run "configuration" {
  command = plan

  variables {
    loki_retention_days = 30
  }

  assert {
    condition     = yamldecode(module.config.files["loki/loki-config.yml"].content).limits_config.retention_period == "720h" && yamldecode(module.config.files["loki/loki-config.yml"].content).limits_config.deletion_mode == "disabled" && yamldecode(module.config.files["loki/loki-config.yml"].content).limits_config.ingestion_rate_mb == 10
    error_message = "limits are ${module.config.files["loki/loki-config.yml"].content}"
  }

  # Retention needs all of these, or nothing is ever removed.
  assert {
    condition     = yamldecode(module.config.files["loki/loki-config.yml"].content).compactor == { working_directory = "/loki/compactor", retention_enabled = true, delete_request_store = "filesystem" } && yamldecode(module.config.files["loki/loki-config.yml"].content).schema_config.configs[0].index.period == "24h"
    error_message = "the compactor is ${module.config.files["loki/loki-config.yml"].content}"
  }

  assert {
    condition     = yamldecode(module.config.files["loki/loki-config.yml"].content).auth_enabled == false && yamldecode(module.config.files["loki/loki-config.yml"].content).schema_config.configs[0].schema == "v13" && yamldecode(module.config.files["loki/loki-config.yml"].content).schema_config.configs[0].store == "tsdb" && yamldecode(module.config.files["loki/loki-config.yml"].content).common.storage.filesystem.chunks_directory == "/loki/chunks" && yamldecode(module.config.files["loki/loki-config.yml"].content).ingester.chunk_idle_period == "1h"
    error_message = "Loki is ${module.config.files["loki/loki-config.yml"].content}"
  }

  assert {
    condition     = yamldecode(module.config.files["grafana/provisioning/datasources/loki.yml"].content).datasources[0].uid == "loki" && !yamldecode(module.config.files["grafana/provisioning/datasources/loki.yml"].content).datasources[0].isDefault
    error_message = "Grafana's source is ${module.config.files["grafana/provisioning/datasources/loki.yml"].content}"
  }
}

run "promtail_of_the_machine" {
  command = plan

  assert {
    condition     = yamldecode(module.config.files["promtail/promtail-config.yml"].content).clients[0] == { url = "http://loki:3100/loki/api/v1/push", external_labels = { hostname = "monitoring-stack", environment = "monitoring" } }
    error_message = "clients are ${module.config.files["promtail/promtail-config.yml"].content}"
  }

  assert {
    condition     = yamldecode(module.config.files["promtail/promtail-config.yml"].content).scrape_configs[*].job_name == ["docker", "system", "journal"] && yamldecode(module.config.files["promtail/promtail-config.yml"].content).scrape_configs[0].docker_sd_configs[0].host == "tcp://docker-proxy:2375" && yamldecode(module.config.files["promtail/promtail-config.yml"].content).scrape_configs[1].static_configs[0].labels == { job = "system", "__path__" = "/var/log/*.log" }
    error_message = "jobs are ${module.config.files["promtail/promtail-config.yml"].content}"
  }

  assert {
    condition     = yamldecode(module.config.files["promtail/promtail-config.yml"].content).scrape_configs[0].pipeline_stages[0].drop.expression == "deletion is not available for this tenant"
    error_message = "what Loki writes at each query is kept"
  }

  # Positions outlive the container.
  assert {
    condition     = startswith(yamldecode(module.config.files["promtail/promtail-config.yml"].content).positions.filename, "/positions/") && contains(yamldecode(module.config.files["docker-compose.yml"].content).services.promtail.volumes, "./data/promtail:/positions")
    error_message = "positions are lost with the container"
  }
}

run "alloy_instead" {
  command = plan

  variables {
    log_agent = "alloy"
  }

  assert {
    condition     = can(module.config.files["alloy/config.alloy"]) && output.ports["9080"] == "alloy" && module.config.services.alloy.job == "alloy" && contains(keys(module.config.directories), "data/alloy")
    error_message = "Alloy is not there: ${jsonencode(output.ports)}"
  }

  assert {
    condition     = !anytrue([for path in keys(merge(module.config.files, module.config.directories)) : strcontains(path, "promtail")]) && !can(module.config.services.promtail) && !can(yamldecode(module.config.files["docker-compose.yml"].content).services.promtail)
    error_message = "Promtail is there too"
  }
}

run "without_loki_no_file_of_it" {
  command = plan

  variables {
    loki_enabled = false
  }

  assert {
    condition     = !anytrue([for path, file in module.config.files : can(regex("loki|promtail", lower("${path} ${file.content}"))) if !endswith(path, ".json")])
    error_message = "Loki or Promtail is in ${jsonencode([for path, file in module.config.files : path if can(regex("loki|promtail", lower("${path} ${file.content}")))])}"
  }

  assert {
    condition     = module.config.loki_url == null && !can(module.config.files["grafana/dashboards/logs-overview.json"])
    error_message = "something is left of Loki"
  }
}
