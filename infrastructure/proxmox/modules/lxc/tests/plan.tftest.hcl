# What is planned from which input, and what the module tells its caller.

mock_provider "proxmox" {
  mock_resource "proxmox_virtual_environment_container" {
    defaults = {
      ipv4 = { eth0 = "192.168.1.78", docker0 = "172.17.0.1" }
    }
  }
}

variables {
  name             = "dns"
  node_name        = "pve1"
  vm_id            = 203
  template_file_id = "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst"
}

run "defaults" {
  command = plan

  assert {
    condition     = proxmox_virtual_environment_container.this.unprivileged
    error_message = "the container is privileged"
  }

  assert {
    condition     = proxmox_virtual_environment_container.this.features[0].nesting && !proxmox_virtual_environment_container.this.features[0].keyctl && !proxmox_virtual_environment_container.this.features[0].fuse
    error_message = "features are ${jsonencode(proxmox_virtual_environment_container.this.features)}"
  }

  assert {
    condition     = proxmox_virtual_environment_container.this.cpu[0].cores == 1 && proxmox_virtual_environment_container.this.memory[0].dedicated == 512 && proxmox_virtual_environment_container.this.memory[0].swap == 512
    error_message = "cpu or memory is not as documented"
  }

  assert {
    condition     = proxmox_virtual_environment_container.this.disk[0].size == 8 && proxmox_virtual_environment_container.this.disk[0].datastore_id == "local-lvm" && length(proxmox_virtual_environment_container.this.mount_point) == 0
    error_message = "disk is ${jsonencode(proxmox_virtual_environment_container.this.disk)}"
  }

  assert {
    condition     = proxmox_virtual_environment_container.this.operating_system[0].type == "debian" && proxmox_virtual_environment_container.this.operating_system[0].template_file_id == "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst"
    error_message = "operating_system is ${jsonencode(proxmox_virtual_environment_container.this.operating_system)}"
  }

  assert {
    condition     = proxmox_virtual_environment_container.this.initialization[0].hostname == "dns" && proxmox_virtual_environment_container.this.initialization[0].ip_config[0].ipv4[0].address == "dhcp" && length(proxmox_virtual_environment_container.this.initialization[0].user_account) == 0
    error_message = "initialization is not the default one"
  }

  assert {
    condition     = proxmox_virtual_environment_container.this.started && proxmox_virtual_environment_container.this.start_on_boot && !proxmox_virtual_environment_container.this.protection
    error_message = "started, start_on_boot or protection is not as documented"
  }

  assert {
    condition     = length(terraform_data.created) == 0 && length(proxmox_virtual_environment_container.this.tags) == 0
    error_message = "a container without expiration_days has a day it counts from, or a tag"
  }

  assert {
    condition     = length(output.undelivered) == 0
    error_message = "undelivered is ${jsonencode(output.undelivered)}"
  }
}

run "null_means_default" {
  command = plan

  variables {
    description  = null
    tags         = null
    os_type      = null
    cpu_cores    = null
    memory_mb    = null
    disk_size_gb = null
    mount_points = null
    ssh_user     = null
    unprivileged = null
    nesting      = null
  }

  assert {
    condition     = proxmox_virtual_environment_container.this.unprivileged && proxmox_virtual_environment_container.this.description == "Managed by Terraform" && output.inventory_entry.ssh_user == "root"
    error_message = "null did not become the default"
  }
}

run "privileges_and_features" {
  command = plan

  variables {
    unprivileged = false
    nesting      = false
    keyctl       = true
    root_login   = true
    fuse         = true
  }

  assert {
    condition     = !proxmox_virtual_environment_container.this.unprivileged && !proxmox_virtual_environment_container.this.features[0].nesting && proxmox_virtual_environment_container.this.features[0].keyctl && proxmox_virtual_environment_container.this.features[0].fuse
    error_message = "privileges or features are not the ones asked for"
  }
}

