# Mistakes that were mended once and must not come back. Each run names the
# version of the fix it guards.

mock_provider "proxmox" {}

variables {
  node_name     = "pve1"
  template_vmid = 9000
  ipv4          = "192.168.1.51/24"
}

# v0.4.0: one I/O thread per disk needs the single-queue controller.
run "scsi_hardware" {
  command = plan

  assert {
    condition     = module.vm.scsi_hardware == "virtio-scsi-single"
    error_message = "scsi_hardware is ${module.vm.scsi_hardware}, expected virtio-scsi-single"
  }
}

# v0.5.0: the cloud-init snippet is on datastore "local", which every Proxmox has.
run "cloud_config_datastore" {
  command = plan

  assert {
    condition     = module.vm.snippet_datastore_id == "local"
    error_message = "the cloud-init snippet is on ${module.vm.snippet_datastore_id}, expected local"
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
    condition     = module.vm.description == "Managed by Terraform"
    error_message = "description is ${module.vm.description}, expected Managed by Terraform"
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
