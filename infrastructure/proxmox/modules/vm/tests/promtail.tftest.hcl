# The log agent of a guest.

mock_provider "proxmox" {}

variables {
  name             = "web"
  environment      = "prod"
  node_name        = "pve1"
  template_vmid    = 9000
  docker           = true
  install_promtail = true
  loki_url         = "http://192.168.1.51:3100"
}

run "off_by_default" {
  command = plan

  variables {
    install_promtail = null
    loki_url         = null
  }

  assert {
    condition     = length(local.promtail_runcmd) == 0 && !anytrue([for path in keys(output.manifest.files) : startswith(path, "/opt/log-agent/")])
    error_message = "a log agent appeared by itself"
  }
}

run "configuration" {
  command = plan

  assert {
    condition     = yamldecode(local.log_agent_config.content).server.http_listen_port == 9080
    error_message = "Promtail does not listen on 9080"
  }

  assert {
    condition     = yamldecode(local.log_agent_config.content).clients[0].url == "http://192.168.1.51:3100/loki/api/v1/push"
    error_message = "Promtail pushes to ${yamldecode(local.log_agent_config.content).clients[0].url}"
  }

  assert {
    condition     = yamldecode(local.log_agent_config.content).clients[0].external_labels == { hostname = "web", environment = "prod" }
    error_message = "external labels are ${jsonencode(yamldecode(local.log_agent_config.content).clients[0].external_labels)}"
  }

  assert {
    condition     = yamldecode(local.log_agent_config.content).positions.filename == "/positions/positions.yaml"
    error_message = "positions are not on the volume"
  }

  assert {
    condition     = yamldecode(local.log_agent_config.content).scrape_configs[*].job_name == ["docker", "journal"]
    error_message = "jobs are ${jsonencode(yamldecode(local.log_agent_config.content).scrape_configs[*].job_name)}"
  }

  assert {
    condition     = yamldecode(local.log_agent_config.content).scrape_configs[0].docker_sd_configs[0].host == "tcp://docker-proxy:2375"
    error_message = "Docker is not read through the proxy"
  }

  assert {
    condition     = yamldecode(local.log_agent_config.content).scrape_configs[1].journal.labels.job == "system"
    error_message = "the system log is not the journal"
  }

  assert {
    condition     = length(local.promtail_runcmd) == 1 && reverse(yamldecode(proxmox_virtual_environment_file.cloud_config[0].source_raw[0].data).runcmd)[0] == local.promtail_runcmd[0]
    error_message = "runcmd is ${jsonencode(yamldecode(proxmox_virtual_environment_file.cloud_config[0].source_raw[0].data).runcmd)}"
  }

  assert {
    condition     = keys(yamldecode(output.manifest.files["/opt/log-agent/compose.yml"].content).services) == ["docker-proxy", "promtail"]
    error_message = "services are ${jsonencode(keys(yamldecode(output.manifest.files["/opt/log-agent/compose.yml"].content).services))}"
  }

  # Nothing but the proxy sees the socket, and the proxy takes no commands.
  assert {
    condition     = !anytrue([for volume in yamldecode(output.manifest.files["/opt/log-agent/compose.yml"].content).services.promtail.volumes : strcontains(volume, "docker.sock")])
    error_message = "the agent has the Docker socket"
  }

  assert {
    condition     = strcontains(output.manifest.files["/opt/log-agent/docker-proxy/haproxy.cfg"].content, "http-request deny deny_status 403 unless reads asked or reads stream") && contains(yamldecode(output.manifest.files["/opt/log-agent/compose.yml"].content).services.docker-proxy.volumes, "./docker-proxy:/usr/local/etc/haproxy:ro")
    error_message = "the proxy lets more through than reading"
  }

  assert {
    condition     = contains(yamldecode(output.manifest.files["/opt/log-agent/compose.yml"].content).services.promtail.volumes, "positions:/positions")
    error_message = "positions are lost with the container"
  }
}

run "system_log_from_files" {
  command = plan

  variables {
    log_system_source = "files"
  }

  assert {
    condition     = yamldecode(local.log_agent_config.content).scrape_configs[1].static_configs[*].labels.__path__ == ["/var/log/syslog", "/var/log/auth.log"]
    error_message = "system is ${jsonencode(yamldecode(local.log_agent_config.content).scrape_configs[1])}"
  }
}

run "own_scrape_configs_come_after_the_built_in_ones" {
  command = plan

  variables {
    promtail_scrape_configs = [
      { job_name = "nginx", static_configs = [{ targets = ["localhost"], labels = { job = "nginx", __path__ = "/var/log/nginx/*.log" } }] },
      { job_name = "remote", syslog = { listen_address = "0.0.0.0:1514" } },
    ]
  }

  assert {
    condition     = yamldecode(local.log_agent_config.content).scrape_configs[*].job_name == ["docker", "journal", "nginx", "remote"]
    error_message = "jobs are ${jsonencode(yamldecode(local.log_agent_config.content).scrape_configs[*].job_name)}"
  }

  assert {
    condition     = yamldecode(local.log_agent_config.content).scrape_configs[2].static_configs[0].labels["__path__"] == "/var/log/nginx/*.log"
    error_message = "nginx is ${jsonencode(yamldecode(local.log_agent_config.content).scrape_configs[2])}"
  }
}

run "images" {
  command = plan

  variables {
    promtail_image     = "registry.home.arpa/promtail:3.5.0"
    docker_proxy_image = "registry.home.arpa/haproxy:3.0"
  }

  assert {
    condition     = yamldecode(output.manifest.files["/opt/log-agent/compose.yml"].content).services.promtail.image == "registry.home.arpa/promtail:3.5.0" && yamldecode(output.manifest.files["/opt/log-agent/compose.yml"].content).services.docker-proxy.image == "registry.home.arpa/haproxy:3.0"
    error_message = "the images are not the ones asked for"
  }
}

