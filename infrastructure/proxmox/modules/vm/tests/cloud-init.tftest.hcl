# What cloud-init delivers at the first boot.

mock_provider "proxmox" {}

variables {
  name          = "web"
  node_name     = "pve1"
  vm_id         = 201
  template_vmid = 9000
  ssh_keys      = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl test"]
}

run "user_data" {
  command = plan

  variables {
    dns_domain = "home.arpa"
    ssh_user   = "ops"
    packages   = ["htop"]
  }

  assert {
    condition     = startswith(proxmox_virtual_environment_file.cloud_config[0].source_raw[0].data, "#cloud-config\n")
    error_message = "the user data does not begin with #cloud-config, so cloud-init would not read it"
  }

  assert {
    condition     = proxmox_virtual_environment_file.cloud_config[0].content_type == "snippets" && proxmox_virtual_environment_file.cloud_config[0].datastore_id == "local" && proxmox_virtual_environment_file.cloud_config[0].node_name == "pve1"
    error_message = "the snippet is not one on storage local of the VM's node"
  }

  assert {
    condition = alltrue([for name, value in {
      hostname = "web"
      fqdn     = "web.home.arpa"
      packages = ["htop", "qemu-guest-agent"]
      runcmd   = ["systemctl start qemu-guest-agent.service"]
    } : jsonencode(yamldecode(proxmox_virtual_environment_file.cloud_config[0].source_raw[0].data)[name]) == jsonencode(value)])
    error_message = "user data is ${proxmox_virtual_environment_file.cloud_config[0].source_raw[0].data}"
  }

  # One user, in place of the image's own: `user` as a text is deprecated since cloud-init 22.2.
  assert {
    condition = jsonencode(local.user_data.users) == jsonencode([{
      groups              = ["adm", "sudo"]
      lock_passwd         = true
      name                = "ops"
      shell               = "/bin/bash"
      ssh_authorized_keys = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl test"]
      sudo                = "ALL=(ALL) NOPASSWD:ALL"
    }]) && !contains(keys(local.user_data), "user")
    error_message = "the users are ${jsonencode(local.user_data.users)}"
  }

  # A changed address reaches a guest that has booted before.
  assert {
    condition     = contains(yamldecode(proxmox_virtual_environment_file.cloud_config[0].source_raw[0].data).updates.network.when, "boot")
    error_message = "the network is configured at the first boot only"
  }

  assert {
    condition     = length(proxmox_virtual_environment_vm.this.initialization[0].user_account) == 0
    error_message = "the provider takes user data or a user account, not both"
  }
}

# The id stays when the content changes, so an edited snippet makes no new
# instance and no new host keys.
run "instance_id_is_pinned" {
  command = plan

  variables {
    environment = "lab"
    packages    = ["htop"]
    docker      = true
  }

  assert {
    condition     = yamldecode(proxmox_virtual_environment_file.meta_data[0].source_raw[0].data)["instance-id"] == "pve-home-lab-web"
    error_message = "meta data is ${proxmox_virtual_environment_file.meta_data[0].source_raw[0].data}"
  }

  assert {
    condition     = proxmox_virtual_environment_file.cloud_config[0].content_type == "snippets" && proxmox_virtual_environment_file.meta_data[0].content_type == "snippets"
    error_message = "user data and meta data are not snippets"
  }

  assert {
    condition     = proxmox_virtual_environment_vm.this.initialization[0].meta_data_file_id == "local:snippets/lab-web-meta-data.yaml" && proxmox_virtual_environment_vm.this.initialization[0].user_data_file_id == "local:snippets/lab-web-user-data.yaml"
    error_message = "the VM does not name its snippets"
  }
}

run "docker" {
  command = plan

  variables {
    docker   = true
    ssh_user = "ops"
  }

  assert {
    condition     = slice(yamldecode(proxmox_virtual_environment_file.cloud_config[0].source_raw[0].data).runcmd, 0, 2) == ["/usr/local/sbin/pve-home-install-docker", "usermod -aG docker ops"]
    error_message = "runcmd is ${jsonencode(yamldecode(proxmox_virtual_environment_file.cloud_config[0].source_raw[0].data).runcmd)}"
  }

  assert {
    condition     = [for file in yamldecode(proxmox_virtual_environment_file.cloud_config[0].source_raw[0].data).write_files : file.permissions if file.path == "/usr/local/sbin/pve-home-install-docker"] == ["0755"]
    error_message = "the script that installs Docker is missing, or cannot be run"
  }

  assert {
    condition     = can(jsondecode(output.manifest.files["/etc/docker/daemon.json"].content)) && contains(output.manifest.units, "docker.service")
    error_message = "Docker's configuration is no JSON, or its unit is not expected"
  }
}

run "automatic_security_updates" {
  command = plan

  variables {
    auto_security_updates = true
  }

  assert {
    condition     = contains(output.manifest.packages, "unattended-upgrades") && strcontains(output.manifest.files["/etc/apt/apt.conf.d/52pve-home"].content, "APT::Periodic::Unattended-Upgrade \"1\";")
    error_message = "the manifest is ${jsonencode(output.manifest)}"
  }
}

