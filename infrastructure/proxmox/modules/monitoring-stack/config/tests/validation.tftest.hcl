# What the variables refuse.

run "rejects_tls_without_traefik" {
  command = plan

  variables {
    tls_enabled     = true
    traefik_enabled = false
  }

  expect_failures = [var.tls_enabled]
}

run "rejects_a_log_agent_that_is_not_known" {
  command = plan

  variables {
    log_agent = "fluentd"
  }

  expect_failures = [var.log_agent]
}

run "rejects_domain_suffix_with_dot_in_front" {
  command = plan

  variables {
    domain_suffix = ".home.lan"
  }

  expect_failures = [var.domain_suffix]
}

run "rejects_no_days_of_logs" {
  command = plan

  variables {
    loki_retention_days = 0
  }

  expect_failures = [var.loki_retention_days]
}

run "rejects_a_month_of_metrics_that_is_short" {
  command = plan

  variables {
    prometheus_retention_days = 30
  }

  expect_failures = [var.prometheus_retention_days]
}

run "rejects_half_a_chat" {
  command = plan

  variables {
    telegram_chat_id = 1.5
  }

  expect_failures = [var.telegram_chat_id]
}

run "rejects_telegram_api_url_with_a_slash_at_its_end" {
  command = plan

  variables {
    telegram_api_url = "https://api.telegram.org/"
  }

  expect_failures = [var.telegram_api_url]
}

run "rejects_an_image_without_tag" {
  command = plan

  variables {
    images = { traefik = "traefik" }
  }

  expect_failures = [var.images]
}

run "rejects_an_image_of_no_service" {
  command = plan

  variables {
    images = { caddy = "caddy:2" }
  }

  expect_failures = [var.images]
}

run "rejects_a_name_as_address" {
  command = plan

  variables {
    ip_address = "monitoring.home.lan"
  }

  expect_failures = [var.ip_address]
}

run "rejects_a_name_to_bind_to" {
  command = plan

  variables {
    bind_address = "localhost"
  }

  expect_failures = [var.bind_address]
}

run "rejects_a_port_out_of_range" {
  command = plan

  variables {
    ports = { "80" = 65536 }
  }

  expect_failures = [var.ports]
}

run "rejects_a_port_that_no_service_has" {
  command = plan

  variables {
    ports = { "81" = 8081 }
  }

  expect_failures = [var.ports]
}

run "rejects_a_user_by_name" {
  command = plan

  variables {
    container_user = "monitoring"
  }

  expect_failures = [var.container_user]
}

run "rejects_a_relative_socket" {
  command = plan

  variables {
    docker_socket = "docker.sock"
  }

  expect_failures = [var.docker_socket]
}

run "rejects_a_relative_textfile_directory" {
  command = plan

  variables {
    textfile_directory = "metrics"
  }

  expect_failures = [var.textfile_directory]
}

run "rejects_an_inventory_of_version_1" {
  command = plan

  variables {
    inventories = [{ schema_version = 1, environment = "prod" }]
  }

  expect_failures = [var.inventories]
}

run "rejects_a_node_with_port_in_its_address" {
  command = plan

  variables {
    pve_nodes = { pve1 = { address = "192.168.1.50:8006" } }
  }

  expect_failures = [var.pve_nodes]
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

run "rejects_half_a_day_of_logs" {
  command = plan

  variables {
    loki_retention_days = 0.5
  }

  expect_failures = [var.loki_retention_days]
}

run "rejects_more_than_ten_years_of_logs" {
  command = plan

  variables {
    loki_retention_days = 3651
  }

  expect_failures = [var.loki_retention_days]
}
