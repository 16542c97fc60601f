# What differs from prod; the files both share are tested there.

mock_provider "proxmox" {}

run "inventory" {
  command = plan

  variables {
    template_vmid = 9000
    vms           = { sandbox = { vm_id = 301, ipv4 = "192.168.1.30/24" } }
  }

  assert {
    condition     = output.inventory.environment == "lab" && output.inventory.guests[*].name == ["sandbox"]
    error_message = "inventory is ${jsonencode(output.inventory)}"
  }
}
