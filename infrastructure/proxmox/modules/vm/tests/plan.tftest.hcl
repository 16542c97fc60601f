# What is planned from which input, and what the module tells its caller.

mock_provider "proxmox" {
  mock_resource "proxmox_virtual_environment_vm" {
    defaults = {
      mac_addresses  = ["00:00:00:00:00:00", "BC:24:11:00:00:01", "02:42:00:00:00:01"]
      ipv4_addresses = [["127.0.0.1"], ["192.168.1.77"], ["172.17.0.1"]]
    }
  }
}

variables {
  name          = "web"
  node_name     = "pve1"
  vm_id         = 201
  template_vmid = 9000
}

run "defaults" {
  command = plan

  assert {
    condition     = proxmox_virtual_environment_vm.this.cpu[0].cores == 2 && proxmox_virtual_environment_vm.this.cpu[0].type == "x86-64-v2-AES"
    error_message = "cpu is ${jsonencode(proxmox_virtual_environment_vm.this.cpu)}"
  }

  assert {
    condition     = proxmox_virtual_environment_vm.this.memory[0].dedicated == 2048 && proxmox_virtual_environment_vm.this.memory[0].floating == 2048
    error_message = "memory is ${jsonencode(proxmox_virtual_environment_vm.this.memory)}"
  }

  assert {
    condition     = length(proxmox_virtual_environment_vm.this.disk) == 1 && proxmox_virtual_environment_vm.this.disk[0].size == 20 && proxmox_virtual_environment_vm.this.disk[0].datastore_id == "local-lvm"
    error_message = "disk is ${jsonencode(proxmox_virtual_environment_vm.this.disk)}"
  }

  assert {
    condition     = proxmox_virtual_environment_vm.this.network_device[0].bridge == "vmbr0" && proxmox_virtual_environment_vm.this.network_device[0].firewall == false
    error_message = "the network card is not the default one"
  }

  assert {
    condition     = proxmox_virtual_environment_vm.this.initialization[0].ip_config[0].ipv4[0].address == "dhcp" && length(proxmox_virtual_environment_vm.this.initialization[0].dns) == 0
    error_message = "cloud-init is not the default one"
  }

  assert {
    condition     = proxmox_virtual_environment_vm.this.started && proxmox_virtual_environment_vm.this.on_boot && !proxmox_virtual_environment_vm.this.protection && proxmox_virtual_environment_vm.this.stop_on_destroy
    error_message = "started, on_boot, protection or stop_on_destroy is not as documented"
  }

  assert {
    condition     = proxmox_virtual_environment_vm.this.purge_on_destroy == false
    error_message = "destroying the VM takes its number out of every backup job"
  }

  assert {
    condition     = length(proxmox_virtual_environment_vm.this.startup) == 0 && length(proxmox_virtual_environment_vm.this.serial_device) == 0
    error_message = "a start sequence or a serial port appeared by itself"
  }

  assert {
    condition     = length(terraform_data.created) == 0 && length(proxmox_virtual_environment_vm.this.tags) == 0
    error_message = "a VM without expiration_days has a day it counts from, or a tag"
  }
}

run "null_means_default" {
  command = plan

  variables {
    description  = null
    tags         = null
    cpu_cores    = null
    memory_mb    = null
    disk_size_gb = null
    data_disks   = null
    datastore_id = null
    bridge       = null
    ssh_user     = null
    on_boot      = null
    docker       = null
  }

  assert {
    condition     = proxmox_virtual_environment_vm.this.memory[0].dedicated == 2048 && proxmox_virtual_environment_vm.this.description == "Managed by Terraform" && proxmox_virtual_environment_vm.this.on_boot
    error_message = "null did not become the default"
  }
}

run "clone" {
  command = plan

  variables {
    template_node_name = "pve2"
    datastore_id       = "fast"
  }

  assert {
    condition     = proxmox_virtual_environment_vm.this.clone[0].vm_id == 9000 && proxmox_virtual_environment_vm.this.clone[0].node_name == "pve2" && proxmox_virtual_environment_vm.this.clone[0].datastore_id == "fast"
    error_message = "clone is ${jsonencode(proxmox_virtual_environment_vm.this.clone)}"
  }

  assert {
    condition     = proxmox_virtual_environment_vm.this.clone[0].retries == 5
    error_message = "a clone is tried ${proxmox_virtual_environment_vm.this.clone[0].retries} times"
  }

  assert {
    condition     = proxmox_virtual_environment_vm.this.initialization[0].datastore_id == "fast"
    error_message = "the cloud-init drive is on ${proxmox_virtual_environment_vm.this.initialization[0].datastore_id}"
  }
}