run "node_exporter" {
  command = plan

  variables {
    node_exporter = true
  }

  assert {
    condition     = contains(output.manifest.packages, "prometheus-node-exporter") && contains(output.manifest.units, "prometheus-node-exporter.service")
    error_message = "the manifest is ${jsonencode(output.manifest)}"
  }

  # A failed mount has to be seen: .mount is not among the excluded kinds.
  assert {
    condition = alltrue([for option in [
      "--collector.systemd ",
      "--collector.systemd.unit-exclude=.+[.](automount|device|scope|slice) ",
      "--collector.textfile.directory=/var/lib/prometheus/node-exporter",
    ] : strcontains(output.manifest.files["/etc/systemd/system/prometheus-node-exporter.service.d/pve-home.conf"].content, option)])
    error_message = "an option is missing"
  }
}

run "nothing_by_itself" {
  command = plan

  variables {
    agent_enabled = false
  }

  assert {
    condition     = length(output.manifest.packages) == 0 && length(output.manifest.files) == 0 && length(output.manifest.units) == 0
    error_message = "the manifest is ${jsonencode(output.manifest)}"
  }
}

run "without_snippets_no_ssh_is_needed" {
  command = plan

  variables {
    snippets = false
    docker   = true
  }

  assert {
    condition     = length(proxmox_virtual_environment_file.cloud_config) == 0 && length(proxmox_virtual_environment_file.meta_data) == 0
    error_message = "a snippet would be uploaded"
  }

  assert {
    condition     = proxmox_virtual_environment_vm.this.initialization[0].user_account[0].username == "ubuntu" && length(proxmox_virtual_environment_vm.this.initialization[0].user_account[0].keys) == 1
    error_message = "the guest gets no user"
  }

  assert {
    condition     = contains(keys(output.manifest.files), "/usr/local/sbin/pve-home-install-docker")
    error_message = "what cloud-init does not deliver has left the manifest"
  }
}

run "without_snippets_what_is_asked_for_is_named" {
  command = plan

  variables {
    snippets              = false
    docker                = true
    packages              = ["htop"]
    auto_security_updates = true
    node_exporter         = true
    install_promtail      = true
    loki_url              = "http://192.168.1.51:3100"
  }

  assert {
    condition     = output.undelivered == tolist(["packages", "auto_security_updates", "node_exporter", "docker", "install_promtail"])
    error_message = "undelivered is ${jsonencode(output.undelivered)}"
  }
}

run "with_snippets_nothing_is_left_out" {
  command = plan

  variables {
    docker        = true
    packages      = ["htop"]
    node_exporter = true
  }

  assert {
    condition     = length(output.undelivered) == 0
    error_message = "undelivered is ${jsonencode(output.undelivered)}"
  }
}

run "without_snippets_and_wishes_nothing_is_named" {
  command = plan

  variables {
    snippets = false
  }

  assert {
    condition     = length(output.undelivered) == 0
    error_message = "undelivered is ${jsonencode(output.undelivered)}"
  }
}

run "snippets_on_another_storage" {
  command = plan

  variables {
    snippet_datastore_id = "nas"
  }

  assert {
    condition     = proxmox_virtual_environment_file.cloud_config[0].datastore_id == "nas" && proxmox_virtual_environment_vm.this.initialization[0].user_data_file_id == "nas:snippets/prod-web-user-data.yaml"
    error_message = "the snippet is not where the VM looks for it"
  }
}

run "further_files_and_folders" {
  command = plan

  variables {
    files       = { "/opt/app/app.yml" = { content = "name: app\n", reload = "systemctl reload app" } }
    directories = { "/opt/app/data" = { mode = "0750", owner = "10001:10001" } }
  }

  assert {
    condition     = output.manifest.files["/opt/app/app.yml"] == { content = "name: app\n", mode = "0644", reload = "systemctl reload app" } && output.manifest.directories["/opt/app/data"] == { mode = "0750", owner = "10001:10001" }
    error_message = "the manifest is ${jsonencode(output.manifest)}"
  }

  assert {
    condition     = contains(yamldecode(output.user_data).write_files, { path = "/opt/app/app.yml", content = "name: app\n", permissions = "0644", owner = "root:root" }) && contains(yamldecode(output.user_data).runcmd, "install -d -m 0750 -o 10001 -g 10001 /opt/app/data")
    error_message = "cloud-init is ${output.user_data}"
  }
}

# Proxmox makes no cloud-init drive of more than 3 MiB.
run "rejects_more_than_a_cloud_init_drive_holds" {
  command = plan

  variables {
    files = { "/opt/large" = { content = join("", [for i in range(1000) : join("", [for j in range(1000) : "1234"])]) } }
  }

  expect_failures = [proxmox_virtual_environment_file.cloud_config]
}
