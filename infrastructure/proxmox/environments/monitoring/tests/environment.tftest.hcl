# The inventory this environment gives to the programs, and what is open.

mock_provider "proxmox" {}

variables {
  node_name     = "pve1"
  vm_id         = 251
  template_vmid = 9000
  gateway       = "192.168.1.1"
}

run "defaults" {
  command = plan

  assert {
    condition     = output.inventory.schema_version == 2 && output.inventory.environment == "monitoring" && output.inventory.domain == "home.lan"
    error_message = "inventory is version ${output.inventory.schema_version} of ${output.inventory.environment}"
  }

  assert {
    condition = jsonencode(output.inventory.guests) == jsonencode([
      { name = "monitoring-stack", type = "vm", vmid = 251, node = "pve1", address = "192.168.1.51", ssh_user = "ubuntu", ssh_port = 22, docker = true, agent = true, node_exporter = true, log_agent = null, started = true, on_boot = true, tags = ["docker", "monitoring"] },
    ])
    error_message = "guests are ${jsonencode(output.inventory.guests)}"
  }

  assert {
    condition     = output.inventory.services[*].name == ["alertmanager", "grafana", "loki", "node-exporter", "prometheus", "promtail", "pve-exporter", "traefik", "uptime-kuma"]
    error_message = "services are ${jsonencode(output.inventory.services)}"
  }

  assert {
    condition     = jsonencode(output.inventory.services[4]) == jsonencode({ name = "prometheus", kind = "prometheus", guest = "monitoring-stack", url = "http://192.168.1.51:9090", address = null, health_path = "/-/ready", host = "prometheus", port = 9090, scrape = { path = "/metrics", port = 9090, job = "prometheus" }, monitor = true })
    error_message = "Prometheus is ${jsonencode(output.inventory.services[4])}"
  }

  assert {
    condition     = output.vm_id == 251 && output.ip_address == "192.168.1.51" && output.loki.url == "http://192.168.1.51:3100"
    error_message = "the VM is ${output.vm_id} at ${output.ip_address}, Loki at ${output.loki.url}"
  }

  assert {
    condition     = output.service_urls.grafana == "http://grafana.home.lan" && output.traefik_dashboard_url == "http://traefik.home.lan/dashboard/" && output.uptime_kuma_url == "http://uptime.home.lan" && output.ca_certificate == null
    error_message = "service_urls is ${jsonencode(output.service_urls)}"
  }

  assert {
    condition     = can(regex("^[0-9a-f]{64}$", output.code.sha256)) && length(setsubtract(["modules/monitoring-stack/main.tf", "modules/vm/main.tf", "environment/main.tf"], keys(local.code_files))) == 0
    error_message = "code is ${jsonencode(output.code)} of ${jsonencode(keys(local.code_files))}"
  }

  assert {
    condition     = toset(local.firewall_rules[*].dport) == toset(["80", "443", "8080", "3100", "9080", "3001", "3000", "9090", "9093", "9221"]) && contains(module.monitoring.firewall_ports, "9100")
    error_message = "open are ${jsonencode(local.firewall_rules)}"
  }

  assert {
    condition     = var.firewall_enabled
    error_message = "the firewall is off by itself"
  }

  assert {
    condition     = length(module.minio) == 0 && output.minio_endpoint_url == null
    error_message = "there is a state store"
  }

  assert {
    condition     = length(module.backup) == 0
    error_message = "there is a backup job with no storage to go to"
  }
}

run "what_is_off_is_closed" {
  command = plan

  variables {
    traefik_enabled     = false
    loki_enabled        = false
    uptime_kuma_enabled = false
  }

  assert {
    condition     = toset(local.firewall_rules[*].dport) == toset(["3000", "9090", "9093", "9221"]) && contains(module.monitoring.firewall_ports, "9100")
    error_message = "open are ${jsonencode(local.firewall_rules)}"
  }

  assert {
    condition     = output.inventory.services[*].name == ["alertmanager", "grafana", "node-exporter", "prometheus", "pve-exporter"]
    error_message = "services are ${jsonencode(output.inventory.services)}"
  }
}

