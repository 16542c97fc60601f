# Mistakes that were mended once and must not come back. Each run names the
# version of the fix it guards.

mock_provider "proxmox" {}

variables {
  node_name        = "pve1"
  container_id     = 252
  template_file_id = "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst"
  ipv4             = "192.168.1.52/24"
}

# v0.7.2: the size of the mount point ends in "G"; a bare number replaced the
# container at every plan.
run "mount_point_size_has_its_unit" {
  command = plan

  assert {
    condition     = module.container.mount_points[0].size == "50G"
    error_message = "the mount point is ${jsonencode(module.container.mount_points)}"
  }
}

# v0.7.2: tags arrive as given, and nothing is added.
run "tags_are_preserved" {
  command = plan

  variables {
    tags = ["minio", "storage"]
  }

  assert {
    condition     = output.tags == tolist(["minio", "storage"])
    error_message = "tags are ${jsonencode(output.tags)}, expected minio, storage"
  }
}

# v1.0.0: the address of the S3 API is told.
run "output_endpoint_url" {
  command = plan

  assert {
    condition     = output.endpoint_url == "http://192.168.1.52:9000"
    error_message = "endpoint_url is ${jsonencode(output.endpoint_url)}"
  }
}

# v1.0.0: the address of the console is told.
run "output_console_url" {
  command = plan

  assert {
    condition     = output.console_url == "http://192.168.1.52:9001"
    error_message = "console_url is ${jsonencode(output.console_url)}"
  }
}

# v1.0.0: the number of the container is told.
run "output_container_id" {
  command = plan

  assert {
    condition     = output.container_id == 252
    error_message = "container_id is ${jsonencode(output.container_id)}"
  }
}

# v1.0.0: and its address.
run "output_ip_address" {
  command = plan

  assert {
    condition     = output.ip_address == "192.168.1.52"
    error_message = "ip_address is ${jsonencode(output.ip_address)}"
  }
}
