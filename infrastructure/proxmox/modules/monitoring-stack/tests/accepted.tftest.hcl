# Values at the edge of what the variables accept, planned.

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