run "alloy" {
  command = plan

  variables {
    log_agent = "alloy"
  }

  assert {
    condition     = contains(keys(output.manifest.files), "/opt/log-agent/config/alloy-agent.alloy") && !contains(keys(output.manifest.files), "/opt/log-agent/config/promtail-agent.yml")
    error_message = "files are ${jsonencode(keys(output.manifest.files))}"
  }

  assert {
    condition     = yamldecode(output.manifest.files["/opt/log-agent/compose.yml"].content).services.alloy.image == "grafana/alloy:v1.18.1" && contains(yamldecode(output.manifest.files["/opt/log-agent/compose.yml"].content).services.alloy.command, "--server.http.listen-addr=0.0.0.0:9080")
    error_message = "alloy is ${jsonencode(yamldecode(output.manifest.files["/opt/log-agent/compose.yml"].content).services.alloy)}"
  }

  # Every label of Promtail's configuration is in Alloy's.
  assert {
    condition     = alltrue([for text in ["hostname    = \"web\"", "environment = \"prod\"", "\"job\"", "\"container\"", "\"service\"", "\"unit\"", "\"level\"", "http://192.168.1.51:3100/loki/api/v1/push"] : strcontains(local.log_agent_config.content, text)])
    error_message = "a label is missing: ${local.log_agent_config.content}"
  }
}

# What dashboards and rules go by: the same labels and levels from both agents.
run "labels_of_promtail" {
  command = plan

  assert {
    condition     = toset(flatten([for job in yamldecode(local.log_agent_config.content).scrape_configs : [for rule in job.relabel_configs : rule.target_label]])) == toset(["job", "container", "service", "unit", "level"])
    error_message = "labels are ${local.log_agent_config.content}"
  }

  # A container without Compose has its own name as service.
  assert {
    condition     = [for rule in yamldecode(local.log_agent_config.content).scrape_configs[0].relabel_configs : rule.source_labels[0] if rule.target_label == "service"] == ["__meta_docker_container_name", "__meta_docker_container_label_com_docker_compose_service"]
    error_message = "service is ${jsonencode(yamldecode(local.log_agent_config.content).scrape_configs[0].relabel_configs)}"
  }

  assert {
    condition     = [for stage in yamldecode(local.log_agent_config.content).scrape_configs[0].pipeline_stages : keys(stage)[0]] == ["regex", "regex", "regex", "template", "labels"] && [for stage in yamldecode(local.log_agent_config.content).scrape_configs[0].pipeline_stages : stage.regex.expression if can(stage.regex)] == yamldecode(file("files/log-levels.yml")).expressions
    error_message = "stages are ${jsonencode(yamldecode(local.log_agent_config.content).scrape_configs[0].pipeline_stages)}"
  }

  assert {
    condition     = alltrue([for name, words in yamldecode(file("files/log-levels.yml")).names : alltrue([for word in words : can(regex("\\{\\{ if has \\$level \\(list[^)]*\"${word}\"[^)]*\\) \\}\\}${name}\\{\\{ end \\}\\}", yamldecode(local.log_agent_config.content).scrape_configs[0].pipeline_stages[3].template.template))])])
    error_message = "levels are ${yamldecode(local.log_agent_config.content).scrape_configs[0].pipeline_stages[3].template.template}"
  }

  assert {
    condition     = { for rule in yamldecode(local.log_agent_config.content).scrape_configs[1].relabel_configs : rule.replacement => rule.regex if rule.target_label == "level" } == { error = "emerg|alert|crit|error", warn = "warning", info = "notice|info", debug = "debug" }
    error_message = "priorities are ${jsonencode(yamldecode(local.log_agent_config.content).scrape_configs[1].relabel_configs)}"
  }
}

run "labels_of_alloy" {
  command = plan

  variables {
    log_agent = "alloy"
  }

  assert {
    condition     = toset(flatten(regexall("target_label\\s+= \"(\\w+)\"", local.log_agent_config.content))) == toset(["job", "container", "service", "unit", "level"])
    error_message = "labels are ${local.log_agent_config.content}"
  }

  assert {
    condition     = flatten(regexall("expression = `(.*)`", local.log_agent_config.content)) == yamldecode(file("files/log-levels.yml")).expressions
    error_message = "stages are ${local.log_agent_config.content}"
  }

  # The template of Promtail's stage, word for word.
  assert {
    condition     = regex("template = `(.*)`", local.log_agent_config.content)[0] == regex("template: '(.*)'", templatefile("files/promtail-scrapes.yml.tpl", local.log_agent_values))[0]
    error_message = "levels are ${local.log_agent_config.content}"
  }

  assert {
    condition     = { for rule in regexall("regex\\s+= \"(\\S+)\"\\s+target_label\\s+= \"level\"\\s+replacement\\s+= \"(\\w+)\"", local.log_agent_config.content) : rule[1] => rule[0] } == { error = "emerg|alert|crit|error", warn = "warning", info = "notice|info", debug = "debug" }
    error_message = "priorities are ${local.log_agent_config.content}"
  }

  # What containers and files say goes through the stages of level.
  assert {
    condition     = length(regexall("forward_to\\s+= \\[loki.process.level.receiver\\]", local.log_agent_config.content)) == 1
    error_message = "a source leaves out the stages: ${local.log_agent_config.content}"
  }
}

run "rejects_promtail_without_docker" {
  command = plan

  variables {
    docker = false
  }

  expect_failures = [var.install_promtail]
}

run "rejects_promtail_without_loki" {
  command = plan

  variables {
    loki_url = ""
  }

  expect_failures = [var.install_promtail]
}