run "cloud_image" {
  command = plan

  variables {
    template_vmid = null
    image_file_id = "local:import/debian-13.qcow2"
  }

  assert {
    condition     = length(proxmox_virtual_environment_vm.this.clone) == 0 && proxmox_virtual_environment_vm.this.disk[0].import_from == "local:import/debian-13.qcow2"
    error_message = "the disk is not imported from the image"
  }

  assert {
    condition     = length(proxmox_virtual_environment_vm.this.serial_device) == 1
    error_message = "a VM from a cloud image has no serial port"
  }
}

run "data_disks" {
  command = plan

  variables {
    datastore_id = "fast"
    data_disks   = [{ size_gb = 50 }, { size_gb = 500, datastore_id = "slow", backup = false }]
  }

  assert {
    condition     = proxmox_virtual_environment_vm.this.disk[*].interface == tolist(["scsi0", "scsi1", "scsi2"])
    error_message = "interfaces are ${jsonencode(proxmox_virtual_environment_vm.this.disk[*].interface)}"
  }

  assert {
    condition     = proxmox_virtual_environment_vm.this.disk[*].datastore_id == tolist(["fast", "fast", "slow"])
    error_message = "storages are ${jsonencode(proxmox_virtual_environment_vm.this.disk[*].datastore_id)}"
  }

  assert {
    condition     = proxmox_virtual_environment_vm.this.disk[1].backup && !proxmox_virtual_environment_vm.this.disk[2].backup
    error_message = "backup is on by default, and off where said"
  }
}

# Data disks keep their places, whatever the system disk is.
run "system_disk_on_virtio" {
  command = plan

  variables {
    disk_interface = "virtio0"
    data_disks     = [{ size_gb = 50 }, { size_gb = 50 }]
  }

  assert {
    condition     = proxmox_virtual_environment_vm.this.disk[*].interface == tolist(["virtio0", "scsi1", "scsi2"]) && alltrue(proxmox_virtual_environment_vm.this.disk[*].iothread)
    error_message = "disks are ${jsonencode(proxmox_virtual_environment_vm.this.disk)}"
  }
}

run "system_disk_on_scsi1" {
  command = plan

  variables {
    disk_interface = "scsi1"
    data_disks     = [{ size_gb = 50 }, { size_gb = 50 }]
  }

  assert {
    condition     = proxmox_virtual_environment_vm.this.disk[*].interface == tolist(["scsi1", "scsi2", "scsi3"])
    error_message = "interfaces are ${jsonencode(proxmox_virtual_environment_vm.this.disk[*].interface)}"
  }
}

run "system_disk_on_sata_has_no_io_thread" {
  command = plan

  variables {
    disk_interface = "sata0"
    data_disks     = [{ size_gb = 50 }]
  }

  assert {
    condition     = proxmox_virtual_environment_vm.this.disk[*].iothread == tolist([false, true])
    error_message = "I/O threads are ${jsonencode(proxmox_virtual_environment_vm.this.disk[*].iothread)}"
  }
}

run "image_on_another_interface_boots_from_it" {
  command = plan

  variables {
    template_vmid  = null
    image_file_id  = "local:import/debian-13.qcow2"
    disk_interface = "sata1"
  }

  assert {
    condition     = proxmox_virtual_environment_vm.this.boot_order == tolist(["sata1"])
    error_message = "the boot order is ${jsonencode(proxmox_virtual_environment_vm.this.boot_order)}"
  }
}

run "network" {
  command = plan

  variables {
    bridge           = "vmbr1"
    vlan_id          = 20
    mac_address      = "BC:24:11:00:00:01"
    firewall_enabled = true
  }

  assert {
    condition     = proxmox_virtual_environment_vm.this.network_device[0].bridge == "vmbr1" && proxmox_virtual_environment_vm.this.network_device[0].vlan_id == 20 && proxmox_virtual_environment_vm.this.network_device[0].firewall
    error_message = "the network card is not the one asked for"
  }

  assert {
    condition     = output.mac_address == "BC:24:11:00:00:01"
    error_message = "mac_address is ${jsonencode(output.mac_address)}"
  }
}

