# Mistakes that were mended once and must not come back. Each run names the
# version of the fix it guards.

mock_provider "proxmox" {}

variables {
  node_name     = "pve1"
  template_vmid = 9000
  ipv4          = "192.168.1.51/24"
}

# v0.4.0: one I/O thread per disk needs the single-queue controller. The VM is module
# vm's, which leaves no choice of the controller.
run "scsi_hardware" {
  command = plan

  module {
    source = "../vm"
  }

  variables {
    name = "monitoring-stack"
  }

  assert {
    condition     = proxmox_virtual_environment_vm.this.scsi_hardware == "virtio-scsi-single"
    error_message = "scsi_hardware is ${proxmox_virtual_environment_vm.this.scsi_hardware}, expected virtio-scsi-single"
  }
}

# v0.5.0: the cloud-init snippet is on datastore "local", which every Proxmox has.
run "cloud_config_datastore" {
  command = plan

  assert {
    condition     = var.snippet_datastore_id == "local"
    error_message = "snippets go to ${var.snippet_datastore_id}, expected local"
  }
}

run "cloud_config_datastore_of_the_vm" {
  command = plan

  module {
    source = "../vm"
  }

  variables {
    name = "monitoring-stack"
  }

  assert {
    condition     = proxmox_virtual_environment_file.cloud_config[0].datastore_id == "local" && startswith(proxmox_virtual_environment_vm.this.initialization[0].user_data_file_id, "local:snippets/")
    error_message = "the cloud-init snippet is on ${proxmox_virtual_environment_file.cloud_config[0].datastore_id}, expected local"
  }
}

# v0.9.0: the health checks' key is ED25519.
run "ssh_keypair_algorithm" {
  command = plan

  assert {
    condition     = tls_private_key.health_check.algorithm == "ED25519"
    error_message = "the key is ${tls_private_key.health_check.algorithm}, expected ED25519"
  }
}

# v0.7.2: a VM of which nothing was said tells by description, tags and name what it is.
run "default_description" {
  command = plan

  assert {
    condition     = var.description == "Managed by Terraform"
    error_message = "description is ${var.description}, expected Managed by Terraform"
  }

  assert {
    condition     = contains(output.tags, "monitoring")
    error_message = "tags are ${jsonencode(output.tags)}, expected monitoring among them"
  }

  assert {
    condition     = output.name == "monitoring-stack"
    error_message = "the VM is called ${output.name}, expected monitoring-stack"
  }
}
