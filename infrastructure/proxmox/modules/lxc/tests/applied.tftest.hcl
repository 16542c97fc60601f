# What a change of a container that exists comes to: the runs share one state.

mock_provider "proxmox" {}

variables {
  name             = "dns"
  node_name        = "pve1"
  vm_id            = 203
  template_file_id = "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst"
  expiration_days  = 7
  ssh_keys         = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl first"]
}

run "applied" {
  command = apply
}

# Proxmox never shows keys again: a new one would replace the container.
run "another_key_is_left_to_delivery" {
  command = plan

  variables {
    ssh_keys = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl second"]
  }

  assert {
    condition     = endswith(proxmox_virtual_environment_container.this.initialization[0].user_account[0].keys[0], " first")
    error_message = "the keys of the container would become ${jsonencode(proxmox_virtual_environment_container.this.initialization[0].user_account[0].keys)}"
  }
}

run "address_and_dns_are_not_left_alone" {
  command = plan

  variables {
    ipv4        = "192.168.1.22/24"
    gateway     = "192.168.1.1"
    dns_servers = ["192.168.1.1"]
  }

  assert {
    condition     = proxmox_virtual_environment_container.this.initialization[0].ip_config[0].ipv4[0].address == "192.168.1.22/24" && proxmox_virtual_environment_container.this.initialization[0].ip_config[0].ipv4[0].gateway == "192.168.1.1" && proxmox_virtual_environment_container.this.initialization[0].dns[0].servers == tolist(["192.168.1.1"])
    error_message = "a changed address, gateway or DNS server would not reach the container"
  }
}

# The day that the expiry counts from is the one of the first apply.
run "the_expiry_stays" {
  command = plan

  assert {
    condition     = terraform_data.created[0].input == terraform_data.created[0].output
    error_message = "the expiry would count from ${terraform_data.created[0].input}"
  }
}