run "mount_points" {
  command = plan

  variables {
    datastore_id = "fast"
    mount_points = [
      { path = "/srv/data", size = "50G" },
      { path = "/srv/media", size = "500G", volume = "slow", backup = false, read_only = true },
    ]
  }

  assert {
    condition     = proxmox_virtual_environment_container.this.mount_point[*].volume == tolist(["fast", "slow"]) && proxmox_virtual_environment_container.this.mount_point[*].size == tolist(["50G", "500G"])
    error_message = "mount points are ${jsonencode(proxmox_virtual_environment_container.this.mount_point)}"
  }

  assert {
    condition     = proxmox_virtual_environment_container.this.mount_point[0].backup && !proxmox_virtual_environment_container.this.mount_point[1].backup && proxmox_virtual_environment_container.this.mount_point[1].read_only
    error_message = "backup is on by default, and off where said"
  }
}

run "bind_mounts_come_after_volumes_and_have_no_size" {
  command = plan

  variables {
    root_login   = true
    mount_points = [{ path = "/srv/data", size = "50G" }]
    bind_mounts  = [{ host_path = "/tank/media", path = "/media" }, { host_path = "/tank/photos", path = "/photos", read_only = true }]
  }

  assert {
    condition     = proxmox_virtual_environment_container.this.mount_point[*].volume == tolist(["local-lvm", "/tank/media", "/tank/photos"]) && proxmox_virtual_environment_container.this.mount_point[*].path == tolist(["/srv/data", "/media", "/photos"])
    error_message = "mount points are ${jsonencode(proxmox_virtual_environment_container.this.mount_point)}"
  }

  assert {
    condition     = [for mount in slice(proxmox_virtual_environment_container.this.mount_point, 1, 3) : coalesce(mount.size, "-")] == ["-", "-"] && [for mount in slice(proxmox_virtual_environment_container.this.mount_point, 1, 3) : mount.read_only] == [false, true]
    error_message = "bind mounts are ${jsonencode(proxmox_virtual_environment_container.this.mount_point)}"
  }
}

run "network_and_access" {
  command = plan

  variables {
    bridge           = "vmbr1"
    vlan_id          = 20
    mac_address      = "BC:24:11:00:00:03"
    firewall_enabled = true
    ipv4             = "192.168.1.22/24"
    gateway          = "192.168.1.1"
    dns_servers      = ["192.168.1.1"]
    ssh_keys         = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl test\n"]
  }

  assert {
    condition     = proxmox_virtual_environment_container.this.network_interface[0].name == "eth0" && proxmox_virtual_environment_container.this.network_interface[0].bridge == "vmbr1" && proxmox_virtual_environment_container.this.network_interface[0].vlan_id == 20 && proxmox_virtual_environment_container.this.network_interface[0].firewall
    error_message = "the network card is not the one asked for"
  }

  assert {
    condition     = proxmox_virtual_environment_container.this.initialization[0].ip_config[0].ipv4[0].address == "192.168.1.22/24" && proxmox_virtual_environment_container.this.initialization[0].ip_config[0].ipv4[0].gateway == "192.168.1.1" && proxmox_virtual_environment_container.this.initialization[0].dns[0].servers == tolist(["192.168.1.1"])
    error_message = "address, gateway or DNS is not the one asked for"
  }

  assert {
    condition     = proxmox_virtual_environment_container.this.initialization[0].user_account[0].keys == tolist(["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl test"])
    error_message = "the keys do not reach the container, or carry their newline"
  }

  assert {
    condition     = output.mac_address == "BC:24:11:00:00:03"
    error_message = "mac_address is ${jsonencode(output.mac_address)}"
  }
}

