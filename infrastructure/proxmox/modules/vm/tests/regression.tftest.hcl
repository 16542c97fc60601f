# Mistakes that were mended once and must not come back. Each run names the
# version of the fix it guards.

mock_provider "proxmox" {}

variables {
  name          = "web"
  node_name     = "pve1"
  template_vmid = 9000
}

# v0.4.0: one I/O thread per disk needs the single-queue controller.
run "scsi_controller_allows_io_threads" {
  command = plan

  assert {
    condition     = proxmox_virtual_environment_vm.this.scsi_hardware == "virtio-scsi-single"
    error_message = "scsi_hardware is ${proxmox_virtual_environment_vm.this.scsi_hardware}, expected virtio-scsi-single"
  }

  assert {
    condition     = alltrue(proxmox_virtual_environment_vm.this.disk[*].iothread)
    error_message = "a disk has no I/O thread"
  }
}

# v0.7.1: the agent stays on when the module's variables are reorganised.
run "agent_is_kept" {
  command = plan

  assert {
    condition     = proxmox_virtual_environment_vm.this.agent[0].enabled
    error_message = "the QEMU agent is off by default"
  }

  assert {
    condition     = proxmox_virtual_environment_vm.this.agent[0].timeout == "30s"
    error_message = "agent timeout is ${proxmox_virtual_environment_vm.this.agent[0].timeout}, expected 30s"
  }
}

# v0.7.1: cloud-init stays: user, keys, address and DNS reach the guest.
run "cloud_init_is_kept" {
  command = plan

  variables {
    snippets    = false
    ipv4        = "192.168.1.20/24"
    gateway     = "192.168.1.1"
    dns_servers = ["192.168.1.1"]
    dns_domain  = "home.arpa"
    ssh_user    = "ops"
    ssh_keys    = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl test\n"]
  }

  assert {
    condition     = proxmox_virtual_environment_vm.this.initialization[0].ip_config[0].ipv4[0].address == "192.168.1.20/24"
    error_message = "the address does not reach cloud-init"
  }

  assert {
    condition     = proxmox_virtual_environment_vm.this.initialization[0].ip_config[0].ipv4[0].gateway == "192.168.1.1"
    error_message = "the gateway does not reach cloud-init"
  }

  assert {
    condition     = proxmox_virtual_environment_vm.this.initialization[0].dns[0].servers == tolist(["192.168.1.1"]) && proxmox_virtual_environment_vm.this.initialization[0].dns[0].domain == "home.arpa"
    error_message = "DNS does not reach cloud-init"
  }

  assert {
    condition     = proxmox_virtual_environment_vm.this.initialization[0].user_account[0].username == "ops"
    error_message = "the user does not reach cloud-init"
  }

  assert {
    condition     = proxmox_virtual_environment_vm.this.initialization[0].user_account[0].keys == tolist(["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl test"])
    error_message = "the keys do not reach cloud-init, or carry their newline"
  }
}

# v0.7.1: and so do the snippets, named literally: a reference to the file would
# replace the VM when the content changes.
run "cloud_init_snippets_are_kept" {
  command = plan

  assert {
    condition     = proxmox_virtual_environment_vm.this.initialization[0].user_data_file_id == "local:snippets/prod-web-user-data.yaml"
    error_message = "user data is ${jsonencode(proxmox_virtual_environment_vm.this.initialization[0].user_data_file_id)}"
  }

  assert {
    condition     = proxmox_virtual_environment_vm.this.initialization[0].meta_data_file_id == "local:snippets/prod-web-meta-data.yaml"
    error_message = "meta data is ${jsonencode(proxmox_virtual_environment_vm.this.initialization[0].meta_data_file_id)}"
  }
}

# v0.7.2: given tags are all there, in the order given, each once.
run "tags_are_preserved" {
  command = plan

  variables {
    tags   = ["web", "prod", "web"]
    docker = true
  }

  assert {
    condition     = proxmox_virtual_environment_vm.this.tags == tolist(["web", "prod", "docker"])
    error_message = "tags are ${jsonencode(proxmox_virtual_environment_vm.this.tags)}, expected web, prod, docker"
  }
}

# v0.7.2: a VM without a description of its own says who manages it.
run "default_description" {
  command = plan

  assert {
    condition     = proxmox_virtual_environment_vm.this.description == "Managed by Terraform"
    error_message = "description is ${proxmox_virtual_environment_vm.this.description}, expected Managed by Terraform"
  }
}

# v0.7.2: a description of its own is kept as it is.
run "custom_description" {
  command = plan

  variables {
    description = "Reverse proxy; do not stop before noon"
  }

  assert {
    condition     = proxmox_virtual_environment_vm.this.description == "Reverse proxy; do not stop before noon"
    error_message = "description is ${proxmox_virtual_environment_vm.this.description}, expected the one given"
  }
}