run "settings_reach_the_stack" {
  command = plan

  variables {
    name                = "watch"
    tags                = ["infra"]
    ipv4                = "10.0.0.9/8"
    gateway             = "10.0.0.1"
    ssh_user            = "ops"
    ssh_port            = 2222
    on_boot             = false
    packages            = ["htop"]
    domain_suffix       = "home.arpa"
    loki_retention_days = 30
    tls_enabled         = true
    telegram_chat_id    = -1001234567890
    images              = { grafana = "grafana/grafana:13.0.0" }
  }

  assert {
    condition = jsonencode(output.inventory.guests) == jsonencode([
      { name = "watch", type = "vm", vmid = 251, node = "pve1", address = "10.0.0.9", ssh_user = "ops", ssh_port = 2222, docker = true, agent = true, node_exporter = true, log_agent = null, started = true, on_boot = false, tags = ["docker", "infra"] },
    ])
    error_message = "guests are ${jsonencode(output.inventory.guests)}"
  }

  assert {
    condition     = output.service_urls.grafana == "https://grafana.home.arpa" && output.loki.retention_days == 30 && contains(module.monitoring.manifest.packages, "htop")
    error_message = "a setting did not reach the stack"
  }

  assert {
    condition     = strcontains(module.monitoring.manifest.files["/opt/monitoring/alertmanager/alertmanager.yml"].content, "chat_id: -1001234567890") && strcontains(module.monitoring.manifest.files["/opt/monitoring/docker-compose.yml"].content, "image: grafana/grafana:13.0.0")
    error_message = "a setting did not reach the files of the stack"
  }

  # With TLS names are the way in.
  assert {
    condition     = jsonencode([for service in output.inventory.services : "${service.url} ${service.address}" if service.name == "grafana"]) == jsonencode(["https://grafana.home.arpa 10.0.0.9"]) && toset(local.firewall_rules[*].dport) == toset(["80", "443", "3100"])
    error_message = "services are ${jsonencode(output.inventory.services)}"
  }
}

run "image_by_its_address" {
  command = plan

  variables {
    template_vmid  = null
    image_url      = "https://images.example/debian-13.img"
    image_checksum = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
  }

  assert {
    condition     = jsonencode([for file in proxmox_download_file.this : "${file.node_name} ${file.datastore_id}:${file.content_type}/${file.file_name} ${file.checksum_algorithm}"]) == jsonencode(["pve1 local:import/monitoring-pve1-image.qcow2 sha256"])
    error_message = "downloads are ${jsonencode(proxmox_download_file.this)}"
  }
}

# The state store: a guest and a service of its own, in the inventory and in the backup job.
run "minio" {
  command = plan

  variables {
    backup = { storage = "nas" }
    minio  = { ipv4 = "192.168.1.52/24", container_id = 252, template_url = "http://templates.example/debian-13.tar.zst", protection = true }
  }

  expect_failures = [check.delivery]

  assert {
    condition     = output.inventory.guests[*].name == ["monitoring-stack", "minio"] && jsonencode(output.inventory.guests[1]) == jsonencode({ name = "minio", type = "lxc", vmid = 252, node = "pve1", address = "192.168.1.52", ssh_user = "root", ssh_port = 22, docker = false, agent = false, node_exporter = false, log_agent = null, started = true, on_boot = true, tags = [] })
    error_message = "guests are ${jsonencode(output.inventory.guests)}"
  }

  assert {
    condition     = jsonencode([for service in output.inventory.services : service if service.kind == "minio"]) == jsonencode([{ name = "minio", kind = "minio", guest = "minio", url = "http://192.168.1.52:9000", health_path = "/minio/health/live", host = null, port = 9000, scrape = null, monitor = true }]) && output.minio_endpoint_url == "http://192.168.1.52:9000"
    error_message = "services are ${jsonencode(output.inventory.services)}"
  }

  assert {
    condition     = module.backup[0].vm_ids == tolist([251, 252])
    error_message = "the job backs up ${jsonencode(module.backup[0].vm_ids)}"
  }

  assert {
    condition     = keys(proxmox_download_file.this) == ["monitoring-pve1-template.tar.zst"] && jsonencode(local.undelivered) == jsonencode({ minio = ["minio"] })
    error_message = "downloads are ${jsonencode(keys(proxmox_download_file.this))}, undelivered is ${jsonencode(local.undelivered)}"
  }
}

run "without_snippets_what_is_asked_for_is_named" {
  command = plan

  variables {
    snippets = false
  }

  expect_failures = [check.delivery]

  assert {
    condition     = jsonencode(local.undelivered) == jsonencode({ "monitoring-stack" = ["node_exporter", "docker", "files"] })
    error_message = "undelivered is ${jsonencode(local.undelivered)}"
  }
}

run "backup_of_the_vm_alone" {
  command = plan

  variables {
    backup = { storage = "nas", keep_daily = 3 }
  }

  assert {
    condition     = module.backup[0].job_id == "pve-home-monitoring" && module.backup[0].vm_ids == tolist([251]) && module.backup[0].retention["keep-daily"] == "3"
    error_message = "the job ${module.backup[0].job_id} backs up ${jsonencode(module.backup[0].vm_ids)}"
  }
}

run "accepts_ssh_to_the_node" {
  command = plan

  variables {
    proxmox_endpoint = "https://192.168.1.50:8006/"
    node_ssh         = { username = "root", nodes = { pve1 = { address = "127.0.0.1", port = 2222 } } }
  }
}