run "outputs_of_a_static_guest" {
  command = plan

  variables {
    node_exporter = true
    ipv4          = "192.168.1.22/24"
    ssh_port      = 2222
    tags          = ["prod", "dns"]
    on_boot       = false
  }

  assert {
    condition = jsonencode(output.inventory_entry) == jsonencode({
      name          = "dns"
      type          = "lxc"
      vmid          = 203
      node          = "pve1"
      address       = "192.168.1.22"
      ssh_user      = "root"
      ssh_port      = 2222
      docker        = false
      agent         = false
      node_exporter = true
      log_agent     = null
      started       = true
      on_boot       = false
      tags          = ["dns", "prod"]
    })
    error_message = "inventory_entry is ${jsonencode(output.inventory_entry)}"
  }

  assert {
    condition     = output.vm_id == 203 && output.name == "dns" && output.node_name == "pve1" && output.ipv4_address == "192.168.1.22" && output.tags == tolist(["dns", "prod"])
    error_message = "vm_id, name, node_name, ipv4_address or tags is not what was declared"
  }
}

run "expiry_is_a_date_counted_from_the_creation" {
  command = plan

  variables {
    tags            = ["lab"]
    expiration_days = 14
  }

  assert {
    condition     = proxmox_virtual_environment_container.this.tags == tolist(["lab", "expires-${formatdate("YYYY-MM-DD", timeadd(terraform_data.created[0].input, "336h"))}"])
    error_message = "tags are ${jsonencode(proxmox_virtual_environment_container.this.tags)}"
  }
}

run "without_backup" {
  command = plan

  variables {
    backup       = false
    mount_points = [{ path = "/srv/data", size = "50G" }]
  }

  assert {
    condition     = !proxmox_virtual_environment_container.this.mount_point[0].backup && output.backup == false && output.tags == tolist(["nobackup"])
    error_message = "a mount point is backed up, or the tag nobackup is missing"
  }
}

run "manifest" {
  command = plan

  variables {
    packages              = ["htop"]
    node_exporter         = true
    auto_security_updates = true
  }

  assert {
    condition     = output.manifest.packages == tolist(["htop", "prometheus-node-exporter", "unattended-upgrades"]) && output.manifest.units == tolist(["prometheus-node-exporter.service"])
    error_message = "the manifest is ${jsonencode(output.manifest)}"
  }

  assert {
    condition     = strcontains(output.manifest.files["/etc/systemd/system/prometheus-node-exporter.service.d/pve-home.conf"].content, "--collector.systemd.unit-exclude=.+[.](automount|device|scope|slice) ")
    error_message = "node-exporter's options are not those of the VMs"
  }
}

# Nothing installs these yet, whatever the distribution.
run "what_is_asked_for_inside_is_named" {
  command = plan

  variables {
    packages              = ["htop"]
    auto_security_updates = true
    node_exporter         = true
    docker                = true
    os_type               = "alpine"
  }

  assert {
    condition     = output.undelivered == tolist(["packages", "auto_security_updates", "node_exporter", "docker"])
    error_message = "undelivered is ${jsonencode(output.undelivered)}"
  }
}

run "stopped" {
  command = plan

  variables {
    started = false
  }

  assert {
    condition     = !proxmox_virtual_environment_container.this.started && proxmox_virtual_environment_container.this.start_on_boot
    error_message = "the container would run"
  }
}

run "manifest_without_apt" {
  command = plan

  variables {
    os_type               = "alpine"
    node_exporter         = true
    auto_security_updates = true
  }

  assert {
    condition     = length(output.manifest.packages) == 0 && length(output.manifest.files) == 0 && length(output.manifest.units) == 0
    error_message = "the manifest is ${jsonencode(output.manifest)}"
  }
}

run "what_automatic_updates_record" {
  command = plan

  variables {
    auto_security_updates = true
  }

  assert {
    condition     = terraform_data.auto_security_updates[0].input.container_id == 203 && terraform_data.auto_security_updates[0].input.packages == ["unattended-upgrades"]
    error_message = "the record is ${jsonencode(terraform_data.auto_security_updates[0].input)}"
  }
}

# Applied to the mock, where the node reports two cards.
run "address_of_a_dhcp_guest_is_that_of_its_own_card" {
  assert {
    condition     = output.ipv4_address == "192.168.1.78"
    error_message = "ipv4_address is ${jsonencode(output.ipv4_address)}, expected 192.168.1.78"
  }
}
