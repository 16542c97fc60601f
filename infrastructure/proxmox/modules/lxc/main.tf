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

  interface = "eth0"
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

resource "proxmox_virtual_environment_container" "this" {
  # The provider adds the newline Proxmox ends a container's notes with.
  description = var.description
  tags        = local.tags
  node_name   = var.node_name
  vm_id       = var.vm_id

  started       = var.started
  start_on_boot = var.on_boot
  protection    = var.protection
  unprivileged  = var.unprivileged

  features {
    nesting = var.nesting
    keyctl  = var.keyctl
    fuse    = var.fuse
  }

  cpu {
    cores = var.cpu_cores
  }

  memory {
    dedicated = var.memory_mb
    swap      = var.swap_mb
  }

  disk {
    datastore_id = var.datastore_id
    size         = var.disk_size_gb
  }

  dynamic "mount_point" {
    for_each = var.mount_points

    content {
      path      = mount_point.value.path
      size      = mount_point.value.size
      volume    = coalesce(mount_point.value.volume, var.datastore_id)
      backup    = mount_point.value.backup && var.backup
      read_only = mount_point.value.read_only
    }
  }

  # Without a size, or the provider would ask for a new volume on a storage of that
  # name; and never in a backup, which Proxmox could not restore it from.
  dynamic "mount_point" {
    for_each = var.bind_mounts

    content {
      path      = mount_point.value.path
      volume    = mount_point.value.host_path
      read_only = mount_point.value.read_only
    }
  }

  network_interface {
    name        = local.interface
    bridge      = var.bridge
    vlan_id     = var.vlan_id
    mac_address = var.mac_address
    firewall    = var.firewall_enabled
  }

  operating_system {
    template_file_id = var.template_file_id
    type             = var.os_type
  }

  initialization {
    hostname = var.name

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

    dynamic "user_account" {
      for_each = length(local.ssh_keys) > 0 ? [1] : []

      content {
        keys = local.ssh_keys
      }
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
    # Proxmox takes these keys at creation and never shows them again; without
    # this line a new key would replace the container with all it holds. It hides
    # no drift, there is nothing to compare. Address and DNS stay watched.
    ignore_changes = [initialization[0].user_account]
  }
}
