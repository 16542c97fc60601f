# One accepted and one rejected value for every validation that is not about one
# service (those are in traefik, loki and tls).

mock_provider "proxmox" {}

variables {
  node_name     = "pve1"
  template_vmid = 9000
  ipv4          = "192.168.1.51/24"
}

run "accepts_a_static_address" {
  command = plan

  variables {
    ipv4 = "10.0.0.9/8"
  }

  assert {
    condition     = output.ip_address == "10.0.0.9"
    error_message = "the address is ${output.ip_address}"
  }
}

run "rejects_dhcp" {
  command = plan

  variables {
    ipv4 = "dhcp"
  }

  expect_failures = [var.ipv4]
}

run "rejects_an_address_without_prefix" {
  command = plan

  variables {
    ipv4 = "192.168.1.51"
  }

  expect_failures = [var.ipv4]
}
