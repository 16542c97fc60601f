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

run "rejects_no_days" {
  command = plan

  variables {
    loki_retention_days = 0
  }

  expect_failures = [var.loki_retention_days]
}

run "rejects_half_a_day" {
  command = plan

  variables {
    loki_retention_days = 0.5
  }

  expect_failures = [var.loki_retention_days]
}

run "rejects_more_than_ten_years" {
  command = plan

  variables {
    loki_retention_days = 3651
  }

  expect_failures = [var.loki_retention_days]
}