run "startup_and_switches" {
  command = plan

  variables {
    startup         = { order = 2, up_delay = 30 }
    started         = false
    on_boot         = false
    protection      = true
    ballooning      = false
    agent_enabled   = false
    stop_on_destroy = false
  }

  assert {
    condition     = proxmox_virtual_environment_vm.this.startup[0].order == 2 && proxmox_virtual_environment_vm.this.startup[0].up_delay == 30
    error_message = "startup is ${jsonencode(proxmox_virtual_environment_vm.this.startup)}"
  }

  assert {
    condition     = !proxmox_virtual_environment_vm.this.started && !proxmox_virtual_environment_vm.this.on_boot && proxmox_virtual_environment_vm.this.protection && !proxmox_virtual_environment_vm.this.agent[0].enabled && !proxmox_virtual_environment_vm.this.stop_on_destroy
    error_message = "a switch did not reach the VM"
  }

  assert {
    condition     = proxmox_virtual_environment_vm.this.memory[0].floating == 0
    error_message = "the balloon device is there"
  }
}

run "expiry_is_a_date_counted_from_the_creation" {
  command = plan

  variables {
    tags            = ["lab"]
    expiration_days = 14
  }

  assert {
    condition     = proxmox_virtual_environment_vm.this.tags == tolist(["lab", "expires-${formatdate("YYYY-MM-DD", timeadd(terraform_data.created[0].input, "336h"))}"])
    error_message = "tags are ${jsonencode(proxmox_virtual_environment_vm.this.tags)}"
  }
}

run "without_backup" {
  command = plan

  variables {
    backup     = false
    data_disks = [{ size_gb = 50 }]
  }

  assert {
    condition     = !anytrue(proxmox_virtual_environment_vm.this.disk[*].backup) && output.backup == false && output.tags == tolist(["nobackup"])
    error_message = "a disk is backed up, or the tag nobackup is missing"
  }
}

run "outputs_of_a_static_guest" {
  command = plan

  variables {
    environment      = "lab"
    ipv4             = "192.168.1.20/24"
    ssh_user         = "ops"
    ssh_port         = 2222
    docker           = true
    node_exporter    = true
    install_promtail = true
    loki_url         = "http://192.168.1.51:3100"
    tags             = ["web", "prod"]
    on_boot          = false
  }

  assert {
    condition = jsonencode(output.inventory_entry) == jsonencode({
      name          = "web"
      type          = "vm"
      vmid          = 201
      node          = "pve1"
      address       = "192.168.1.20"
      ssh_user      = "ops"
      ssh_port      = 2222
      docker        = true
      agent         = true
      node_exporter = true
      log_agent     = "promtail"
      started       = true
      on_boot       = false
      tags          = ["docker", "prod", "web"]
    })
    error_message = "inventory_entry is ${jsonencode(output.inventory_entry)}"
  }

  assert {
    condition     = output.vm_id == 201 && output.name == "web" && output.node_name == "pve1" && output.ipv4_address == "192.168.1.20" && output.tags == tolist(["docker", "prod", "web"])
    error_message = "vm_id, name, node_name, ipv4_address or tags is not what was declared"
  }
}

# Applied to the mock, where the agent reports three cards.
run "address_of_a_dhcp_guest_is_that_of_its_own_card" {
  variables {
    mac_address = "BC:24:11:00:00:01"
  }

  assert {
    condition     = output.ipv4_address == "192.168.1.77"
    error_message = "ipv4_address is ${jsonencode(output.ipv4_address)}, expected 192.168.1.77"
  }
}

run "address_of_a_dhcp_guest_without_report" {
  variables {
    mac_address = "BC:24:11:00:00:02"
  }

  assert {
    condition     = output.ipv4_address == null
    error_message = "ipv4_address is ${jsonencode(output.ipv4_address)}, expected null"
  }
}

run "disks_give_back_what_is_free_and_have_a_thread_each" {
  command = plan

  variables {
    backup     = false
    data_disks = [{ size_gb = 50 }]
  }

  assert {
    condition     = [for disk in proxmox_virtual_environment_vm.this.disk : "${disk.interface} ${disk.discard} ${disk.iothread} ${disk.backup}"] == ["scsi0 on true false", "scsi1 on true false"]
    error_message = "disks are ${jsonencode(proxmox_virtual_environment_vm.this.disk)}"
  }
}
