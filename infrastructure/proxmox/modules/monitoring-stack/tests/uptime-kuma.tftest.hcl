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
