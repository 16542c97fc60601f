locals {
  # Given tags first and untouched: Proxmox sorts them itself, and the provider
  # compares them as a set.
  tags = distinct(concat(
    var.tags,
    var.docker ? ["docker"] : [],
    var.backup ? [] : ["nobackup"],
    [for created in terraform_data.created[*].input : "expires-${formatdate("YYYY-MM-DD", timeadd(created, "${var.expiration_days * 24}h"))}"],
  ))

  ssh_keys = [for key in var.ssh_keys : trimspace(key)]

  # Data disks are scsi1 and up whatever the system disk is, so that they keep their
  # places; its own number is left out.
  data_interfaces = [for number in range(1, 31) : "scsi${number}" if "scsi${number}" != var.disk_interface]
}

# The day the expiry counts from, kept for ever: computed again at every plan, the
# tag would never stop changing.
resource "terraform_data" "created" {
  count = var.expiration_days == null ? 0 : 1
  input = plantimestamp()

  lifecycle {
    ignore_changes = [input]
  }
}

resource "proxmox_virtual_environment_vm" "this" {
  name        = var.name
  description = var.description
  tags        = local.tags
  node_name   = var.node_name
  vm_id       = var.vm_id

  started         = var.started
  on_boot         = var.on_boot
  protection      = var.protection
  stop_on_destroy = var.stop_on_destroy

  # With true, replacing the VM would take it out of every backup job for
  # good. Containers are never taken out.
  purge_on_destroy = false

  # One I/O thread per disk needs the controller that gives each its own queue.
  scsi_hardware = "virtio-scsi-single"

  agent {
    enabled = var.agent_enabled
    timeout = var.agent_timeout
  }

  dynamic "clone" {
    for_each = var.template_vmid == null ? [] : [var.template_vmid]

    content {
      vm_id        = clone.value
      node_name    = var.template_node_name
      datastore_id = var.datastore_id

      # Proxmox answers 500 (a lock that timed out) when several VMs are cloned from one
      # template at once, and Terraform makes ten at a time. The provider waits 10 s, 20 s,
      # 40 s and 80 s between five attempts (proxmox/nodes/vms/vms.go): 2.5 minutes.
      retries = 5
    }
  }

  cpu {
    cores = var.cpu_cores
    type  = var.cpu_type
  }

  memory {
    dedicated = var.memory_mb
    floating  = var.ballooning ? var.memory_mb : 0
  }

  disk {
    interface    = var.disk_interface
    datastore_id = var.datastore_id
    import_from  = var.image_file_id
    size         = var.disk_size_gb
    backup       = var.backup
    discard      = "on"

    # IDE and SATA have none.
    iothread = can(regex("^(scsi|virtio)", var.disk_interface))
  }

  dynamic "disk" {
    for_each = var.data_disks

    content {
      interface    = local.data_interfaces[disk.key]
      datastore_id = coalesce(disk.value.datastore_id, var.datastore_id)
      size         = disk.value.size_gb
      backup       = disk.value.backup && var.backup
      discard      = "on"
      iothread     = true
    }
  }

  # A template brings its own. Made from an image, the provider's default has the right
  # disk for scsi0 alone.
  boot_order = var.image_file_id == null || var.disk_interface == "scsi0" ? null : [var.disk_interface]

  network_device {
    bridge      = var.bridge
    vlan_id     = var.vlan_id
    mac_address = var.mac_address
    firewall    = var.firewall_enabled
  }

  # Never under ignore_changes: that would hide a changed address or key.
  initialization {
    datastore_id = var.datastore_id

    ip_config {
      ipv4 {
        address = var.ipv4
        gateway = var.gateway
      }
    }

    dynamic "dns" {
      for_each = length(var.dns_servers) > 0 || var.dns_domain != null ? [1] : []

      content {
        servers = var.dns_servers
        domain  = var.dns_domain
      }
    }

    # User data of our own replaces what Proxmox makes of these two.
    dynamic "user_account" {
      for_each = var.snippets ? [] : [1]

      content {
        username = var.ssh_user
        keys     = local.ssh_keys
      }
    }

    # Literal, not the id of the file resources: with a reference, edited content
    # would replace the VM.
    user_data_file_id = var.snippets ? "${var.snippet_datastore_id}:snippets/${local.user_data_name}" : null
    meta_data_file_id = var.snippets ? "${var.snippet_datastore_id}:snippets/${local.meta_data_name}" : null
  }

  operating_system {
    type = "l26"
  }

  # Some cloud images hang at their first boot without a serial port; a template
  # brings its own.
  dynamic "serial_device" {
    for_each = var.image_file_id == null ? [] : [1]

    content {
      device = "socket"
    }
  }

  dynamic "startup" {
    for_each = var.startup == null ? [] : [var.startup]

    content {
      order      = startup.value.order
      up_delay   = startup.value.up_delay
      down_delay = startup.value.down_delay
    }
  }

  lifecycle {
    # Read when the VM is created, and never again (disk.go, Update). Without this line
    # another image would be a change of the disks, which also detaches those that are
    # not declared. A VM that is replaced is made from the new image.
    ignore_changes = [disk[0].import_from]
  }

  depends_on = [
    proxmox_virtual_environment_file.cloud_config,
    proxmox_virtual_environment_file.meta_data,
  ]
}
