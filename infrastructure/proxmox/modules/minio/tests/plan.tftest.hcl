# What is planned from which input, and what the module tells its caller.

mock_provider "proxmox" {}

variables {
  node_name        = "pve1"
  container_id     = 252
  template_file_id = "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst"
  ipv4             = "192.168.1.52/24"
  gateway          = "192.168.1.1"
}

run "defaults" {
  command = plan

  assert {
    condition     = jsonencode(module.container.mount_points) == jsonencode([{ path = "/srv/minio", size = "50G", volume = "local-lvm" }])
    error_message = "the data volume is ${jsonencode(module.container.mount_points)}"
  }

  assert {
    condition     = output.inventory_entry.name == "minio" && output.inventory_entry.type == "lxc" && output.inventory_entry.address == "192.168.1.52" && output.inventory_entry.on_boot && output.backup
    error_message = "the container is ${jsonencode(output.inventory_entry)}"
  }

  assert {
    condition     = jsonencode(output.service_entry) == jsonencode({ name = "minio", kind = "minio", guest = "minio", url = "http://192.168.1.52:9000", health_path = "/minio/health/live", host = null, port = 9000, scrape = null, monitor = true })
    error_message = "the service is ${jsonencode(output.service_entry)}"
  }

  assert {
    condition     = jsonencode(output.manifest.buckets) == jsonencode([{ name = "tfstate", versioning = true }])
    error_message = "buckets are ${jsonencode(output.manifest.buckets)}"
  }

  assert {
    condition     = output.manifest.downloads["/usr/local/bin/minio"].url == "https://github.com/minio/minio/releases/download/RELEASE.2025-09-07T16-13-09Z/minio.linux-amd64.RELEASE.2025-09-07T16-13-09Z"
    error_message = "the program comes from ${output.manifest.downloads["/usr/local/bin/minio"].url}"
  }

  assert {
    condition     = output.manifest.downloads["/usr/local/bin/minio"].sha256 == "7c5bd8512c6e966455b1d198209358b2d191c77a83ab377c4073281065fb855f" && output.manifest.downloads["/usr/local/bin/minio"].mode == "0755"
    error_message = "the program is not the pinned one"
  }

  # systemd looks up User= before any command of a unit, those with + included.
  assert {
    condition     = strcontains(output.manifest.files["/etc/systemd/system/minio.service"].content, "Requires=minio-setup.service\n") && can(regex("After=.*minio-setup\\.service", output.manifest.files["/etc/systemd/system/minio.service"].content)) && !strcontains(output.manifest.files["/etc/systemd/system/minio.service"].content, "ExecStartPre")
    error_message = "minio.service does not wait for the unit that makes its user, or makes it itself"
  }

  assert {
    condition     = strcontains(output.manifest.files["/etc/systemd/system/minio-setup.service"].content, "ExecStart=/usr/bin/systemd-sysusers /etc/sysusers.d/minio.conf\n") && !strcontains(output.manifest.files["/etc/systemd/system/minio-setup.service"].content, "User=")
    error_message = "minio-setup.service makes no user, or needs one itself"
  }
}

run "download_from_a_mirror" {
  command = plan

  variables {
    minio_version = "RELEASE.2026-06-18T00-00-00Z"
    minio_url     = "https://mirror.home.arpa/minio/{version}/minio"
    minio_sha256  = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  }

  assert {
    condition     = output.manifest.downloads["/usr/local/bin/minio"].url == "https://mirror.home.arpa/minio/RELEASE.2026-06-18T00-00-00Z/minio"
    error_message = "the program comes from ${output.manifest.downloads["/usr/local/bin/minio"].url}"
  }
}

# References only, in a file root alone can read, and nowhere on a command line.
run "credentials_are_references" {
  command = plan

  variables {
    root_user     = "env:STORE_USER"
    root_password = "file:/etc/pve-home/minio-password"
  }

  assert {
    condition     = output.manifest.secrets["/etc/minio/credentials.env"].values == { MINIO_ROOT_USER = "env:STORE_USER", MINIO_ROOT_PASSWORD = "file:/etc/pve-home/minio-password" } && output.manifest.secrets["/etc/minio/credentials.env"].mode == "0600"
    error_message = "the credentials are not the references given, or readable to others"
  }

  assert {
    condition     = !anytrue([for file in values(output.manifest.files) : strcontains(file.content, "STORE_USER") || strcontains(file.content, "minio-password")])
    error_message = "a credential is in an ordinary file"
  }

  assert {
    condition     = strcontains(output.manifest.files["/etc/systemd/system/minio.service"].content, "EnvironmentFile=/etc/minio/credentials.env")
    error_message = "the service does not read its credentials"
  }

  assert {
    condition     = output.manifest.secrets["/etc/minio/credentials.env"].reload == "systemctl daemon-reload && systemctl restart minio.service"
    error_message = "new credentials do not restart the service"
  }
}

run "ports_and_data" {
  command = plan

  variables {
    name              = "store"
    api_port          = 9100
    console_port      = 9443
    data_path         = "/mnt/objects"
    data_size_gb      = 200
    data_datastore_id = "slow"
    buckets           = [{ name = "tfstate" }, { name = "loki", versioning = false }]
  }

  assert {
    condition     = output.endpoint_url == "http://192.168.1.52:9100" && output.console_url == "http://192.168.1.52:9443" && output.service_entry.name == "store"
    error_message = "the addresses are ${output.endpoint_url} and ${output.console_url}"
  }

  assert {
    condition     = output.manifest.files["/etc/default/minio"].content == "MINIO_VOLUMES=/mnt/objects/objects\nMINIO_OPTS=--address :9100 --console-address :9443\n"
    error_message = "/etc/default/minio is ${output.manifest.files["/etc/default/minio"].content}"
  }

  assert {
    condition     = jsonencode(module.container.mount_points) == jsonencode([{ path = "/mnt/objects", size = "200G", volume = "slow" }])
    error_message = "the data volume is ${jsonencode(module.container.mount_points)}"
  }

  assert {
    condition     = output.manifest.buckets[1] == { name = "loki", versioning = false }
    error_message = "buckets are ${jsonencode(output.manifest.buckets)}"
  }
}

run "manifest_of_the_container_is_kept" {
  command = plan

  variables {
    packages              = ["htop"]
    node_exporter         = true
    auto_security_updates = true
  }

  assert {
    condition     = length(setsubtract(["htop", "prometheus-node-exporter", "unattended-upgrades", "curl"], output.manifest.packages)) == 0 && length(setsubtract(["minio.service", "prometheus-node-exporter.service"], output.manifest.units)) == 0
    error_message = "packages are ${jsonencode(output.manifest.packages)}, units ${jsonencode(output.manifest.units)}"
  }

  assert {
    condition     = contains(keys(output.manifest.files), "/etc/apt/apt.conf.d/52pve-home") && contains(keys(output.manifest.files), "/etc/systemd/system/minio.service")
    error_message = "files are ${jsonencode(keys(output.manifest.files))}"
  }
}

run "nothing_installs_it_yet" {
  command = plan

  variables {
    packages = ["htop"]
    started  = false
  }

  assert {
    condition     = output.undelivered == ["minio", "packages"]
    error_message = "undelivered is ${jsonencode(output.undelivered)}"
  }
}
