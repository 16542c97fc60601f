# What the variables refuse; none of it needs a resource (tools/test-terraform.ts leaves them out).
# Those of the services are in config/tests.

mock_provider "proxmox" {}

variables {
  node_name     = "pve1"
  template_vmid = 9000
  ipv4          = "192.168.1.51/24"
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
